import { type Envelope, furtherMessage } from '../core/envelope.ts';
import { errorName } from '../core/errors.ts';
import { NewerFormatError } from '../core/format.ts';
import { inParallel } from '../core/in-parallel.ts';
import type { Place } from '../core/place.ts';
import { GIVEN_UP, IN_FLIGHT, isOneOf, State } from '../core/states.ts';
import { ApiError } from './api-error.ts';
import { type Entry, newerEntry } from './entry.ts';
import { requireEntry } from './get-event.ts';
import type { ApiParts } from './parts.ts';
import { decidePlace } from './place-to-send.ts';
import type { Problem } from './types.ts';

const CONCURRENCY = 10;

/**
 * Puts the archived envelope of an entry on the queue: reopen, send, confirm.
 *
 * A quarantined or dead entry is reopened first, because the worker does not touch an entry with an outcome. Until
 * the send is confirmed the entry is marked as being redriven, and whoever meets the mark sends again. So a process
 * that ends in between leaves something that the next redrive sends and the audit names; the price is an extra copy
 * when two redrive at once, which the gate drops.
 *
 * Where a reopened event passes the gate is decided here, under the present configuration, and written down with the
 * reopening: every message of it says the same. All others stay where they are: what is in flight may have a message, and
 * what is over was applied there.
 * @param force id of a request to run the handler again.
 * @returns the state that the entry is in now.
 * @throws ApiError 409 when the payload is not kept any more; NewerFormatError; the error of SQS or S3.
 */
export async function sendAgain(parts: ApiParts, entry: Entry, force?: string): Promise<string> {
  const { source, id } = entry;
  const newer = newerEntry(entry);
  if (newer) throw newer;
  const envelope = await parts.archive.get(source, id);
  if (!envelope) {
    // A repeat of what is in flight is a duplicate, message or not.
    const first = isOneOf(IN_FLIGHT, entry.state) ? 'reclaim it and ' : '';
    throw new ApiError(
      409,
      `the payload of ${id} of ${source} is not archived (any more): ${first}ask the provider to send it`,
    );
  }
  // Its time begins anew with that of its entry: a redrive that is cut short has to find it again.
  if (isGivenUp(entry) || entry.redriving !== undefined) {
    await parts.inbox.keepBody(envelope);
    await parts.archive.keepOn(source, id);
  }
  const { redrive, place } = await beginRedrive(parts, entry, envelope);
  await parts.inbox.send({ ...furtherMessage(envelope, place), ...(force !== undefined && { force }) });
  if (redrive === undefined) return isGivenUp(entry) ? State.queued : entry.state;
  try {
    await parts.ledger.confirmRedrive(source, id, redrive);
  } catch (error) {
    // The message is on the queue. With the mark still there it may be sent once more, which does no harm.
    parts.log.log('WARN', { message: 'redrive not confirmed', source, id, error: errorName(error) });
  }
  return State.queued;
}

/** Each of them, for itself. @returns what could not be sent. */
export async function sendAllAgain(
  parts: ApiParts,
  items: readonly { readonly entry: Entry; readonly force?: string | undefined }[],
): Promise<Problem[]> {
  const failed: Problem[] = [];
  await inParallel(items, CONCURRENCY, async ({ entry, force }) => {
    try {
      await sendAgain(parts, entry, force);
    } catch (error) {
      failed.push({ source: entry.source, id: entry.id, problem: sendProblem(error) });
    }
  });
  return failed;
}

/** Why an event could not be sent again: own errors speak to the operator. */
function sendProblem(error: unknown): string {
  const isOwn = error instanceof ApiError || error instanceof NewerFormatError;
  return isOwn ? error.message : `could not be sent: ${errorName(error)}`;
}

export function isGivenUp({ state }: Entry): boolean {
  return isOneOf(GIVEN_UP, state);
}

interface Begun {
  /** The number of the redrive to confirm; undefined when there is nothing to reopen. */
  readonly redrive: number | undefined;
  readonly place: Place | undefined;
}

/** @param turns so often somebody else may be faster. @throws ApiError 409 while a handler is at work on the entry. */
async function beginRedrive(parts: ApiParts, entry: Entry, envelope: Envelope, turns = 3): Promise<Begun> {
  if (entry.redriving !== undefined || !isGivenUp(entry)) return begunBefore(entry);
  const place = await decidePlace(parts, entry, envelope);
  const redrive = await parts.ledger.reopen(entry.source, entry.id, place);
  if (redrive !== undefined) return { redrive, place };
  if (turns === 1)
    throw new ApiError(
      409,
      `a handler is at work on ${entry.id} of ${entry.source}: try again when it has ended`,
    );
  // Somebody else was faster. Whether another redrive lives to send it, nobody knows.
  return beginRedrive(parts, await requireEntry(parts, entry.source, entry.id), envelope, turns - 1);
}

function begunBefore(entry: Entry): Begun {
  return {
    redrive: entry.redriving === undefined ? undefined : entry.redrives,
    place: entry.place,
  };
}
