import { useState } from 'preact/hooks';
import type { EventStore, Row } from '../event-store.ts';
import { FILTER_KEYS, readFilter } from '../filter.ts';
import { href, navigate } from '../location.ts';
import type { PageProps } from '../page-props.ts';
import { EventTable } from '../parts/event-table.tsx';
import { Failure } from '../parts/failure.tsx';
import { FieldChart } from '../parts/field-chart.tsx';
import { Filters } from '../parts/filters.tsx';
import { EVENT_STATES, meaningOf } from '../parts/state.tsx';
import { useNow } from '../parts/time.tsx';
import { Timeline } from '../parts/timeline.tsx';
import { useEvents } from '../parts/use.ts';

/** Rows on the screen at first, and how many each press adds. */
const SHOWN = 100;

export function EventsPage({ me, query }: PageProps) {
  const filter = readFilter(query);
  const store = useEvents(filter);
  const [shown, setShown] = useState(SHOWN);
  const field = query.get('field') ?? '';
  const rows = store?.rows ?? [];
  const setField = (name: string) => navigate(href('events', { ...filter, field: name }), true);
  return (
    <>
      <h1 class="unseen">Events</h1>
      <Filters filter={filter} keep={field ? { field } : {}} />
      <Counters rows={rows} query={query} partial={Boolean(store?.cursor) || Boolean(store?.full)} />
      <div class="charts">
        <TimeCard rows={rows} />
        <FieldChart rows={rows} field={field} onField={setField} />
      </div>
      {store?.failure && <Failure message={store.failure} onRetry={() => void store.reload()} />}
      {store?.note && <p class="notice">{store.note}</p>}
      {rows.length > 0 && <EventTable rows={rows.slice(0, shown)} caption="Events, newest first" />}
      {store && (
        <End
          store={store}
          shown={shown}
          onMore={() => setShown((before) => before + SHOWN)}
          canSend={me.produce}
        />
      )}
    </>
  );
}

/** Each is a filter, too. */
function Counters({
  rows,
  query,
  partial,
}: {
  rows: readonly Row[];
  query: URLSearchParams;
  partial: boolean;
}) {
  const counts = new Map<string, number>();
  for (const { state } of rows) counts.set(state, (counts.get(state) ?? 0) + 1);
  const filter = readFilter(query);
  const field = query.get('field');
  return (
    <section class="counters" aria-label={`Of the newest ${rows.length} events`}>
      <p class="total">
        <strong>{rows.length.toLocaleString()}</strong> {partial ? 'newest events' : 'events'}
      </p>
      {EVENT_STATES.map((state) => (
        <a
          key={state}
          class={`counter ${state}`}
          title={meaningOf(state)}
          aria-current={filter.state === state ? 'true' : undefined}
          href={href('events', { ...filter, field, state: filter.state === state ? undefined : state })}
        >
          <strong>{(counts.get(state) ?? 0).toLocaleString()}</strong> {state}
        </a>
      ))}
    </section>
  );
}

function TimeCard({ rows }: { rows: readonly Row[] }) {
  const now = useNow();
  return (
    <section class="card" aria-labelledby="time-title">
      <div class="title">
        <h2 id="time-title">Over time, by state</h2>
      </div>
      <Timeline rows={rows} now={now} />
    </section>
  );
}

interface EndProps {
  readonly store: EventStore;
  readonly shown: number;
  readonly canSend: boolean;
  onMore(): void;
}

/** What stands below the list: more of it, or why there is nothing. */
function End({ store, shown, canSend, onMore }: EndProps) {
  if (store.rows.length > shown) {
    return (
      <p class="end">
        <button type="button" onClick={onMore}>
          Show more
        </button>
      </p>
    );
  }
  if (store.loading) return <p class="end">Reading…</p>;
  if (store.cursor && !store.full) {
    return (
      <p class="end">
        {store.rows.length === 0 && 'Nothing among the newest events. '}
        <button type="button" onClick={() => void store.older()}>
          Look further back
        </button>
      </p>
    );
  }
  if (store.full) {
    return <p class="end">These are the newest 2,000. Filter by time to see older ones.</p>;
  }
  if (store.rows.length > 0 || store.failure || store.note) return null;
  if (FILTER_KEYS.some((key) => store.filter[key])) {
    return (
      <p class="end">
        No event matches. <a href={href('events')}>Clear the filters</a>, or check how the value is written.
      </p>
    );
  }
  return (
    <p class="end">
      Nothing has come in yet.{' '}
      {canSend ? (
        <>
          <a href={href('send')}>Send a sample</a>, or <a href={href('sources')}>register a source</a> at its
          provider.
        </>
      ) : (
        <a href={href('sources')}>Register a source at its provider.</a>
      )}
    </p>
  );
}
