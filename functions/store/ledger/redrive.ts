/** What a redrive writes into an entry: first the mark that it has begun, then, after the send, that it has ended. */
import { number, text } from '../../aws/dynamodb.ts';
import type { Place } from '../../core/place.ts';
import { State, WRITES } from '../../core/states.ts';
import { NO_LIVE_LEASE } from '../lease.ts';
import type { Update } from '../update-readable.ts';
import { placeAttributes } from './entry.ts';
import { isIn } from './update-entry.ts';

/** What an entry says of its event's place, or of the order that might give it one. */
const PLACE = ['gate', 'subject', 'revision', 'ownSubject', 'ownRevision'];

/**
 * Back in flight, marked, with its attempts counted from nought.
 * @param place where its messages pass the gate from now on; undefined: the worker decides.
 * @param now epoch milliseconds; `expiresAt` in epoch seconds.
 */
export function reopenUpdate(
  place: Place | undefined,
  { now, expiresAt }: { readonly now: number; readonly expiresAt: number },
): Update {
  const { clause, values } = isIn(WRITES.redrive.from);
  const sets =
    'redriving = #state, seenAt = :now, #state = :queued, attempts = :zero, expiresAt = :expiresAt';
  const attributes = place ? placeAttributes(place) : {};
  const names = Object.keys(attributes);
  const removed = ['settledAt', 'reason', ...PLACE].filter((name) => !names.includes(name));
  return {
    UpdateExpression: `SET ${[sets, ...names.map((name) => `${name} = :${name}`)].join(', ')} REMOVE ${removed.join(', ')} ADD redrives :one`,
    // At its subject nobody would know of a handler that has the entry.
    ConditionExpression: place?.gate === 'entry' ? clause : `${clause} AND ${NO_LIVE_LEASE}`,
    ExpressionAttributeValues: {
      ':queued': text(State.queued),
      ':now': number(now),
      ':zero': number(0),
      ':one': number(1),
      ':expiresAt': number(expiresAt),
      ...Object.fromEntries(names.map((name) => [`:${name}`, attributes[name] ?? { NULL: true }])),
      ...values,
    },
    ReturnValues: 'UPDATED_NEW',
  };
}

/** Without the mark of this very redrive. */
export function confirmRedriveUpdate(redrive: number): Update {
  return {
    UpdateExpression: 'REMOVE redriving',
    ConditionExpression: 'attribute_exists(redriving) AND redrives = :redrive',
    ExpressionAttributeValues: { ':redrive': number(redrive) },
    ExpressionAttributeNames: {},
  };
}
