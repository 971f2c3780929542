import { ApiError } from './api-error.ts';
import { encodeCursor, type Position } from './cursor.ts';
import { type Entry, toEntry, toSummary } from './entry.ts';
import type { EventFilter, EventQuery } from './event-query.ts';
import { listPositions } from './listing.ts';
import type { Reader } from './reader.ts';
import { BATCH_GET_LIMIT, getItems } from './scan.ts';
import { EVENT_STATES, type EventPage, type EventSummary } from './types.ts';

/** Entries looked at for one page: a filter that matches little answers in time, with a cursor to go on from. */
const MAX_EXAMINED = 5_000;

/** The events that match, newest first. */
export async function listEvents(reader: Reader, query: EventQuery): Promise<EventPage> {
  const sources = query.source === undefined ? Object.keys(reader.config.sources) : [query.source];
  const events: EventSummary[] = [];
  let examined = 0;
  let last: Position | undefined;
  for await (const chunk of chunks(
    listPositions(reader, { ...query, sources }, pageSize(query)),
    query.limit,
  )) {
    const items = await getItems(
      reader,
      reader.tables.ledger,
      chunk.map(({ id }) => id),
    );
    for (const position of chunk) {
      const item = items.get(position.id);
      const entry = item && toEntry(item);
      last = position;
      if (!entry || !matches(entry, query)) continue;
      events.push(toSummary(entry));
      if (events.length === query.limit) return { events, cursor: encodeCursor(position) };
    }
    examined += chunk.length;
    if (examined >= MAX_EXAMINED && last) return { events, cursor: encodeCursor(last) };
  }
  if (examined === 0 && !query.from) requireKnownSource(reader, query.source);
  return { events, cursor: null };
}

/** Whether people see this entry at all, and the filter lets it through. */
export function matches(entry: Entry, filter: EventFilter): boolean {
  const { receivedAt = 0 } = entry;
  return (
    (filter.states ?? EVENT_STATES).some((state) => state === entry.state) &&
    (filter.source === undefined || filter.source === entry.source) &&
    (filter.type === undefined || filter.type === entry.type) &&
    (filter.subject === undefined || filter.subject === entry.subject) &&
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
