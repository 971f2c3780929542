import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { type Item, isConditionFailed, number, text } from '../../aws/dynamodb.ts';
import { hashOf } from '../../core/bounds.ts';
import type { Format } from '../../core/format.ts';
import { State } from '../../core/states.ts';
import { formatMark } from '../format.ts';
import type { Target } from '../update-readable.ts';
import { ledgerId } from './entry.ts';

/** A proof, and the event that came with it. */
export interface Binding {
  readonly source: string;
  readonly proofId: string;
  /** Of the event or the delivery. */
  readonly id: string;
}

/**
 * What remembers a proof is an item among the entries, in the one form in which every release passes it over: a batch that is
 * split, carried no events, is listed nowhere and never arrived.
 */
function bindingItem({ source, proofId, id }: Binding, expiresAt: number, format: Format): Item {
  const key = `proof~${hashOf([proofId])}`;
  return {
    id: text(ledgerId(source, key)),
    source: text(source),
    key: text(key),
    state: text(State.split),
    kind: text('batch'),
    events: number(0),
    boundTo: text(id),
    expiresAt: number(expiresAt),
    ...formatMark(format),
  };
}

/**
 * Binds a proof to the first event that comes with it.
 * @param now and `expiresAt` in epoch seconds.
 * @returns false when it is bound to another one.
 * @throws when DynamoDB does not answer; nothing is known then, and the provider has to try again.
 */
export async function bindProof(
  { client, table, signal }: Pick<Target, 'client' | 'table' | 'signal'>,
  binding: Binding,
  { now, expiresAt, format }: { readonly now: number; readonly expiresAt: number; readonly format: Format },
): Promise<boolean> {
  try {
    await client.send(
      new PutItemCommand({
        TableName: table,
        Item: bindingItem(binding, expiresAt, format),
        ConditionExpression: 'attribute_not_exists(id) OR boundTo = :id OR expiresAt < :now',
        ExpressionAttributeValues: { ':id': text(binding.id), ':now': number(now) },
      }),
      { abortSignal: signal },
    );
    return true;
  } catch (error) {
    if (isConditionFailed(error)) return false;
    throw error;
  }
}
