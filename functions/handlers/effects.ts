import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { isConditionFailed, number, text } from '../shared/dynamodb.ts';
import { FORMAT, type Format, formatMark } from '../shared/format.ts';

/** Remembers what handlers have done, once per idempotency key. */
export class EffectStore {
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
   * Records an effect unless its key is known. `data` must be free of secrets: the console shows it.
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
            id: text(idempotencyKey),
            handler: text(handler),
            data: text(JSON.stringify(data)),
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
