import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { conflictingItem, isConditionFailed, number } from '../../aws/dynamodb.ts';
import { UnavailableError } from '../../core/errors.ts';
import { type Format, requireReadable } from '../../core/format.ts';
import { State } from '../../core/states.ts';
import { formatOf } from '../format.ts';
import type { Target } from '../update-readable.ts';
import { claimItem, ledgerId, type NewEntry, placeOfItem } from './entry.ts';
import { repeatOf } from './repeats.ts';
import type { Claimed } from './types.ts';

/** How a fresh entry is written. */
interface Writing {
  /** In epoch seconds, as is `expiresAt`. */
  readonly now: number;
  readonly expiresAt: number;
  /** Whether the listing index takes the entry up. */
  readonly listed: boolean;
  readonly format: Format;
}

/**
 * Claims a delivery or an event, by one conditional write. An entry past its time counts as gone, because DynamoDB deletes
 * expired items up to days late.
 * @throws when DynamoDB does not answer; nothing is known then, and the provider has to try again.
 * @throws NewerFormatError when the entry is a newer release's: what its state means is for that release to say.
 */
export async function claimEntry(
  { client, table, signal }: Pick<Target, 'client' | 'table' | 'signal'>,
  entry: NewEntry,
  { now, expiresAt, listed, format }: Writing,
): Promise<Claimed> {
  const id = ledgerId(entry.source, entry.id);
  // Twice at most: the entry that was in the way can vanish (TTL) before it is read back.
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      await client.send(
        new PutItemCommand({
          TableName: table,
          Item: claimItem(entry, expiresAt, listed, format),
          ConditionExpression: 'attribute_not_exists(id) OR expiresAt < :now',
          ExpressionAttributeValues: { ':now': number(now) },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
        { abortSignal: signal },
      );
      return { claim: 'new' };
    } catch (error) {
      if (!isConditionFailed(error)) throw error;
      const old = await conflictingItem(error, { client, table, id, signal });
      if (!old) continue;
      requireReadable(formatOf(old), 'The entry');
      const isUnconfirmed = old.state?.S === State.claimed || old.redriving;
      const repeat = repeatOf(old, entry.facts?.deliveryId);
      return isUnconfirmed
        ? { claim: 'unconfirmed', place: placeOfItem(old), repeat }
        : { claim: 'duplicate', repeat };
    }
  }
  throw new UnavailableError('claim');
}
