import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { conflictingItem, type Item, isConditionFailed, text } from '../shared/dynamodb.ts';
import { formatOf, NOT_NEWER, notNewerNames, notNewerValues, requireReadable } from '../shared/format.ts';
import { ledgerId } from './entry.ts';

/** The clauses of the ledger's conditional writes. */
export const NOT_SETTLED = '#state IN (:claimed, :queued, :retrying)';
export const notSettledValues: Item = {
  ':claimed': text('claimed'),
  ':queued': text('queued'),
  ':retrying': text('retrying'),
};

export const GIVEN_UP = '#state IN (:quarantined, :dead)';
export const givenUpValues: Item = { ':quarantined': text('quarantined'), ':dead': text('dead') };

export interface EntryUpdate {
  readonly UpdateExpression: string;
  readonly ConditionExpression: string;
  readonly ExpressionAttributeValues: Item;
  /** Default: `#state` alone. Give none where the expressions do not use it: DynamoDB refuses unused names. */
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ReturnValues?: 'UPDATED_NEW';
}

/**
 * One conditional write. Gives the attributes that `ReturnValues` names, or undefined when the condition failed.
 * @throws NewerFormatError when that was because a newer release has written the entry: undefined would say that it has
 * its outcome, and its message would be deleted.
 */
export async function updateEntry(
  { client, table }: { client: DynamoDBClient; table: string },
  source: string,
  key: string,
  update: EntryUpdate,
  signal?: AbortSignal,
): Promise<Item | undefined> {
  const id = ledgerId(source, key);
  const { ExpressionAttributeNames = { '#state': 'state' } } = update;
  try {
    const { Attributes } = await client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: { id: text(id) },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        ...update,
        ConditionExpression: `${NOT_NEWER} AND ${update.ConditionExpression}`,
        ExpressionAttributeNames: { ...ExpressionAttributeNames, ...notNewerNames },
        ExpressionAttributeValues: { ...update.ExpressionAttributeValues, ...notNewerValues },
      }),
      { abortSignal: signal },
    );
    return Attributes ?? {};
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
    const old = await conflictingItem(error, { client, table, id, signal });
    if (old) requireReadable(formatOf(old), 'The entry');
    return undefined;
  }
}
