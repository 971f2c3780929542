/**
 * The way back to a claim, for what has lost its message before a worker saw it: a repeat is taken in again, as after a
 * claim that nobody confirmed. When the message turns up after all, the worker settles the entry as any other claim.
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { number, text } from '../../aws/dynamodb.ts';
import { State, WRITES } from '../../core/states.ts';
import { isIn, updateEntry } from './update-entry.ts';

interface Target {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly retentionSeconds: number;
}

/**
 * Makes an entry in flight a claim, with its attempts counted from nought, and notes when.
 * @param now epoch milliseconds.
 * @returns false when it is not in flight (any more).
 * @throws NewerFormatError
 */
export async function reclaim(target: Target, source: string, id: string, now: number): Promise<boolean> {
  const { clause, values } = isIn(WRITES.reclaim.from);
  const written = await updateEntry(target, source, id, {
    UpdateExpression:
      'SET #state = :claimed, reclaimedAt = :now, seenAt = :now, expiresAt = :expiresAt, attempts = :zero REMOVE reason, redriving',
    ConditionExpression: clause,
    ExpressionAttributeValues: {
      ':claimed': text(State.claimed),
      ':now': number(now),
      ':zero': number(0),
      ':expiresAt': number(Math.floor(now / 1000) + target.retentionSeconds),
      ...values,
    },
  });
  return 'attributes' in written;
}

/**
 * Marks a batch that was split, so that its provider's repeat is split again: an event of it that was reclaimed comes only
 * with its batch. The others are duplicates then, and the mark goes when the repeat is through.
 */
export async function reclaimSplit(target: Target, source: string, id: string, now: number): Promise<void> {
  const { clause, values } = isIn([State.split]);
  await updateEntry(target, source, id, {
    UpdateExpression: 'SET redriving = #state, reclaimedAt = :now',
    ConditionExpression: clause,
    ExpressionAttributeValues: { ':now': number(now), ...values },
  });
}
