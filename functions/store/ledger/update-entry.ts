import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Item, text } from '../../aws/dynamodb.ts';
import type { State } from '../../core/states.ts';
import { type Update, updateReadable, type Written } from '../update-readable.ts';
import { ledgerId } from './entry.ts';

/** The clause that an entry is in one of these states, with its values. */
export function isIn(states: readonly State[]): { readonly clause: string; readonly values: Item } {
  return {
    clause: `#state IN (${states.map((state) => `:is_${state}`).join(', ')})`,
    values: Object.fromEntries(states.map((state) => [`:is_${state}`, text(state)])),
  };
}

/**
 * One conditional write. Gives the attributes that `ReturnValues` names, or the entry that did not meet the condition:
 * undefined when there is none, which says nothing of its outcome.
 * @param update whose names are `#state` alone by default. Give none where it is not used: DynamoDB refuses unused names.
 * @throws NewerFormatError when the condition failed because a newer release has written the entry.
 */
export function updateEntry(
  { client, table }: { client: DynamoDBClient; table: string },
  source: string,
  id: string,
  update: Update,
  signal?: AbortSignal,
): Promise<Written> {
  const entry = { client, table, id: ledgerId(source, id), what: 'The entry', signal };
  return updateReadable(entry, { ExpressionAttributeNames: { '#state': 'state' }, ...update });
}
