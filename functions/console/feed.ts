import { ApiError } from '../api/api-error.ts';
import type { Position } from '../api/cursor.ts';
import { readEntries } from '../api/entries.ts';
import { type Entry, toSummary } from '../api/entry.ts';
import { listPositions } from '../api/listing.ts';
import type { ApiParts } from '../api/parts.ts';
import { EVENT_STATES, isOneOf } from '../core/states.ts';
import { ledgerId } from '../store/ledger/entry.ts';
import type { FeedPage } from './types.ts';

/**
 * Ingest has at most 9 s between an event's arrival and its place in the list, so the feed looks back further
 * than that.
 */
const LATE_MS = 12_000;
/** What settled up to so long before the answer of last time may have been missing from it: the index lags. */
const OVERLAP_MS = 2_000;
/** Who was away for longer reads the list again, instead of every event of the night. */
const LONGEST_GAP_MS = 60_000;
/** The most that one answer looks at. */
const MAX_POSITIONS = 2_000;
const MAX_EVENTS = 500;
const MAX_WATCHED = 100;

export interface FeedQuery {
  /** Time of the answer before, in epoch milliseconds. */
  readonly since?: number;
  /** Ids of ledger entries that were not settled when the caller saw them last. */
  readonly watch: readonly string[];
}

/** @throws ApiError 400 */
export function parseFeedQuery(parameters: URLSearchParams): FeedQuery {
  const cursor = parameters.get('cursor') ?? '';
  const watch = (parameters.get('watch') ?? '').split(',').filter((id) => id !== '');
  if (cursor !== '' && !/^\d{1,15}$/.test(cursor)) {
    throw new ApiError(400, 'cursor: pass the value of "cursor" from the answer before, unchanged');
  }
  if (watch.length > MAX_WATCHED) throw new ApiError(400, `watch: at most ${MAX_WATCHED} events`);
  return {
    ...(cursor !== '' && { since: Number(cursor) }),
    watch: watch.map(readWatched),
  };
}

function readWatched(text: string): string {
  const [source, id] = text.split('/', 2).map(decodeURIComponentSafely);
  if (!source || !id)
    throw new ApiError(400, 'watch: write <source>/<id>, percent-encoded, joined by commas');
  return ledgerId(source, id);
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ApiError(400, 'watch: write <source>/<id>, percent-encoded, joined by commas');
  }
}

/**
 * The live feed: what arrived or settled since the caller asked last, read from the listing index and the ledger.
 * Nobody writes anything for it, so it costs the worker nothing, and it holds no state: any instance of the
 * function can answer, also after a restart (docs/decisions/0020-live-feed.md).
 */
export async function feed(parts: ApiParts, query: FeedQuery, now: number): Promise<FeedPage> {
  const { since } = query;
  const cursor = String(now);
  if (since === undefined) return { cursor, events: [], missed: false };
  if (now - since > LONGEST_GAP_MS) return { cursor, events: [], missed: true };

  const recent = await readRecent(parts, since - LATE_MS);
  const seen = new Set(recent.map(({ id }) => id));
  const watched = query.watch.filter((id) => !seen.has(id)).map((id) => ({ id }));
  const asked = [...recent, ...watched];
  const entries = await readEntries(parts, asked);
  // In the order of the list: should there be too many, the newest are told.
  const changed = asked.flatMap(({ id }) => {
    const entry = entries.get(id);
    const counts = entry && isVisible(entry) && (!seen.has(id) || hasChanged(entry, since - OVERLAP_MS));
    return counts ? [entry] : [];
  });
  return {
    cursor,
    events: changed.slice(0, MAX_EVENTS).map(toSummary),
    missed: recent.length >= MAX_POSITIONS || changed.length > MAX_EVENTS,
  };
}

/** Places in the list since a time, newest first. */
async function readRecent(parts: ApiParts, after: number): Promise<Position[]> {
  const recent: Position[] = [];
  const range = { sources: Object.keys(parts.config.sources), after };
  for await (const position of listPositions(parts, range, MAX_POSITIONS)) {
    recent.push(position);
    if (recent.length >= MAX_POSITIONS) break;
  }
  return recent;
}

function isVisible({ state }: Entry): boolean {
  return isOneOf(EVENT_STATES, state);
}

/** What is in flight carries no time of its last change, and there is little of it: it always counts. */
function hasChanged({ settledAt }: Entry, since: number): boolean {
  return settledAt === undefined || settledAt >= since;
}
