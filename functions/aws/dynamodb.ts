import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
} from '@aws-sdk/client-dynamodb';

export type Item = Record<string, AttributeValue>;

export const text = (value: string): AttributeValue => ({ S: value });
export const number = (value: number | string): AttributeValue => ({ N: String(value) });

/**
 * The item that made a condition fail, or undefined when it has gone since. DynamoDB sends it along
 * (`ReturnValuesOnConditionCheckFailure`); where a stand-in does not, it is read back consistently. Both are
 * safe, because states, revisions and fencing numbers only move forward.
 */
export async function conflictingItem(
  error: ConditionalCheckFailedException,
  read: { client: DynamoDBClient; table: string; id: string; signal?: AbortSignal },
): Promise<Item | undefined> {
  if (error.Item) return error.Item;
  const { Item } = await read.client.send(
    new GetItemCommand({ TableName: read.table, Key: { id: text(read.id) }, ConsistentRead: true }),
    { abortSignal: read.signal },
  );
  return Item;
}

export function isConditionFailed(error: unknown): error is ConditionalCheckFailedException {
  return error instanceof ConditionalCheckFailedException;
}

/** The text of an attribute, whether string or number. */
export function textOf(attribute: AttributeValue | undefined): string | undefined {
  return attribute?.S ?? attribute?.N;
}

export function numberOf(attribute: AttributeValue | undefined): number | undefined {
  return attribute?.N === undefined ? undefined : Number(attribute.N);
}
