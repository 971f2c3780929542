import { type Envelope, furtherMessage } from '../core/envelope.ts';
import { errorName } from '../core/errors.ts';
import { GIVEN_UP, IN_FLIGHT, isOneOf, State } from '../core/states.ts';
import { reclaim, reclaimSplit } from '../store/ledger/reclaim.ts';
import { ApiError } from './api-error.ts';
import type { Entry } from './entry.ts';
import { readEntry } from './get-event.ts';
import { isYoung } from './in-flight.ts';
import type { ApiParts } from './parts.ts';
import type { ReclaimResult } from './types.ts';

/** Reads the body of `POST /api/events/{source}/{id}/reclaim`. @throws ApiError 400 */
export function parseReclaim(body: unknown): void {
  const [unknown] = Object.keys(Object(body));
  if (unknown !== undefined) throw new ApiError(400, `unknown key "${unknown}"; there are none`);
}

/**
 * For an event in flight that has lost its message: takes it back to a claim, so that its provider's repeat is taken in.
 * Where its payload is archived, it is sent at once. Nothing tells for certain that the message is gone; when it is not,
 * there are two copies at most, which the gate drops, and the first one to end settles the entry.
 * @throws ApiError 404, or 409 for what is settled or was in flight a moment ago; the error of SQS or S3.
 */
export async function reclaimEvent(parts: ApiParts, source: string, id: string): Promise<ReclaimResult> {
  const entry = await readEntry(parts, source, id);
  requireInFlight(parts, entry);
  const envelope = await parts.archive.get(source, id);
  const { retentionSeconds } = parts;
  const target = { client: parts.dynamodb, table: parts.tables.ledger, retentionSeconds };
  if (entry.state !== State.claimed && !(await reclaim(target, entry.source, entry.id, parts.now()))) {
    requireInFlight(parts, await readEntry(parts, source, id));
  }
  const answer = { source: entry.source, id: entry.id, was: entry.state };
  if (envelope) return { ...answer, state: await sendClaimed(parts, entry, envelope), sent: true };
  if (entry.batch !== undefined) await reclaimSplit(target, entry.source, entry.batch, parts.now());
  return { ...answer, state: State.claimed, sent: false };
}

/** @throws ApiError 409 that says what to do instead. */
function requireInFlight(parts: ApiParts, entry: Entry): void {
  const { state } = entry;
  if (state === State.claimed) return;
  if (!isOneOf(IN_FLIGHT, state)) {
    const instead =
      state === State.split
        ? 'reclaim its events'
        : isOneOf(GIVEN_UP, state)
          ? 'redrive it'
          : 'replay it, if it has to be handled again';
    throw new ApiError(409, `${entry.id} of ${entry.source} is ${state}, not in flight: ${instead}`);
  }
  if (isYoung(parts, entry)) {
    throw new ApiError(
      409,
      `the message of ${entry.id} of ${entry.source} was there within the last minute: nothing says that it is lost`,
    );
  }
}

/** Sends what is claimed, as its provider would: to where it passes the gate already, should its message be there. */
async function sendClaimed(parts: ApiParts, entry: Entry, envelope: Envelope): Promise<string> {
  const { source, id } = entry;
  await parts.inbox.send(furtherMessage(envelope, entry.place));
  if (!parts.ledger.confirms) return State.claimed;
  try {
    await parts.ledger.confirm(source, id);
  } catch (error) {
    // The message is on the queue: the worker settles it.
    parts.log.log('WARN', { message: 'not confirmed', source, id, error: errorName(error) });
    return State.claimed;
  }
  return State.queued;
}
