import { useCallback, useMemo, useState } from 'preact/hooks';
import { State } from '../../functions/core/states.ts';
import type { Row } from '../event-store.ts';
import { type Filter, toQuery } from '../filter.ts';
import { href, navigate } from '../location.ts';
import type { PageProps } from '../page-props.ts';
import { EventTable } from '../parts/event-table.tsx';
import { Failure } from '../parts/failure.tsx';
import { RedriveDialog } from '../parts/redrive.tsx';
import { Foreign } from '../parts/state.tsx';
import { useEvents, useFollowed } from '../parts/use.ts';

/** Rows on the screen at first, and how many each press adds. */
const SHOWN = 100;
const BOTH = 'quarantined,dead';
const REASON = { title: 'Reason', cell: (row: Row) => <Foreign text={row.reason} max={300} /> };

export function DeadPage({ me, query }: PageProps) {
  const source = query.get('source') ?? '';
  const state = query.get('state') ?? BOTH;
  const filter = useMemo<Filter>(() => ({ ...(source && { source }), state }), [source, state]);
  const store = useEvents(filter);
  const follow = useFollowed();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [shown, setShown] = useState(SHOWN);
  const [asking, setAsking] = useState<'chosen' | 'all'>();
  const rows = store?.rows ?? [];
  const isAllowed = me.access === 'operate';
  const present = rows.filter(({ key }) => chosen.has(key));
  const choose = useCallback(
    (key: string, isChosen: boolean) =>
      setChosen((before) => {
        const next = new Set(before);
        if (isChosen) next.add(key);
        else next.delete(key);
        return next;
      }),
    [],
  );
  return (
    <>
      <div class="heading">
        <h1>Quarantine and dead letters</h1>
        <span class="fill" />
        <label class="inline">
          <span class="unseen">State</span>
          <select
            value={state}
            // biome-ignore lint/plugin: the name of a page.
            onChange={(event) => navigate(href('dead', { source, state: event.currentTarget.value }))}
          >
            <option value={BOTH}>Both</option>
            <option value={State.quarantined}>Quarantined</option>
            <option value={State.dead}>Dead</option>
          </select>
        </label>
        <button
          type="button"
          disabled={!isAllowed || present.length === 0}
          onClick={() => setAsking('chosen')}
        >
          Redrive {present.length || ''} chosen…
        </button>
        <button
          type="button"
          class="primary"
          disabled={!isAllowed || rows.length === 0}
          onClick={() => setAsking('all')}
        >
          Redrive all…
        </button>
      </div>
      <p class="lead">
        Nothing here is lost: mend the cause, then send the events through the same gates again.
        {!isAllowed && ' Only operators may redrive.'}
      </p>
      {store?.failure && <Failure message={store.failure} onRetry={() => void store.reload()} />}
      {rows.length > 0 && (
        <EventTable
          rows={rows.slice(0, shown)}
          caption="Quarantined and dead events"
          chosen={chosen}
          onChoose={choose}
          more={REASON}
        />
      )}
      {rows.length > shown && (
        <p class="end">
          <button type="button" onClick={() => setShown((before) => before + SHOWN)}>
            Show more
          </button>
        </p>
      )}
      {store?.loading ? (
        <p class="end">Reading…</p>
      ) : store?.cursor ? (
        <p class="end">
          <button type="button" onClick={() => void store.older()}>
            Look further back
          </button>
        </p>
      ) : (
        rows.length === 0 && (
          <p class="end">Nothing is quarantined or dead. Every accepted event went its way.</p>
        )
      )}
      {asking && (
        <RedriveDialog
          request={
            asking === 'all'
              ? toQuery(filter, Date.now())
              : { ids: present.map(({ source: from, id }) => `${from}/${id}`) }
          }
          onSent={follow}
          onClose={() => setAsking(undefined)}
        />
      )}
    </>
  );
}
