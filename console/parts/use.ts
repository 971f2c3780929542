import { useCallback, useEffect, useReducer, useRef, useState } from 'preact/hooks';
import type { EventId } from '../../functions/api/types.ts';
import { IN_FLIGHT, isOneOf } from '../../functions/core/states.ts';
import { get } from '../api.ts';
import { EventStore, keyOf } from '../event-store.ts';
import { listen, watchId } from '../feed.ts';
import type { Filter } from '../filter.ts';

/** An answer of the API, and how to have it again. */
export interface Loaded<T> {
  readonly value: T | undefined;
  readonly failure: string | undefined;
  readonly loading: boolean;
  reload(): void;
}

/** Reads from the API, again whenever the path changes. The old value stays until the new one is there. */
export function useGet<T>(path: string): Loaded<T> {
  const [state, setState] = useState<Omit<Loaded<T>, 'reload'>>({
    value: undefined,
    failure: undefined,
    loading: true,
  });
  const [round, reload] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const abort = new AbortController();
    setState(({ value }) => ({ value, failure: undefined, loading: true }));
    get<T>(path, abort.signal).then(
      (value) => setState({ value, failure: undefined, loading: false }),
      (error: unknown) => {
        if (abort.signal.aborted) return;
        const failure = error instanceof Error ? error.message : String(error);
        setState(({ value }) => ({ value, failure, loading: false }));
      },
    );
    return () => abort.abort();
  }, [path, round]);
  return { ...state, reload: useCallback(() => reload(undefined as never), []) };
}

/** The events that match a filter, live. */
export function useEvents(filter: Filter): EventStore | undefined {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const store = useRef<EventStore>(undefined);
  const key = JSON.stringify(filter);
  useEffect(() => {
    const own = new EventStore(filter, () => redraw(undefined as never));
    store.current = own;
    redraw(undefined as never);
    const stop = listen({
      onEvents: (events) => own.merge(events),
      onMissed: () => own.catchUp(),
      watch: () => own.rows.filter(({ state }) => isOneOf(IN_FLIGHT, state)).map(watchId),
    });
    return () => {
      stop();
      own.close();
    };
  }, [key]);
  return store.current;
}

/**
 * Follows events that were sent again until they settle. By itself the feed tells only of what came in lately, and a
 * dead letter may be days old.
 */
export function useFollowed(): (sent: readonly EventId[]) => void {
  const pending = useRef(new Map<string, EventId>());
  useEffect(
    () =>
      listen({
        watch: () => [...pending.current.values()].map(watchId),
        onEvents: (events) => {
          for (const event of events) {
            const key = keyOf(event);
            const { state } = event;
            // What is not settled goes to the end: only so many can be asked about at a time.
            if (pending.current.delete(key) && isOneOf(IN_FLIGHT, state)) {
              pending.current.set(key, event);
            }
          }
        },
      }),
    [],
  );
  return useCallback((sent) => {
    for (const one of sent) pending.current.set(keyOf(one), one);
  }, []);
}
