import { useMemo } from 'preact/hooks';
import type { SubjectState } from '../../functions/api/types.ts';
import { State } from '../../functions/core/states.ts';
import { subjectPath } from '../api.ts';
import type { Row } from '../event-store.ts';
import { href } from '../location.ts';
import { Failure } from './failure.tsx';
import { Foreign, StateLabel } from './state.tsx';
import { Moment } from './time.tsx';
import { useEvents, useGet } from './use.ts';

/** All events of a subject, the newest revision first: which one won, and why the others did not. */
export function SubjectHistory({
  source,
  subject,
  here,
}: {
  source: string;
  subject: string;
  here?: string;
}) {
  const filter = useMemo(() => ({ source, subject }), [source, subject]);
  const store = useEvents(filter);
  const rows = useMemo(() => [...(store?.rows ?? [])].sort(byRevision), [store?.rows]);
  const path = subjectPath(source, subject);
  // What is applied last decides, so it is asked for again when that changes.
  const applied = rows.filter(({ state }) => state === State.applied).length;
  const { value: current } = useGet<SubjectState>(`${path}?applied=${applied}`);
  if (store?.failure) return <Failure message={store.failure} onRetry={() => void store.reload()} />;
  return (
    <div class="table">
      <table>
        <caption class="unseen">Events of {subject}, the newest revision first</caption>
        <thead>
          <tr>
            <th scope="col" class="number">
              Revision
            </th>
            <th scope="col">State</th>
            <th scope="col">Type</th>
            <th scope="col">Outcome</th>
            <th scope="col">Came in</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={row.key}
              class={row.state}
              aria-current={row.id === here ? 'true' : undefined}
              data-href={row.id === here ? undefined : href('event', { source, id: row.id })}
            >
              <td class="number" data-label="Revision">
                <Foreign text={row.revision} max={30} />
              </td>
              <td>
                <StateLabel state={row.state} />
              </td>
              <td data-label="Type">
                {row.id === here ? (
                  <strong>
                    <Foreign text={row.type} max={60} />
                  </strong>
                ) : (
                  <a href={href('event', { source, id: row.id })}>
                    <Foreign text={row.type ?? row.id} max={60} />
                  </a>
                )}
              </td>
              <td data-label="Outcome" class="long">
                {outcomeOf(row, current)}
              </td>
              <td data-label="Came in">
                <Moment at={row.receivedAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {store?.loading && <p class="end">Reading…</p>}
      {store && !store.loading && store.cursor && (
        <p class="end">
          <button type="button" onClick={() => void store.older()}>
            Look further back
          </button>
        </p>
      )}
    </div>
  );
}

function outcomeOf(row: Row, current: SubjectState | undefined) {
  if (row.state === State.applied) {
    return current && String(current.revision) === String(row.revision)
      ? '★ Newest: this is the state of the subject'
      : 'Applied, later overtaken';
  }
  return <Foreign text={row.reason ?? ''} max={300} />;
}

function byRevision(a: Row, b: Row): number {
  return compareDecimals(String(b.revision ?? ''), String(a.revision ?? '')) || b.received - a.received;
}

/** Revisions may have more digits than a number holds. */
function compareDecimals(a: string, b: string): number {
  const [x, y] = [Number(a), Number(b)];
  if (x !== y) return x - y;
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
