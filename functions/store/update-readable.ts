import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { conflictingItem, type Item, isConditionFailed, text } from '../aws/dynamodb.ts';
import { FORMAT, requireReadable } from '../core/format.ts';
import { formatOf } from './format.ts';

/** The item that an update is about. */
export interface Target {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly id: string;
  /** What it is, to begin the sentence of an error. */
  readonly what: string;
  readonly signal?: AbortSignal | undefined;
}

export interface Update {
  readonly UpdateExpression: string;
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues: Item;
  readonly ReturnValues?: 'UPDATED_NEW' | 'ALL_NEW';
}

/** The attributes that `ReturnValues` names, or the item that made the condition fail, if it is still there. */
export type Written = { readonly attributes: Item } | { readonly old: Item | undefined };

/** No newer release has written the item. */
const NOT_NEWER = '(attribute_not_exists(#format) OR #format <= :newestFormat)';

/**
 * One conditional update of an item that this release can read: the clause for that is added here.
 * @throws NewerFormatError when a newer release has written it. It stays as it is, and nothing may be concluded from it.
 */
export async function updateReadable(
  { client, table, id, what, signal }: Target,
  { ConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues, ...update }: Update,
): Promise<Written> {
  try {
    const { Attributes = {} } = await client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: { id: text(id) },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        ...update,
        ConditionExpression: `${NOT_NEWER} AND ${ConditionExpression}`,
        ExpressionAttributeNames: { ...ExpressionAttributeNames, '#format': 'format' },
        ExpressionAttributeValues: { ...ExpressionAttributeValues, ':newestFormat': { N: String(FORMAT) } },
      }),
      { abortSignal: signal },
    );
    return { attributes: Attributes };
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
    const old = await conflictingItem(error, { client, table, id, signal });
    if (old) requireReadable(formatOf(old), what);
    return { old };
  }
}

/**
 * An item that this release can read, read consistently.
 * @throws NewerFormatError when a newer release has written it: nothing may be concluded from it.
 */
export async function getReadable({ client, table, id, what, signal }: Target): Promise<Item | undefined> {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: table, Key: { id: text(id) }, ConsistentRead: true }),
    { abortSignal: signal },
  );
  if (Item) requireReadable(formatOf(Item), what);
  return Item;
}
