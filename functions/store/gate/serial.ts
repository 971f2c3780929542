/** One handler at a time for a subject, whatever the order of its events (`serial`). Nothing of the subject is kept for it. */

import { number, text } from '../../aws/dynamodb.ts';
import { heldUntil } from '../../core/decide.ts';
import { LEASE, NO_LIVE_LEASE } from '../lease.ts';
import { newToken } from '../token.ts';
import { type Target, updateReadable } from '../update-readable.ts';
import { TAKE_LEASE, withNextFence } from './fence.ts';
import { readSubject } from './subject.ts';

/** A subject that is held, by the token that lets go of it; or until when somebody else has it (epoch milliseconds). */
export type Hold = { readonly token: string } | { readonly verdict: 'held'; readonly until: number };

interface Times {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Epoch milliseconds. */
  readonly leaseUntil: number;
  /** Epoch seconds: when a subject goes of which nothing else is kept. */
  readonly expiresAt: number;
}

/**
 * Takes a subject for an event.
 * @param keeps whether the newest state of its source's subjects is kept: a guess at what is there, which saves a write.
 */
export async function holdSubject(
  target: Target,
  event: string,
  { now, leaseUntil, expiresAt }: Times,
  keeps: boolean,
): Promise<Hold> {
  const token = newToken();
  const take = (isKept: boolean) =>
    withNextFence(now, (fence) =>
      updateReadable(target, {
        // Of which nothing is kept, nothing stays.
        UpdateExpression: `SET ${isKept ? '' : 'expiresAt = :expiresAt, '}${TAKE_LEASE}, ${fence.set}`,
        ConditionExpression: `${NO_LIVE_LEASE} AND ${fence.condition} AND ${isKept ? 'attribute_exists(eventId)' : 'attribute_not_exists(eventId)'}`,
        ExpressionAttributeValues: {
          ':now': number(now),
          ':leaseUntil': number(leaseUntil),
          ':event': text(event),
          ':token': text(token),
          ...(!isKept && { ':expiresAt': number(expiresAt) }),
          ...fence.values,
        },
      }),
    );
  const first = await take(keeps);
  const isOther = 'old' in first && (first.old?.eventId !== undefined) !== keeps;
  const written = isOther ? await take(!keeps) : first;
  if ('attributes' in written || written.old?.leaseToken?.S === token) return { token };
  return { verdict: 'held', until: heldUntil(readSubject(written.old), now) ?? 0 };
}

/** Lets go of a subject. */
export async function letGoOf(target: Target, token: string): Promise<void> {
  await updateReadable(target, {
    UpdateExpression: `REMOVE ${LEASE.join(', ')}`,
    ConditionExpression: 'leaseToken = :token',
    ExpressionAttributeValues: { ':token': text(token) },
  });
}
