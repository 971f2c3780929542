import { Component, type ComponentChildren } from 'preact';
import type { Row } from '../event-store.ts';
import { href } from '../location.ts';
import { Foreign, StateLabel } from './state.tsx';
import { Age } from './time.tsx';

interface TableProps {
  readonly rows: readonly Row[];
  readonly caption: string;
  /** Text of another column at the end, such as the reason. Rows are drawn again whenever `cell` is another. */
  readonly more?: { readonly title: string; cell(row: Row): ComponentChildren };
  /** Keys of chosen rows, where rows can be chosen. */
  readonly chosen?: ReadonlySet<string>;
  /** Rows are drawn again whenever this is another function. */
  onChoose?(key: string, chosen: boolean): void;
}

/** One table for all lists of events. On a phone every row becomes a card. */
export function EventTable({ rows, caption, more, chosen, onChoose }: TableProps) {
  return (
    <div class="table">
      <table class="events">
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {onChoose && (
              <th scope="col">
                <span class="unseen">Choose</span>
              </th>
            )}
            <th scope="col">State</th>
            <th scope="col">Source</th>
            <th scope="col">Type</th>
            <th scope="col">Subject</th>
            <th scope="col" class="number">
              Revision
            </th>
            <th scope="col" class="number">
              Attempts
            </th>
            <th scope="col" class="number">
              Age
            </th>
            <th scope="col">{more?.title ?? 'Event'}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <EventRow
              key={row.key}
              row={row}
              more={more?.cell}
              isChosen={chosen?.has(row.key)}
              onChoose={onChoose}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  readonly row: Row;
  readonly more?: ((row: Row) => ComponentChildren) | undefined;
  readonly isChosen?: boolean | undefined;
  readonly onChoose?: TableProps['onChoose'];
}

/**
 * A row of an event that has not changed is not drawn again, however many come in. Functions count as well: a row that
 * kept an old one would act on what was true when it was drawn.
 */
class EventRow extends Component<RowProps> {
  override shouldComponentUpdate(next: RowProps): boolean {
    const { row, more, isChosen, onChoose } = this.props;
    return next.row !== row || next.isChosen !== isChosen || next.more !== more || next.onChoose !== onChoose;
  }

  render({ row, more, isChosen, onChoose }: RowProps) {
    const { source, id, type, subject, revision, attempts, state } = row;
    const isOwnSubject = subject === null || subject === id;
    const itself = href('event', { source, id });
    return (
      <tr data-key={row.key} data-href={itself} class={state}>
        {onChoose && (
          <td class="choose">
            <input
              type="checkbox"
              aria-label={`Choose event ${id} of ${source}`}
              checked={isChosen}
              onChange={(event) => onChoose(row.key, event.currentTarget.checked)}
            />
          </td>
        )}
        <td>
          <StateLabel state={state} />
        </td>
        <td data-label="Source">
          <a href={href('events', { source })}>{source}</a>
        </td>
        <td data-label="Type">
          <a href={itself} aria-label={`Event ${id} of ${source}, ${type ?? 'no type'}`}>
            <Foreign text={type ?? 'no type'} max={60} />
          </a>
        </td>
        <td data-label="Subject" class={isOwnSubject ? 'long nothing' : 'long'}>
          {isOwnSubject ? (
            <span class="none">–</span>
          ) : (
            <a href={href('subject', { source, subject })}>
              <Foreign text={subject} max={60} />
            </a>
          )}
        </td>
        <td data-label="Revision" class={isOwnSubject ? 'number nothing' : 'number'}>
          {isOwnSubject ? <span class="none">–</span> : <Foreign text={revision} max={24} />}
        </td>
        <td data-label="Attempts" class="number">
          {attempts}
        </td>
        <td data-label="Age" class="number">
          <Age at={row.received} />
        </td>
        <td data-label={more ? 'Reason' : 'Event'} class="long">
          {more ? (
            more(row)
          ) : (
            <a href={itself}>
              <Foreign text={id} max={60} />
            </a>
          )}
        </td>
      </tr>
    );
  }
}
