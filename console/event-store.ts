import type { EventPage, EventSummary } from '../functions/api/types.ts';
import { GIVEN_UP, isOneOf } from '../functions/core/states.ts';
import { get } from './api.ts';
import { type Filter, matchesFilter, toQuery } from './filter.ts';

/** Events that the page knows: enough for every chart, little for a browser. */
const MAX_ROWS = 2_000;
const FIRST_PAGE = 100;
const NEXT_PAGE = 500;
/** Pages looked through by themselves when few events match; then a button goes on. */
const MAX_SEARCH_PAGES = 6;

const CATCH_UP_MS = 5_000;

export interface Row extends EventSummary {
  readonly key: string;
  readonly received: number;
}

export function keyOf({ source, id }: { source: string; id: string }): string {
  return `${source}/${id}`;
}

/** What has been seen lately, whatever the filter: another filter shows its matches before the server answers. */
const known = new Map<string, Row>();

export function knownRow(key: string): Row | undefined {
  return known.get(key);
}

function remember(event: EventSummary): Row {
  const key = keyOf(event);
  const old = known.get(key);
  if (old && old.state === event.state && old.attempts === event.attempts && old.reason === event.reason)
    return old;
  const row: Row = { ...event, key, received: Date.parse(event.receivedAt ?? '') || 0 };
  known.delete(key);
  known.set(key, row);
  if (known.size > MAX_ROWS * 2) {
    const [first] = known.keys();
    if (first !== undefined) known.delete(first);
  }
  return row;
}

/** The events that match one filter, newest first, and how they came here. */
export class EventStore {
  readonly filter: Filter;
  rows: readonly Row[] = [];
  /** For the next, older page; null at the end. */
  cursor: string | null | undefined;
  loading = true;
  failure: string | undefined;
  /** Why events may be missing from the list. */
  note: string | undefined;
  readonly #byKey = new Map<string, Row>();
  #reloading = false;
  #caughtUp = 0;
  readonly #onChange: () => void;
  readonly #abort = new AbortController();

  constructor(filter: Filter, onChange: () => void) {
    this.filter = filter;
    this.#onChange = onChange;
    this.#take([...known.values()]);
    void this.reload();
  }

  close(): void {
    this.#abort.abort();
  }

  /**
   * Reads the list from its beginning: at first, and when the feed has missed something.
   * @param isSearch false: no page behind a short one. Of what is dead, that would be a scan of the ledger.
   */
  async reload(isSearch = true): Promise<void> {
    if (this.#reloading) return;
    this.#reloading = true;
    this.cursor = undefined;
    let isFull = await this.#load(FIRST_PAGE);
    for (let page = 0; page < MAX_SEARCH_PAGES && this.cursor && this.rows.length < MAX_ROWS; page++) {
      if (!isSearch && !isFull) break;
      isFull = await this.#load(NEXT_PAGE);
    }
    this.#reloading = false;
  }

  /** The feed could not tell everything. In a flood it says so with every answer; the list need not follow each. */
  catchUp(): void {
    if (this.loading || Date.now() - this.#caughtUp < CATCH_UP_MS) return;
    this.#caughtUp = Date.now();
    void this.reload(!isAboutDead(this.filter));
  }

  async older(): Promise<void> {
    await this.#load(NEXT_PAGE);
  }

  get full(): boolean {
    return this.rows.length >= MAX_ROWS;
  }

  /** Takes events in that arrived or changed. */
  merge(events: readonly EventSummary[]): void {
    if (this.#take(events.map(remember))) this.#onChange();
  }

  #take(rows: readonly Row[]): boolean {
    let changed = false;
    const now = Date.now();
    for (const row of rows) {
      const old = this.#byKey.get(row.key);
      if (old === row) continue;
      if (matchesFilter(row, this.filter, now)) this.#byKey.set(row.key, row);
      else if (old) this.#byKey.delete(row.key);
      else continue;
      changed = true;
    }
    if (changed) this.#sort();
    return changed;
  }

  #sort(): void {
    const sorted = [...this.#byKey.values()].sort(
      (a, b) => b.received - a.received || (a.key < b.key ? -1 : 1),
    );
    for (const dropped of sorted.splice(MAX_ROWS)) this.#byKey.delete(dropped.key);
    this.rows = sorted;
  }

  /** @returns whether the page was full. */
  async #load(limit: number): Promise<boolean> {
    this.loading = true;
    this.#onChange();
    let isFull = false;
    const query = new URLSearchParams({ ...toQuery(this.filter, Date.now()), limit: String(limit) });
    if (this.cursor) query.set('cursor', this.cursor);
    try {
      const page = await get<EventPage>(`/api/events?${query}`, this.#abort.signal);
      this.cursor = page.cursor;
      this.note = page.note;
      this.failure = undefined;
      this.#take(page.events.map(remember));
      isFull = page.events.length >= limit;
    } catch (error) {
      if (this.#abort.signal.aborted) return false;
      this.failure = error instanceof Error ? error.message : String(error);
      this.cursor = null;
    }
    this.loading = false;
    this.#onChange();
    return isFull;
  }
}

function isAboutDead({ state }: Filter): boolean {
  return state?.split(',').every((one) => isOneOf(GIVEN_UP, one)) ?? false;
}
