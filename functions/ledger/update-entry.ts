import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { type Item, isConditionFailed, text } from '../shared/dynamodb.ts';
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
  /** Default: `#state` alone. Give undefined where the expressions do not use it: DynamoDB refuses unused names. */
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ReturnValues?: 'UPDATED_NEW';
}

/** One conditional write. Gives the attributes that `ReturnValues` names, or undefined when the condition failed. */
export async function updateEntry(
  { client, table }: { client: DynamoDBClient; table: string },
  source: string,
  key: string,
  update: EntryUpdate,
  signal?: AbortSignal,
): Promise<Item | undefined> {
  try {
    const { Attributes } = await client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: { id: text(ledgerId(source, key)) },
        ExpressionAttributeNames: { '#state': 'state' },
        ...update,
      }),
      { abortSignal: signal },
    );
    return Attributes ?? {};
  } catch (error) {
    if (isConditionFailed(error)) return undefined;
    throw error;
  }
}
