/**
 * How the attempts of a handler failed, in an item of its own for each event that failed: the first attempts and the last,
 * beside the payload, which an error may quote. Nothing is decided by it.
 */
import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { type Item, isConditionFailed, number, numberOf, text } from '../aws/dynamodb.ts';
import type { Failure, Failures } from '../core/failure.ts';
import { ledgerId } from './ledger/entry.ts';

/** How the first attempts failed is never replaced: what comes later may be another problem. */
const FIRST = 3;
const KEPT = 20;

export interface FailureStoreOptions {
  readonly retentionSeconds: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Whether messages and stacks are kept, or the classes of errors alone. */
  readonly messages: boolean;
}

export class FailureStore {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #options: FailureStoreOptions;

  /** @param table of the archive. */
  constructor(client: DynamoDBClient, table: string, options: FailureStoreOptions) {
    this.#client = client;
    this.#table = table;
    this.#options = options;
  }

  /** Keeps one more. The SDK may repeat the write: then an attempt stands there twice, with the same time. */
  async add(source: string, id: string, failure: Failure): Promise<void> {
    const { retentionSeconds, now, messages } = this.#options;
    const { message: _message, stack: _stack, ...named } = failure;
    const { Attributes = {} } = await this.#client.send(
      new UpdateItemCommand({
        ...this.#key(source, id),
        UpdateExpression:
          'SET failures = list_append(if_not_exists(failures, :none), :failure), expiresAt = :expiresAt ADD failed :one',
        ExpressionAttributeValues: {
          ':none': { L: [] },
          ':failure': { L: [toItem(messages ? failure : named)] },
          ':expiresAt': number(Math.floor(now() / 1000) + retentionSeconds),
          ':one': number(1),
        },
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    if ((Attributes.failures?.L?.length ?? 0) > KEPT) await this.#drop(source, id);
  }

  /** Undefined when nothing has failed, or it has expired. */
  async get(source: string, id: string): Promise<Failures | undefined> {
    const { Item } = await this.#client.send(
      new GetItemCommand({ ...this.#key(source, id), ConsistentRead: true }),
    );
    const kept = (Item?.failures?.L ?? []).flatMap(({ M }) => (M ? [fromItem(M)] : []));
    return Item && { count: numberOf(Item.failed) ?? kept.length, kept };
  }

  /** The oldest of those behind the first. */
  async #drop(source: string, id: string): Promise<void> {
    try {
      await this.#client.send(
        new UpdateItemCommand({
          ...this.#key(source, id),
          UpdateExpression: `REMOVE failures[${FIRST}]`,
          ConditionExpression: 'size(failures) > :kept',
          ExpressionAttributeValues: { ':kept': number(KEPT) },
        }),
      );
    } catch (error) {
      if (!isConditionFailed(error)) throw error;
    }
  }

  /** No envelope has such an id: the names of sources have no colon. */
  #key(source: string, id: string) {
    return { TableName: this.#table, Key: { id: text(`failures:${ledgerId(source, id)}`) } };
  }
}

function toItem({ at, ms, name, message, stack }: Failure): AttributeValue {
  return {
    M: {
      at: number(at),
      ms: number(ms),
      name: text(name),
      ...(message !== undefined && { message: text(message) }),
      ...(stack !== undefined && { stack: text(stack) }),
    },
  };
}

function fromItem({ at, ms, name, message, stack }: Item): Failure {
  return {
    at: numberOf(at) ?? 0,
    ms: numberOf(ms) ?? 0,
    name: name?.S ?? '',
    ...(message?.S !== undefined && { message: message.S }),
    ...(stack?.S !== undefined && { stack: stack.S }),
  };
}
