/** How the gates take a lease, and number it. */

import { type Item, number, numberOf } from '../../aws/dynamodb.ts';
import { heldUntil } from '../../core/decide.ts';
import type { Written } from '../update-readable.ts';

/** Whose the subject is until when. */
export const TAKE_LEASE = 'leaseUntil = :leaseUntil, leaseEvent = :event, leaseToken = :token';

/** The clauses of a write that takes a lease, for its fencing number. */
export interface FenceClauses {
  readonly set: string;
  readonly condition: string;
  readonly values: Item;
}

const FENCE_IS_TIME: FenceClauses = {
  set: 'fence = :now',
  condition: '(attribute_not_exists(fence) OR fence < :now)',
  values: {},
};
const FENCE_GROWS: FenceClauses = {
  set: 'fence = fence + :one',
  condition: 'fence >= :now',
  values: { ':one': number(1) },
};

/**
 * Takes a lease under a fencing number larger than every one before of this item. It is the time in milliseconds, so that it
 * grows also where a redrive moves an event to another item and where what has expired begins anew, as far as clocks agree;
 * one more where another lease was taken in this millisecond, or by a clock that is ahead.
 * @param write with the value `:now`.
 */
export async function withNextFence(
  now: number,
  write: (fence: FenceClauses) => Promise<Written>,
): Promise<Written> {
  const written = await write(FENCE_IS_TIME);
  if ('attributes' in written) return written;
  const { fence, leaseUntil } = written.old ?? {};
  const isAsLarge = (numberOf(fence) ?? 0) >= now;
  const isHeld = heldUntil({ leaseUntil: numberOf(leaseUntil) }, now) !== undefined;
  return isAsLarge && !isHeld ? write(FENCE_GROWS) : written;
}
