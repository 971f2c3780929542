/** One handler at a time for a subject, whatever the order of its events (`serial`). Nothing of the subject is kept for it. */
import { heldUntil } from '../core/decide.ts';
import { type Item, number, text } from '../shared/dynamodb.ts';
import { LEASE, NO_LIVE_LEASE, TAKE_LEASE } from '../shared/lease.ts';
import { newToken } from '../shared/token.ts';
import { type Target, updateReadable } from '../shared/update-readable.ts';
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

/** Takes a subject for an event. */
export async function holdSubject(
  target: Target,
  event: string,
  { now, leaseUntil, expiresAt }: Times,
): Promise<Hold> {
  const token = newToken();
  const take = (set: string, condition: string, values: Item) =>
    updateReadable(target, {
      UpdateExpression: `SET ${set}${TAKE_LEASE}`,
      ConditionExpression: `${NO_LIVE_LEASE} AND ${condition}`,
      ExpressionAttributeValues: {
        ':now': number(now),
        ':leaseUntil': number(leaseUntil),
        ':event': text(event),
        ':token': text(token),
        ':one': number(1),
        ...values,
      },
    });
  // Of which nothing is kept, nothing stays.
  const fresh = await take('expiresAt = :expiresAt, ', 'attribute_not_exists(eventId)', {
    ':expiresAt': number(expiresAt),
  });
  const isKept = 'old' in fresh && fresh.old?.eventId !== undefined;
  const written = isKept ? await take('', 'attribute_exists(eventId)', {}) : fresh;
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
