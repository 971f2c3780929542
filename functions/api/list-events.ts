import { keeping } from '../config/config.ts';
import { ledgerId } from '../store/ledger/entry.ts';
import { ApiError } from './api-error.ts';
import { encodeCursor, type Position } from './cursor.ts';
import { DEAD_STATES } from './dead-entries.ts';
import { readEntries } from './entries.ts';
import { type Entry, toSummary } from './entry.ts';
import { type EventFilter, type EventQuery, matches } from './event-query.ts';
import { listDead } from './list-dead.ts';
import { listPositions } from './listing.ts';
import type { ApiParts } from './parts.ts';
import { BATCH_GET_LIMIT } from './scan.ts';
import type { EventPage } from './types.ts';
import { unknownSource } from './unknown-source.ts';

/** Entries looked at for one page: a filter that matches little answers in time, with a cursor to go on from. */
const MAX_EXAMINED = 5_000;

/** The events that match, newest first. */
export async function listEvents(parts: ApiParts, query: EventQuery): Promise<EventPage> {
  const { entries, cursor } = await listEntries(parts, query);
  const note = noteOnListing(parts, query);
  return { events: entries.map(toSummary), cursor, ...(note !== undefined && { note }) };
}

/** Why the list may lack events, and how they are found; undefined when it lacks none. */
function noteOnListing({ config }: ApiParts, query: EventQuery): string | undefined {
  if (keeping(config).listing || query.id !== undefined || isAboutDead(query)) return undefined;
  const key = config.listing === false ? 'listing: false' : 'economy: true';
  return `This stage keeps no listing (${key}): only quarantined and dead events are listed (state=quarantined,dead), and others are found by their id.`;
}

/** Whether only quarantined or dead events can match: those are found without the index, too. */
export function isAboutDead({ states }: EventFilter): boolean {
  return states?.every((state) => DEAD_STATES.includes(state)) ?? false;
}

/** The ledger entries behind a page of the list. */
export async function listEntries(
  parts: ApiParts,
  query: EventQuery,
): Promise<{ readonly entries: readonly Entry[]; readonly cursor: string | null }> {
  const sources = query.source === undefined ? Object.keys(parts.config.sources) : [query.source];
  if (query.id !== undefined) return findById(parts, query, sources, query.id);
  if (isAboutDead(query) && (query.from?.scan || !keeping(parts.config).listing)) {
    const page = await listDead(parts, query);
    if (page.entries.length === 0 && !query.from) requireKnownSource(parts, query);
    return page;
  }
  const entries: Entry[] = [];
  let examined = 0;
  let last: Position | undefined;
  for await (const chunk of chunks(
    listPositions(parts, { ...query, sources }, pageSize(query)),
    pageSize(query),
  )) {
    const read = await readEntries(parts, chunk);
    for (const position of chunk) {
      const entry = read.get(position.id);
      last = position;
      if (!entry || !isCurrent(entry, position) || !matches(entry, query)) continue;
      entries.push(entry);
      if (entries.length === query.limit) return { entries, cursor: encodeCursor(position) };
    }
    examined += chunk.length;
    if (examined < MAX_EXAMINED || !last) continue;
    // What is dead may lie behind millions of others. From here on a scan looks for it, with about a sixteenth of the
    // read units: 500 bytes of a page, at half price, instead of the 4 KB that one consistent read counts. The next
    // page begins it, so that nobody waits for what has been found, and asking for the newest never scans.
    return { entries, cursor: encodeCursor({ ...last, ...(isAboutDead(query) && { scan: [] }) }) };
  }
  if (examined === 0 && !query.from) requireKnownSource(parts, query);
  return { entries, cursor: null };
}

/** An id is the key of the table: no listing has to be read for it. */
async function findById(
  parts: ApiParts,
  query: EventQuery,
  sources: readonly string[],
  id: string,
): Promise<{ readonly entries: readonly Entry[]; readonly cursor: null }> {
  const positions = sources.map((source) => ({ id: ledgerId(source, id) }));
  const found = [...(await readEntries(parts, positions)).values()].filter((entry) => matches(entry, query));
  if (found.length === 0) requireKnownSource(parts, query);
  return { entries: found, cursor: null };
}

/**
 * Whether a key of the listing is the one that its entry has now. An index follows its table with a delay, and a
 * crash can leave a key behind: without this an event would be listed twice.
 */
export function isCurrent(entry: Entry, position: Position): boolean {
  return entry.receivedAt === position.receivedAt;
}

/** For when nothing was found. @throws ApiError 400 when the filter names a source that there is not. */
export function requireKnownSource(parts: ApiParts, { source }: EventFilter): void {
  const problem = source === undefined ? undefined : unknownSource(parts, source);
  if (problem === undefined) return;
  throw new ApiError(400, problem);
}

/**
 * Entries that are read at once: no more than are wanted, because there are many partitions; but as many as can be where
 * most of them may not match.
 */
function pageSize({ limit, states, type, subject, tenant }: EventQuery): number {
  const isSelective = [states, type, subject, tenant].some((filter) => filter !== undefined);
  return isSelective ? BATCH_GET_LIMIT : Math.min(BATCH_GET_LIMIT, limit);
}

async function* chunks(positions: AsyncGenerator<Position>, size: number): AsyncGenerator<Position[]> {
  let chunk: Position[] = [];
  for await (const position of positions) {
    chunk.push(position);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
