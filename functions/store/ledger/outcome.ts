/** What an attempt writes into the entry of its event: the outcome, or that it has failed and is counted. */
import { type Item, number, text } from '../../aws/dynamodb.ts';
import { boundReason } from '../../core/bounds.ts';
import type { Settlement } from '../../core/fate.ts';
import { GIVEN_UP, isOneOf, State, statesBefore, WRITES } from '../../core/states.ts';
import { FENCE_IS_OURS, LEASE } from '../lease.ts';
import type { Update } from '../update-readable.ts';
import { factAttributes, listingPartition, type NewEntry, unplacedAttributes } from './entry.ts';
import { isIn } from './update-entry.ts';

/** Who writes, and when. */
interface Attempt {
  /** Its token, by which it knows its own write when the answer was lost. */
  readonly attempt: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Of the lease on the entry under which the handler has run. */
  readonly fence: number | undefined;
  /** The handler may still be running. */
  readonly keepsLease: boolean;
}

/** The event has not been given a subject by a redrive. */
const PASSES_BY_ITSELF = '(gate = :gate OR attribute_not_exists(subject))';

/** The outcome of an event, on the condition that it has none that may not be replaced, and that the lease is still ours. */
export function settleUpdate(
  { source, id }: NewEntry,
  { state, reason, facts, counted }: Settlement,
  { attempt, now, fence, keepsLease }: Attempt,
): Update {
  const attributes: Item = {
    state: text(state),
    settledAt: number(now),
    attempt: text(attempt),
    // What is quarantined has passed no gate, and may pass another one when it is mended.
    ...(facts && (state === State.quarantined ? unplacedAttributes(facts) : factAttributes(facts))),
    // What waits for an operator is listed also where nothing else is, so that it is found when the listing is back.
    ...(isOneOf(GIVEN_UP, state) && { listing: text(listingPartition(source, id)) }),
    ...(reason !== undefined && { reason: text(boundReason(reason)) }),
  };
  const names = Object.keys(attributes);
  const sets = names.map((name) => `#${name} = :${name}`).join(', ');
  const { clause, values } = isIn(statesBefore(state));
  // What was moved to its subject since its message was sent passes there, by its new message.
  const stays = facts?.gate === 'entry' && state === State.applied;
  // A split batch that is marked was sent again for an event of it (`reclaim.ts`), and has been split again.
  const condition = state === State.split ? `(${clause} OR attribute_exists(redriving))` : clause;
  const removed = [
    'redriving',
    ...(reason === undefined ? ['#reason'] : []),
    // Without a fence it is not its own.
    ...(fence === undefined || keepsLease ? [] : LEASE),
  ];
  return {
    // A reason that an earlier attempt left behind would contradict the outcome. Whatever a redrive had still
    // to do, the event is through.
    UpdateExpression: `SET ${sets} REMOVE ${removed.join(', ')} ADD attempts :one`,
    ConditionExpression: [
      condition,
      ...(fence === undefined ? [] : [FENCE_IS_OURS]),
      ...(stays ? [PASSES_BY_ITSELF] : []),
    ].join(' AND '),
    ExpressionAttributeNames: Object.fromEntries([...names, 'reason'].map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: {
      ...Object.fromEntries(names.map((name) => [`:${name}`, attributes[name] ?? { NULL: true }])),
      ':one': number(counted ? 0 : 1),
      ...(fence !== undefined && { ':fence': number(fence) }),
      ...(stays && { ':gate': text('entry') }),
      ...values,
    },
  };
}

/** One more failed attempt, of an event that is not settled. @param attempt with `expiresAt` of the entry, in epoch seconds. */
export function failureUpdate(
  reason: string,
  { attempt, now, expiresAt, fence, keepsLease }: Attempt & { readonly expiresAt: number },
): Update {
  const { clause, values } = isIn(WRITES.fail.from);
  const ends = fence !== undefined && !keepsLease;
  return {
    // `seenAt` tells the audit that the message was there then.
    UpdateExpression: `SET #state = :retrying, #reason = :reason, seenAt = :now, expiresAt = :expiresAt, attempt = :attempt ${ends ? `REMOVE ${LEASE.join(', ')} ` : ''}ADD attempts :one`,
    ConditionExpression: `${clause} AND (attribute_not_exists(attempt) OR attempt <> :attempt)${fence === undefined ? '' : ` AND ${FENCE_IS_OURS}`}`,
    ExpressionAttributeNames: { '#state': 'state', '#reason': 'reason' },
    ExpressionAttributeValues: {
      ':retrying': text(State.retrying),
      ':reason': text(boundReason(reason)),
      ':now': number(now),
      ':expiresAt': number(expiresAt),
      ':attempt': text(attempt),
      ':one': number(1),
      ...(fence !== undefined && { ':fence': number(fence) }),
      ...values,
    },
    ReturnValues: 'UPDATED_NEW',
  };
}

/** Whether the entry was last written by this attempt: its answer was lost, and the SDK has sent it twice. */
export function isBy(old: Item | undefined, attempt: string): boolean {
  return old?.attempt?.S === attempt;
}
