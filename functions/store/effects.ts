import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { isConditionFailed, number, text } from '../aws/dynamodb.ts';
import { boundKey, boundText, MAX_ID_BYTES } from '../core/bounds.ts';
import { FORMAT, type Format } from '../core/format.ts';
import type { Effects } from '../core/handler.ts';
import { stringifyJson } from '../parsing/json.ts';
import { formatMark } from './format.ts';

/** Below DynamoDB's 400 KB an item, with room for the key. */
const MAX_DATA_BYTES = 390_000;
/** Characters that longer data keep. */
const KEPT = 1_000;

/** Remembers what handlers have done, once per idempotency key. */
export class EffectStore implements Effects {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #now: () => number;
  readonly #format: Format;

  constructor(client: DynamoDBClient, table: string, now: () => number, format: Format = FORMAT) {
    this.#client = client;
    this.#table = table;
    this.#now = now;
    this.#format = format;
  }

  /**
   * Records an effect unless its key is known. `data` must be free of secrets: the console shows it. Of what fits into
   * no item the beginning is kept.
   * @returns false when it was there already, which is then left as it is.
   */
  async record(
    idempotencyKey: string,
    handler: string,
    data: Readonly<Record<string, unknown>>,
  ): Promise<boolean> {
    try {
      await this.#client.send(
        new PutItemCommand({
          TableName: this.#table,
          Item: {
            id: text(boundKey(idempotencyKey, MAX_ID_BYTES)),
            handler: text(boundText(handler)),
            data: text(dataText(data)),
            recordedAt: number(this.#now()),
            ...formatMark(this.#format),
          },
          ConditionExpression: 'attribute_not_exists(id)',
        }),
      );
      return true;
    } catch (error) {
      if (isConditionFailed(error)) return false;
      throw error;
    }
  }
}

/** An effect that DynamoDB refused to record would happen again, so that the data are what gives way. */
function dataText(data: Readonly<Record<string, unknown>>): string {
  const json = stringifyJson(data);
  return Buffer.byteLength(json) <= MAX_DATA_BYTES ? json : stringifyJson({ cut: boundText(json, KEPT) });
}
