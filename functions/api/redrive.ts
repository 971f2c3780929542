import { boundKey } from '../core/bounds.ts';
import { isObject } from '../core/is-object.ts';
import { ledgerId } from '../store/ledger/entry.ts';
import { ApiError } from './api-error.ts';
import { decodeCursor, OLDEST_FIRST, type Start } from './cursor.ts';
import { DEAD_STATES } from './dead-entries.ts';
import { type Entry, toEntry } from './entry.ts';
import { type EventFilter, matches, parseFilter } from './event-query.ts';
import { type DeadPage, readDead } from './list-dead.ts';
import { requireKnownSource } from './list-events.ts';
import type { ApiParts } from './parts.ts';
import { getItems } from './scan.ts';
import { sendAllAgain } from './send-again.ts';
import type { EventId, RedriveResult } from './types.ts';

/** Entries that one call takes: what fits into the time of one API call. */
const MAX_ENTRIES = 1_000;
const KEYS = ['source', 'state', 'type', 'subject', 'before', 'after', 'ids', 'cursor', 'dryRun'];

export interface RedriveRequest extends EventFilter {
  /** Only these, each `<source>/<id>`, or the id alone together with `source`. */
  readonly ids?: readonly string[];
  /** Where the call before ended. */
  readonly from?: Start;
  /** Say what would be redriven and do nothing. */
  readonly dryRun: boolean;
}

/** Reads the body of `POST /api/dead/redrive`. @throws ApiError 400 */
export function parseRedrive(body: unknown): RedriveRequest {
  if (!isObject(body)) {
    throw new ApiError(400, `write a JSON object with any of ${KEYS.join(', ')}; {} redrives everything`);
  }
  const unknown = Object.keys(body).find((name) => !KEYS.includes(name));
  if (unknown !== undefined)
    throw new ApiError(400, `unknown key "${unknown}"; the keys are ${KEYS.join(', ')}`);
  const { ids, cursor, dryRun = false } = body;
  const isList = Array.isArray(ids) && ids.every((id) => typeof id === 'string');
  if (ids !== undefined && !isList) throw new ApiError(400, 'ids: write a list of texts');
  if (typeof dryRun !== 'boolean') throw new ApiError(400, 'dryRun: write true or false');
  const filter = parseFilter(body);
  if (filter.states?.some((state) => !DEAD_STATES.includes(state))) {
    throw new ApiError(400, `state: only ${DEAD_STATES.join(' and ')} events can be redriven`);
  }
  const from = cursor === undefined || cursor === null ? undefined : decodeCursor(String(cursor));
  return {
    ...filter,
    states: filter.states ?? DEAD_STATES,
    dryRun,
    ...(isList && { ids: ids as string[] }),
    ...(from && { from }),
  };
}

/**
 * Sends quarantined and dead events through the worker again: the oldest first, at most 1,000 a call. Its cursor goes
 * past what could not be sent.
 */
export async function redrive(parts: ApiParts, request: RedriveRequest): Promise<RedriveResult> {
  const wanted = request.ids?.map((id) => toAskedId(id, request.source));
  const { entries, found, refused, cursor } = wanted
    ? await findByIds(parts, request, wanted)
    : await findDead(parts, request);
  if (found === 0 && !request.from) requireKnownSource(parts, request);
  const sent = entries.map((entry) => ({ entry }));
  const failed = request.dryRun ? [] : await sendAllAgain(parts, sent);
  const ids: EventId[] = entries
    .filter((entry) => !failed.some((one) => isSame(entry, one)))
    .map(({ source, id }) => ({ source, id }));
  return {
    dryRun: request.dryRun,
    matched: found,
    redriven: request.dryRun ? 0 : ids.length,
    ids,
    failed: [
      ...failed,
      ...refused.map(({ asked }) => ({ ...asked, problem: 'not found among the events that match' })),
    ],
    more: cursor !== null || found > entries.length,
    cursor,
  };
}

/** An id as the caller wrote it, and as long as it may be in the ledger. */
interface AskedId {
  readonly asked: EventId;
  readonly stored: EventId;
}

/** @throws ApiError 400 when it is not clear whose id it is. */
function toAskedId(id: string, source: string | undefined): AskedId {
  const asked = splitId(id, source);
  return { asked, stored: { source: boundKey(asked.source), id: boundKey(asked.id) } };
}

function splitId(id: string, source: string | undefined): EventId {
  if (source !== undefined) return { source, id };
  const end = id.indexOf('/');
  if (end < 1) throw new ApiError(400, 'ids: write each as <source>/<id>, or add "source"');
  return { source: id.slice(0, end), id: id.slice(end + 1) };
}

/** An entry whose redrive was cut short counts as what it was before, so that the same filter finds it again. */
function asBefore(entry: Entry): Entry {
  return entry.redriving === undefined ? entry : { ...entry, state: entry.redriving };
}

function isSame(entry: Entry, id: EventId): boolean {
  return entry.source === id.source && entry.id === id.id;
}

interface Found extends DeadPage {
  /** What was asked for and does not match. */
  readonly refused: readonly AskedId[];
}

function isMatching(entry: Entry, request: RedriveRequest): boolean {
  return matches(asBefore(entry), request);
}

/** One page. A scan may show an old state, so that what it finds is read again, consistently, before it is sent. */
async function findDead(parts: ApiParts, request: RedriveRequest): Promise<Found> {
  const page = await readDead(parts, {
    states: request.states,
    isWanted: (entry) => isMatching(entry, request),
    order: OLDEST_FIRST,
    limit: MAX_ENTRIES,
    from: request.from,
  });
  const now = await readNow(
    parts,
    page.entries.map(({ itemId }) => itemId),
  );
  const entries = now.filter((entry) => isMatching(entry, request));
  return { ...page, entries, found: page.found - page.entries.length + entries.length, refused: [] };
}

async function findByIds(
  parts: ApiParts,
  request: RedriveRequest,
  wanted: readonly AskedId[],
): Promise<Found> {
  const now = await readNow(
    parts,
    wanted.map(({ stored }) => ledgerId(stored.source, stored.id)),
  );
  const matching = now
    .filter((entry) => isMatching(entry, request))
    .sort((a, b) => (a.receivedAt ?? 0) - (b.receivedAt ?? 0));
  const refused = wanted.filter(({ stored }) => !matching.some((entry) => isSame(entry, stored)));
  return { entries: matching.slice(0, MAX_ENTRIES), found: matching.length, refused, cursor: null };
}

/** In the order of the ids; missing ones are left out. */
async function readNow(parts: ApiParts, ids: readonly string[]): Promise<Entry[]> {
  const items = await getItems(parts, parts.tables.ledger, ids);
  return [...new Set(ids)].flatMap((id) => {
    const item = items.get(id);
    return item ? [toEntry(item)] : [];
  });
}
