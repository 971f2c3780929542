/**
 * The ledger remembers every delivery and event: that it was accepted, and what became of it. Its conditional
 * writes are what makes a repeat a repeat.
 */
import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { conflictingItem, type Item, isConditionFailed, number, numberOf, text } from '../shared/dynamodb.ts';
import { UnavailableError } from '../shared/errors.ts';
import { FORMAT, type Format, formatOf, requireReadable } from '../shared/format.ts';
import type { Update } from '../shared/update-readable.ts';
import { claimItem, factAttributes, type LedgerState, ledgerId, type NewEntry } from './entry.ts';
import type { Claim, LedgerOptions, Settlement } from './types.ts';
import { GIVEN_UP, givenUpValues, NOT_SETTLED, notSettledValues, updateEntry } from './update-entry.ts';

export class Ledger {
  /** Whether an entry is marked as queued before its worker settles it. */
  readonly confirms: boolean;
  readonly #listed: boolean;
  readonly #format: Format;
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #retentionSeconds: number;
  readonly #now: () => number;

  /** `now` in epoch milliseconds. */
  constructor(
    client: DynamoDBClient,
    table: string,
    retentionSeconds: number,
    now: () => number,
    { listing, confirmation, format }: LedgerOptions = { listing: true, confirmation: true, format: FORMAT },
  ) {
    this.confirms = confirmation;
    this.#listed = listing;
    this.#format = format;
    this.#client = client;
    this.#table = table;
    this.#retentionSeconds = retentionSeconds;
    this.#now = now;
  }

  /**
   * Claims a delivery or an event. An entry past its time counts as gone, because DynamoDB deletes expired
   * items up to days late.
   * @throws when DynamoDB does not answer; nothing is known then, and the provider has to try again.
   * @throws NewerFormatError when the entry is a newer release's: what its state means is for that release to say.
   */
  async claim(entry: NewEntry, signal?: AbortSignal): Promise<Claim> {
    const id = ledgerId(entry.source, entry.key);
    const now = Math.floor(this.#now() / 1000);
    // Twice at most: the entry that was in the way can vanish (TTL) before it is read back.
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        await this.#client.send(
          new PutItemCommand({
            TableName: this.#table,
            Item: claimItem(entry, now + this.#retentionSeconds, this.#listed, this.#format),
            ConditionExpression: 'attribute_not_exists(id) OR expiresAt < :now',
            ExpressionAttributeValues: { ':now': number(now) },
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
          { abortSignal: signal },
        );
        return 'new';
      } catch (error) {
        if (!isConditionFailed(error)) throw error;
        const old = await conflictingItem(error, { client: this.#client, table: this.#table, id, signal });
        if (!old) continue;
        requireReadable(formatOf(old), 'The entry');
        return old.state?.S === 'claimed' ? 'unconfirmed' : 'duplicate';
      }
    }
    throw new UnavailableError('claim');
  }

  /** Marks a claim as queued. Does nothing when the worker has been faster. */
  async confirm(source: string, key: string, signal?: AbortSignal): Promise<void> {
    await this.#update(
      source,
      key,
      {
        UpdateExpression: 'SET #state = :queued',
        ConditionExpression: '#state = :claimed',
        ExpressionAttributeValues: { ':queued': text('queued'), ':claimed': text('claimed') },
      },
      signal,
    );
  }

  /**
   * Records the outcome. The first one stays, with one exception: what was given up and then went through by
   * another copy of its message has gone through, so an event is applied and a batch is split.
   * @returns false when an outcome was there already.
   * @throws NewerFormatError when the entry is a newer release's, so that its message stays for that one.
   */
  async settle(
    source: string,
    key: string,
    { state, reason, facts, counted }: Settlement,
    signal?: AbortSignal,
  ): Promise<boolean> {
    const attributes: Item = {
      state: text(state),
      settledAt: number(this.#now()),
      ...(facts && factAttributes(facts)),
      ...(reason !== undefined && { reason: text(reason) }),
    };
    const names = Object.keys(attributes);
    const wentThrough = state === 'applied' || state === 'split';
    const sets = names.map((name) => `#${name} = :${name}`).join(', ');
    const update: Update = {
      // A reason that an earlier attempt left behind would contradict the outcome. Whatever a redrive had still
      // to do, the event is through.
      UpdateExpression: `SET ${sets} REMOVE redriving${reason === undefined ? ', #reason' : ''} ADD attempts :one`,
      ConditionExpression: wentThrough ? `(${NOT_SETTLED} OR ${GIVEN_UP})` : NOT_SETTLED,
      ExpressionAttributeNames: Object.fromEntries([...names, 'reason'].map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: {
        ...Object.fromEntries(names.map((name) => [`:${name}`, attributes[name] ?? { NULL: true }])),
        ':one': number(counted ? 0 : 1),
        ...notSettledValues,
        ...(wentThrough && givenUpValues),
      },
    };
    return (await this.#update(source, key, update, signal)) !== undefined;
  }

  /**
   * Counts a failed attempt.
   * @returns the attempts so far, or undefined when the event has been settled meanwhile.
   */
  async recordFailure(source: string, key: string, reason: string): Promise<number | undefined> {
    const attributes = await this.#update(source, key, {
      // `seenAt` tells the audit that the message was there then.
      UpdateExpression: 'SET #state = :retrying, #reason = :reason, seenAt = :now ADD attempts :one',
      ConditionExpression: NOT_SETTLED,
      ExpressionAttributeNames: { '#state': 'state', '#reason': 'reason' },
      ExpressionAttributeValues: {
        ':reason': text(reason),
        ':now': number(this.#now()),
        ':one': number(1),
        ...notSettledValues,
      },
      ReturnValues: 'UPDATED_NEW',
    });
    return attributes && numberOf(attributes.attempts);
  }

  /**
   * Puts a quarantined or dead entry back in flight, with its attempts counted from nought. Until `confirmRedrive`
   * it is marked as `redriving`, with the state that it was in: whoever meets the mark sends the event again, as
   * with a claim that nobody confirmed, because the one who set it may have crashed before the send.
   * @returns the number of this redrive, or undefined when the entry is in neither state.
   */
  async reopen(source: string, key: string): Promise<number | undefined> {
    const reopened = await this.#update(source, key, {
      UpdateExpression:
        'SET redriving = #state, seenAt = :now, #state = :queued, attempts = :zero REMOVE settledAt, reason ADD redrives :one',
      ConditionExpression: GIVEN_UP,
      ExpressionAttributeValues: {
        ':queued': text('queued'),
        ':now': number(this.#now()),
        ':zero': number(0),
        ':one': number(1),
        ...givenUpValues,
      },
      ReturnValues: 'UPDATED_NEW',
    });
    return reopened && (numberOf(reopened.redrives) ?? 0);
  }

  /**
   * Takes the mark away after the send. Only that of the same redrive: a later one may have begun meanwhile, and
   * its own send may still be to come.
   */
  async confirmRedrive(source: string, key: string, redrive: number): Promise<void> {
    await this.#update(source, key, {
      UpdateExpression: 'REMOVE redriving',
      ConditionExpression: 'attribute_exists(redriving) AND redrives = :redrive',
      ExpressionAttributeValues: { ':redrive': number(redrive) },
      ExpressionAttributeNames: {},
    });
  }

  /** Notes how a forced run of an applied event ended. Its outcome stays what it is. */
  async noteForced(source: string, key: string, result: string): Promise<void> {
    await this.#update(source, key, {
      UpdateExpression: 'SET forcedAt = :now, forcedResult = :result',
      ConditionExpression: 'attribute_exists(id)',
      ExpressionAttributeValues: { ':now': number(this.#now()), ':result': text(result) },
      ExpressionAttributeNames: {},
    });
  }

  #update(source: string, key: string, update: Update, signal?: AbortSignal): Promise<Item | undefined> {
    return updateEntry({ client: this.#client, table: this.#table }, source, key, update, signal);
  }
}

export type { Claim, LedgerOptions, Settlement } from './types.ts';
export type { LedgerState };
