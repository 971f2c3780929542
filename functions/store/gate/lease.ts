/** A handler's hold on a subject, as an operator sees it and ends it. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { number, numberOf, textOf } from '../../aws/dynamodb.ts';
import { heldUntil } from '../../core/decide.ts';
import { FENCE_IS_OURS, HAS_LEASE, LEASE } from '../lease.ts';
import { getReadable, updateReadable } from '../update-readable.ts';
import { readSubject } from './subject.ts';

/** An item of the subjects. */
export interface SubjectItem {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly id: string;
}

export interface Lease {
  /** The event whose handler has the subject. */
  readonly event: string | undefined;
  /** Epoch milliseconds. */
  readonly until: number;
  readonly fence: number;
}

/**
 * Who has a subject now.
 * @returns undefined when there is no such subject.
 * @throws NewerFormatError when a newer release has written the subject.
 */
export async function leaseOf(subject: SubjectItem, now: number): Promise<Lease | 'none' | undefined> {
  const item = await getReadable({ ...subject, what: 'The subject' });
  if (!item) return undefined;
  const until = heldUntil(readSubject(item), now);
  return until === undefined
    ? 'none'
    : { event: textOf(item.leaseEvent), until, fence: numberOf(item.fence) ?? 0 };
}

/**
 * Takes a subject from its handler. The fencing number grows, as if somebody else had acquired it: a handler that is
 * still at work cannot commit any more.
 * @returns false when the handler has ended by itself meanwhile.
 * @throws NewerFormatError
 */
export async function endLease(subject: SubjectItem, { fence }: Lease): Promise<boolean> {
  const written = await updateReadable(
    { ...subject, what: 'The subject' },
    {
      UpdateExpression: `REMOVE ${LEASE.join(', ')} ADD fence :one`,
      // This lease and no later one: the SDK repeats a request whose answer was lost.
      ConditionExpression: `${FENCE_IS_OURS} AND ${HAS_LEASE}`,
      ExpressionAttributeValues: { ':fence': number(fence), ':one': number(1) },
    },
  );
  // A number that has grown was ours, in a request whose answer was lost, or shuts the handler out as well.
  return 'attributes' in written || (numberOf(written.old?.fence) ?? fence) > fence;
}
