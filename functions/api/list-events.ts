import { ledgerId } from '../ledger/entry.ts';
import { ApiError } from './api-error.ts';
import { encodeCursor, type Position } from './cursor.ts';
import { readEntries } from './entries.ts';
import { type Entry, toSummary } from './entry.ts';
import type { EventFilter, EventQuery } from './event-query.ts';
import { listPositions } from './listing.ts';
import type { Reader } from './reader.ts';
import { BATCH_GET_LIMIT } from './scan.ts';
import { EVENT_STATES, type EventPage } from './types.ts';

/** Entries looked at for one page: a filter that matches little answers in time, with a cursor to go on from. */
const MAX_EXAMINED = 5_000;

/** The events that match, newest first. */
export async function listEvents(reader: Reader, query: EventQuery): Promise<EventPage> {
  const { entries, cursor } = await listEntries(reader, query);
  return { events: entries.map(toSummary), cursor };
}

/** The ledger entries behind a page of the list. */
export async function listEntries(
  reader: Reader,
  query: EventQuery,
): Promise<{ readonly entries: readonly Entry[]; readonly cursor: string | null }> {
  const sources = query.source === undefined ? Object.keys(reader.config.sources) : [query.source];
  if (query.id !== undefined) return findById(reader, query, sources, query.id);
  const entries: Entry[] = [];
  let examined = 0;
  let last: Position | undefined;
  for await (const chunk of chunks(
    listPositions(reader, { ...query, sources }, pageSize(query)),
    query.limit,
  )) {
    const read = await readEntries(reader, chunk);
    for (const position of chunk) {
      const entry = read.get(position.id);
      last = position;
      if (!entry || !isCurrent(entry, position) || !matches(entry, query)) continue;
      entries.push(entry);
      if (entries.length === query.limit) return { entries, cursor: encodeCursor(position) };
    }
    examined += chunk.length;
    if (examined >= MAX_EXAMINED && last) return { entries, cursor: encodeCursor(last) };
  }
  if (examined === 0 && !query.from) requireKnownSource(reader, query.source);
  return { entries, cursor: null };
}

/** An id is the key of the table: no listing has to be read for it. */
async function findById(
  reader: Reader,
  query: EventQuery,
  sources: readonly string[],
  id: string,
): Promise<{ readonly entries: readonly Entry[]; readonly cursor: null }> {
  const positions = sources.map((source) => ({ id: ledgerId(source, id) }));
  const found = [...(await readEntries(reader, positions)).values()].filter((entry) => matches(entry, query));
  return { entries: found, cursor: null };
}

/**
 * Whether a key of the listing is the one that its entry has now. An index follows its table with a delay, and a
 * crash can leave a key behind: without this an event would be listed twice.
 */
export function isCurrent(entry: Entry, position: Position): boolean {
  return entry.receivedAt === position.receivedAt;
}

/** Whether people see this entry at all, and the filter lets it through. */
export function matches(entry: Entry, filter: EventFilter): boolean {
  const { receivedAt = 0 } = entry;
  return (
    (filter.states ?? EVENT_STATES).some((state) => state === entry.state) &&
    (filter.source === undefined || filter.source === entry.source) &&
    (filter.type === undefined || filter.type === entry.type) &&
    (filter.subject === undefined || filter.subject === entry.subject) &&
    (filter.tenant === undefined || filter.tenant === entry.tenant) &&
    (filter.id === undefined || filter.id === entry.key) &&
    (filter.after === undefined || receivedAt >= filter.after) &&
    (filter.before === undefined || receivedAt < filter.before)
  );
}

/** A source that was removed from the configuration may still have events; one without either is a typing error. */
function requireKnownSource(reader: Reader, source: string | undefined): void {
  if (source === undefined || Object.hasOwn(reader.config.sources, source)) return;
  const known = Object.keys(reader.config.sources).join(', ');
  throw new ApiError(400, `source: there is no "${source}"; the sources are ${known}`);
}

/** The first page of each partition: small, because there are many partitions. */
function pageSize({ limit }: EventQuery): number {
  return Math.min(BATCH_GET_LIMIT, limit);
}

async function* chunks(positions: AsyncGenerator<Position>, limit: number): AsyncGenerator<Position[]> {
  const size = Math.min(BATCH_GET_LIMIT, limit);
  let chunk: Position[] = [];
  for await (const position of positions) {
    chunk.push(position);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
