import { useEffect, useReducer } from 'preact/hooks';
import type { Produced } from '../../functions/console/types.ts';
import { keyOf, knownRow } from '../event-store.ts';
import { listen, watchId } from '../feed.ts';
import { href } from '../location.ts';
import { Foreign, StateLabel } from './state.tsx';
import { useEvents } from './use.ts';

export interface Shipment extends Produced {
  readonly source: string;
  /** Counts up over the page's life. */
  readonly n: number;
}

const EVERYTHING = {};

/** What was sent, with the answer (blue: success, red: failure) and what has become of it since. */
export function Shipments({ shipments }: { shipments: readonly Shipment[] }) {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  // Keeps what the feed tells, so that each row can say how its event ended.
  useEvents(EVERYTHING);
  useEffect(
    () =>
      listen({
        onEvents: () => redraw(undefined as never),
        watch: () =>
          shipments
            .slice(0, 50)
            .filter(({ id, status }) => id !== null && status < 300)
            .map(({ source, id }) => watchId({ source, id: id ?? '' })),
      }),
    [shipments],
  );
  if (shipments.length === 0) return null;
  const failed = shipments.filter(({ status }) => status >= 300).length;
  return (
    <section aria-labelledby="sent-title">
      <h2 id="sent-title">Sent</h2>
      <p class="hint" role="status">
        {shipments[0]?.n} sent; of those below {shipments.length - failed} accepted, {failed} refused
      </p>
      <div class="table">
        <table class="sent">
          <caption class="unseen">Requests sent, newest first</caption>
          <thead>
            <tr>
              <th scope="col" class="number">
                #
              </th>
              <th scope="col">Answer</th>
              <th scope="col">Event</th>
              <th scope="col" class="number">
                Revision
              </th>
              <th scope="col">Became</th>
              <th scope="col">What it says</th>
            </tr>
          </thead>
          <tbody>
            {shipments.map((shipment) => (
              <ShipmentRow key={shipment.n} shipment={shipment} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function ShipmentRow({ shipment }: { shipment: Shipment }) {
  const { n, source, status, outcome, id, type, subject, revision, summary } = shipment;
  const became = id === null || status >= 300 ? undefined : knownRow(keyOf({ source, id }));
  return (
    <tr class={status < 300 ? 'success' : 'failure'}>
      <td class="number" data-label="#">
        {n}
      </td>
      <td data-label="Answer">
        <strong class="answer">{status}</strong> {outcome}
      </td>
      <td data-label="Event">
        {id !== null && status < 300 ? (
          <a href={href('event', { source, id })}>
            <Foreign text={type} max={60} />
          </a>
        ) : (
          <Foreign text={type} max={60} />
        )}
      </td>
      <td class="number" data-label="Revision">
        {subject === null ? (
          <span class="none">–</span>
        ) : (
          <a href={href('subject', { source, subject })}>
            <Foreign text={revision} max={24} />
          </a>
        )}
      </td>
      <td data-label="Became">
        {became ? <StateLabel state={became.state} /> : <span class="none">–</span>}
      </td>
      <td class="long summary" data-label="Says">
        <Foreign text={summary} />
      </td>
    </tr>
  );
}
