/** The writes that end a handler's lease, on its subject or on its event's own entry. */
import { number, text } from '../../aws/dynamodb.ts';
import { FENCE_IS_OURS, LEASE } from '../lease.ts';
import type { Update, Written } from '../update-readable.ts';
import { NOT_FORCED_YET } from './conditions.ts';
import { REMEMBER_FORCED } from './subject.ts';

/** Gives back what a handler has failed for, so that the next attempt need not wait for the lease. */
export function released(fence: number): Update {
  return {
    UpdateExpression: `REMOVE ${LEASE.join(', ')}`,
    ConditionExpression: FENCE_IS_OURS,
    ExpressionAttributeNames: {},
    ExpressionAttributeValues: { ':fence': number(fence) },
  };
}

/** Marks an operator's request `force` as carried out. Nothing else changes: the event has been applied already. */
export function carriedOut(force: string, fence: number): Update {
  return {
    UpdateExpression: `SET ${REMEMBER_FORCED}, forcedBy = :force REMOVE ${LEASE.join(', ')}`,
    ConditionExpression: `${FENCE_IS_OURS} AND ${NOT_FORCED_YET}`,
    ExpressionAttributeNames: {},
    ExpressionAttributeValues: { ':fence': number(fence), ':force': text(force), ':none': text('') },
  };
}

/** Whether that write has happened, be it that it was refused by itself because its answer was lost. */
export function isCarriedOut(written: Written, force: string): boolean {
  return 'attributes' in written || written.old?.forcedBy?.S === force;
}
