import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Item, text } from '../shared/dynamodb.ts';
import { type Update, updateReadable } from '../shared/update-readable.ts';
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

/**
 * One conditional write. Gives the attributes that `ReturnValues` names, or undefined when the condition failed.
 * @param update whose names are `#state` alone by default. Give none where it is not used: DynamoDB refuses unused names.
 * @throws NewerFormatError when that was because a newer release has written the entry: undefined would say that it has
 * its outcome, and its message would be deleted.
 */
export async function updateEntry(
  { client, table }: { client: DynamoDBClient; table: string },
  source: string,
  key: string,
  update: Update,
  signal?: AbortSignal,
): Promise<Item | undefined> {
  const entry = { client, table, id: ledgerId(source, key), what: 'The entry', signal };
  const written = await updateReadable(entry, { ExpressionAttributeNames: { '#state': 'state' }, ...update });
  return 'attributes' in written ? written.attributes : undefined;
}
