/**
 * The ledger remembers every delivery and event: that it was accepted, and what became of it. Its conditional
 * writes are what makes a repeat a repeat.
 */
import { type DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { EventFacts } from '../parsing/describe.ts';
import { conflictingItem, type Item, isConditionFailed, number, numberOf, text } from '../shared/dynamodb.ts';
import { UnavailableError } from '../shared/errors.ts';
import { claimItem, factAttributes, type LedgerState, ledgerId, type NewEntry } from './entry.ts';

/**
 * `new`: nobody had it. `unconfirmed`: somebody claimed it and may have crashed before it reached the queue, so
 * it has to be sent again. `duplicate`: it is on the queue or past it.
 */
export type Claim = 'new' | 'unconfirmed' | 'duplicate';

/** The outcome of an event, to be written down once. */
export interface Settlement {
  readonly state: 'applied' | 'stale' | 'quarantined' | 'dead' | 'split';
  readonly reason?: string;
  /** What the worker read from the event, which may know more than ingest did. */
  readonly facts?: EventFacts;
  /** True when `recordFailure` has counted this attempt already. */
  readonly counted?: boolean;
}

const NOT_SETTLED = '#state IN (:claimed, :queued, :retrying)';
const notSettledValues: Item = {
  ':claimed': text('claimed'),
  ':queued': text('queued'),
  ':retrying': text('retrying'),
};

const GIVEN_UP = '#state IN (:quarantined, :dead)';
const givenUpValues: Item = { ':quarantined': text('quarantined'), ':dead': text('dead') };

export class Ledger {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #retentionSeconds: number;
  readonly #now: () => number;

  /** `now` in epoch milliseconds. */
  constructor(client: DynamoDBClient, table: string, retentionSeconds: number, now: () => number) {
    this.#client = client;
    this.#table = table;
    this.#retentionSeconds = retentionSeconds;
    this.#now = now;
  }

  /**
   * Claims a delivery or an event. An entry past its time counts as gone, because DynamoDB deletes expired
   * items up to days late.
   * @throws when DynamoDB does not answer; nothing is known then, and the provider has to try again.
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
            Item: claimItem(entry, now + this.#retentionSeconds),
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
        if (old) return old.state?.S === 'claimed' ? 'unconfirmed' : 'duplicate';
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
   * Records the outcome. The first one stays, with one exception: the gate has the last word, so an event that
   * was given up and then applied by another copy of its message is applied.
   * @returns false when an outcome was there already.
   */
  async settle(source: string, key: string, { state, reason, facts, counted }: Settlement): Promise<boolean> {
    const attributes: Item = {
      state: text(state),
      settledAt: number(this.#now()),
      ...(facts && factAttributes(facts)),
      ...(reason !== undefined && { reason: text(reason) }),
    };
    const names = Object.keys(attributes);
    const sets = names.map((name) => `#${name} = :${name}`).join(', ');
    const settled = await this.#update(source, key, {
      // A reason that an earlier attempt left behind would contradict the outcome.
      UpdateExpression: `SET ${sets}${reason === undefined ? ' REMOVE #reason' : ''} ADD attempts :one`,
      ConditionExpression: state === 'applied' ? `(${NOT_SETTLED} OR ${GIVEN_UP})` : NOT_SETTLED,
      ExpressionAttributeNames: Object.fromEntries([...names, 'reason'].map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: {
        ...Object.fromEntries(names.map((name) => [`:${name}`, attributes[name] ?? { NULL: true }])),
        ':one': number(counted ? 0 : 1),
        ...notSettledValues,
        ...(state === 'applied' && givenUpValues),
      },
    });
    return settled !== undefined;
  }

  /**
   * Counts a failed attempt.
   * @returns the attempts so far, or undefined when the event has been settled meanwhile.
   */
  async recordFailure(source: string, key: string, reason: string): Promise<number | undefined> {
    const attributes = await this.#update(source, key, {
      UpdateExpression: 'SET #state = :retrying, #reason = :reason ADD attempts :one',
      ConditionExpression: NOT_SETTLED,
      ExpressionAttributeNames: { '#state': 'state', '#reason': 'reason' },
      ExpressionAttributeValues: { ':reason': text(reason), ':one': number(1), ...notSettledValues },
      ReturnValues: 'UPDATED_NEW',
    });
    return attributes && numberOf(attributes.attempts);
  }

  /**
   * Puts a quarantined or dead entry back in flight, with its attempts counted from nought.
   * @returns false when it is in neither state, so that two redrives at once send it once.
   */
  async reopen(source: string, key: string): Promise<boolean> {
    const reopened = await this.#update(source, key, {
      UpdateExpression: 'SET #state = :queued, attempts = :zero REMOVE settledAt, reason',
      ConditionExpression: GIVEN_UP,
      ExpressionAttributeValues: {
        ':queued': text('queued'),
        ':zero': number(0),
        ...givenUpValues,
      },
    });
    return reopened !== undefined;
  }

  /** The attributes that `ReturnValues` names, or undefined when the condition failed. */
  async #update(
    source: string,
    key: string,
    input: {
      UpdateExpression: string;
      ConditionExpression: string;
      ExpressionAttributeValues: Item;
      ExpressionAttributeNames?: Record<string, string>;
      ReturnValues?: 'UPDATED_NEW';
    },
    signal?: AbortSignal,
  ): Promise<Item | undefined> {
    try {
      const { Attributes } = await this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: { id: text(ledgerId(source, key)) },
          ExpressionAttributeNames: { '#state': 'state' },
          ...input,
        }),
        { abortSignal: signal },
      );
      return Attributes ?? {};
    } catch (error) {
      if (isConditionFailed(error)) return undefined;
      throw error;
    }
  }
}

export type { LedgerState };
