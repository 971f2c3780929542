import { setTimeout as pause } from 'node:timers/promises';
import { workerTimes } from '../config/config.ts';
import { isOneOf, OPEN, State } from '../core/states.ts';
import { type Entry, isoTime, toEntry } from './entry.ts';
import type { ApiParts } from './parts.ts';
import { type QueueDepth, queueDepth } from './queue-depth.ts';
import { getItems } from './scan.ts';
import type { Problem } from './types.ts';

/** The longest pause that the worker gives a message (`functions/core/pauses.ts`), in milliseconds. */
const LONGEST_PAUSE = 900_000;
/** A redrive is confirmed within seconds; one that is not was cut short. In milliseconds. */
const REDRIVE_TIME = 60_000;

/** Ingest ends within seconds, and the queues' counts settle within a minute. In milliseconds. */
const CLAIM_TIME = 60_000;

/** What is known of the entries in flight when the audit has finished looking. */
export interface InFlight {
  readonly depth: QueueDepth;
  readonly entries: readonly Entry[];
  /** At least so many entries have no message. */
  readonly missing: number;
}

/**
 * Compares the entries in flight with the messages. The order makes it safe beside live traffic: a message is
 * deleted only after its entry is settled, so whatever is in flight both before and after the queues are counted
 * was among the counted messages. Looks again until `deadline`, because SQS's counts are approximate.
 */
export async function compareWithQueues(
  parts: ApiParts,
  before: ReadonlyMap<string, Entry>,
  deadline: number,
): Promise<InFlight> {
  let entries = [...before.values()];
  for (let wait = 25; ; wait = Math.min(wait * 2, 1_000)) {
    const depth = await queueDepth(parts);
    // With messages enough only the odd ones are read again: a backlog is long, and reading it costs.
    const { odd = [], plain = [] } = Object.groupBy(entries, (entry) =>
      entries.length > depth.messages || isDoubtful(parts, entry, depth) ? 'odd' : 'plain',
    );
    if (odd.length > 0) entries = [...plain, ...(await stillInFlight(parts, odd))];
    const missing = missingOf(parts, entries, depth);
    if (missing === 0 || performance.now() >= deadline) return { depth, entries, missing };
    await pause(wait);
  }
}

/**
 * Younger entries do not count as missing: until the queues' counts have settled, that says nothing. An entry in
 * flight is `queued` only after its message was sent, so on exact counts there is no such time.
 */
function missingOf(parts: ApiParts, entries: readonly Entry[], { messages }: QueueDepth): number {
  const settled = entries.filter((entry) => !isYoung(parts, entry));
  return Math.min(Math.max(0, entries.length - messages), settled.length);
}

function isDoubtful(parts: ApiParts, entry: Entry, { waiting }: QueueDepth): boolean {
  return entry.redriving !== undefined || (waiting === 0 && isOverdue(parts, entry));
}

/** Read again consistently: a scan may show an old state. */
async function stillInFlight(parts: ApiParts, entries: readonly Entry[]): Promise<Entry[]> {
  const items = await getItems(
    parts,
    parts.tables.ledger,
    entries.map(({ itemId }) => itemId),
  );
  return [...items.values()].map(toEntry).filter(({ state }) => isOneOf(OPEN, state));
}

/** Milliseconds since the event's message was certainly there. */
function ageOf({ now }: ApiParts, { receivedAt = 0, seenAt = 0 }: Entry): number {
  return now() - Math.max(receivedAt, seenAt);
}

/** Whether the queues' counts may not have settled since its message was certainly there. */
export function isYoung(parts: ApiParts, entry: Entry): boolean {
  return ageOf(parts, entry) < (parts.countsSettleMs ?? 60_000);
}

/** Without a trace for longer than any message is hidden for. */
function isOverdue(parts: ApiParts, entry: Entry): boolean {
  return ageOf(parts, entry) > LONGEST_PAUSE + workerTimes(parts.config).visibility * 1000;
}

/**
 * Entries that should have been met again by now, while no message waits to be taken. Surplus copies can stand in
 * for a missing message in the count, but not here. Not a proof either: while DynamoDB fails, a message comes and
 * goes without a trace.
 */
export function overdueOf(parts: ApiParts, { entries, depth }: InFlight): readonly Entry[] {
  return depth.waiting > 0 ? [] : entries.filter((entry) => isOverdue(parts, entry));
}

/**
 * Claims that were never confirmed: the request was not acknowledged, or only its confirmation failed, or there is none
 * (economy mode) or none yet (a handler's lease confirms). Of those that are older than a minute, at least so many have no message, the oldest first: they
 * were never acknowledged, or are lost. Read again after the queues were counted, so that what settled meanwhile is none
 * of them.
 */
export async function claimsWithoutMessage(
  parts: ApiParts,
  unconfirmed: readonly Entry[],
  { depth, entries }: InFlight,
): Promise<readonly Entry[]> {
  // With messages enough nothing is read again: a backlog is long.
  if (unconfirmed.length + entries.length <= depth.messages) return [];
  const left = await stillInFlight(parts, unconfirmed);
  // Younger ones may still be on their way to the queue, and no message is held against the older for their sake.
  const old = left.filter((entry) => entry.state === State.claimed && ageOf(parts, entry) >= CLAIM_TIME);
  const missing = Math.max(0, old.length + entries.length - depth.messages);
  return old.sort((a, b) => (a.receivedAt ?? 0) - (b.receivedAt ?? 0)).slice(0, missing);
}

/** A redrive that is not confirmed, and whose message no worker has met: a failed attempt makes it `retrying`. */
function isRedriveOpen({ redriving, state }: Entry): boolean {
  return redriving !== undefined && state === State.queued;
}

/**
 * Redrives that ended between reopening the entry and sending its message. Or only the confirmation failed: with messages
 * enough for all that is in flight nothing is said.
 */
export function describeRedrives(parts: ApiParts, { entries, depth }: InFlight): Problem[] {
  if (entries.length <= depth.messages) return [];
  return entries
    .filter((entry) => isRedriveOpen(entry) && ageOf(parts, entry) > REDRIVE_TIME)
    .map(({ source, id, redriving, seenAt }) => ({
      source,
      id,
      problem: `${redriving}, and a redrive that began at ${isoTime(seenAt)} was cut short before it was confirmed: redrive again`,
    }));
}

/** The queue does not say whose messages are missing; the entries without a trace for longest are the likely ones. */
export function likelyMissing({ missing, entries }: InFlight): readonly Entry[] {
  const time = ({ receivedAt = 0, seenAt = 0 }: Entry) => Math.max(receivedAt, seenAt);
  return entries
    .filter((entry) => !isRedriveOpen(entry))
    .sort((a, b) => time(a) - time(b))
    .slice(0, missing);
}

export function describeMissing({ missing }: InFlight, likely: readonly Entry[]): Problem[] {
  return likely.map(({ source, id, state, receivedAt }) => ({
    source,
    id,
    problem: `${state} since ${isoTime(receivedAt) ?? 'an unknown time'}; the queues hold ${missing} message(s) fewer than there are entries in flight`,
  }));
}
