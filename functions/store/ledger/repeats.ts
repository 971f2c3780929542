/**
 * The same bytes and type under another id of the delivery, which nothing signs: a duplicate, and perhaps a captured
 * request. Its entry counts it, for people to see.
 */
import { type Item, text } from '../../aws/dynamodb.ts';

/** Of the ids, so many of the last. */
const KEPT = 5;

/** An id by which a further delivery of an event was told. */
export interface Repeat {
  /** The ids of the last such deliveries, this one included. */
  readonly deliveries: readonly string[];
}

/** What there is to count of a delivery that meets an entry; undefined for a retry, which has the id of the one before. */
export function repeatOf(old: Item, deliveryId: string | undefined): Repeat | undefined {
  const first = old.delivery?.S;
  const others = deliveriesOf(old);
  if (deliveryId === undefined || first === undefined) return undefined;
  if (deliveryId === first || others.includes(deliveryId)) return undefined;
  return { deliveries: [...others, deliveryId].slice(-KEPT) };
}

/** The ids under which an event came again, the last ones. */
export function deliveriesOf({ deliveries }: Item): readonly string[] {
  return deliveries?.L?.flatMap(({ S }) => (S === undefined ? [] : [S])) ?? [];
}

/** One more repeat. Two at once are both counted; of their ids one may be missing. */
export function repeatUpdate({ deliveries }: Repeat) {
  return {
    UpdateExpression: 'SET deliveries = :deliveries ADD repeats :one',
    ConditionExpression: 'attribute_exists(id)',
    ExpressionAttributeNames: {},
    ExpressionAttributeValues: { ':deliveries': { L: deliveries.map(text) }, ':one': { N: '1' } },
  };
}
