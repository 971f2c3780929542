/** Counts what AWS would bill, from the requests that the SDK clients really send. */
import { type AttributeValue, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { ListingIndex } from '../../functions/core/names.ts';
import { itemBytes, readUnits, writeUnits } from './item-size.ts';

type Item = Record<string, AttributeValue>;

interface Input {
  readonly TableName?: string;
  readonly Item?: Item;
  readonly Key?: Item;
  readonly ConsistentRead?: boolean;
  readonly MessageBody?: string;
  readonly RequestItems?: Record<string, { PutRequest?: { Item?: Item } }[]>;
}

export interface Usage {
  /** Write units by what was written: `ledger put`, `subjects update`, `listing index`, … */
  readonly writes: Map<string, number>;
  reads: number;
  /** SQS requests: one for each 64 KB begun. */
  sends: number;
  messageBytes: number;
  /** AWS calls by service, whatever they cost. */
  readonly calls: { dynamodb: number; sqs: number };
  /** Bytes of items that are kept, by table. */
  readonly kept: Map<string, number>;
}

export class Meter {
  usage: Usage = Meter.#fresh();
  readonly #parts: DynamoDBClient;
  readonly #sizes = new Map<string, number>();
  readonly #chunkBytes: number;

  /** Watches the clients; `endpoint` is where the items can be read back, unmetered. */
  constructor(dynamodb: DynamoDBClient, sqs: SQSClient, endpoint: string, chunkBytes: number) {
    this.#chunkBytes = chunkBytes;
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    this.#parts = new DynamoDBClient({ region: 'us-east-1', endpoint, credentials });
    // At the start of the stack, where a command still has its name and its input.
    dynamodb.middlewareStack.add(
      (next, context) => async (args) => {
        try {
          return await next(args);
        } finally {
          await this.#dynamodb(String(context.commandName), args.input as Input);
        }
      },
      { step: 'initialize', name: 'meter' },
    );
    sqs.middlewareStack.add(
      (next, context) => async (args) => {
        this.#sqs(String(context.commandName), args.input as Input);
        return next(args);
      },
      { step: 'initialize', name: 'meter' },
    );
  }

  static #fresh(): Usage {
    return {
      writes: new Map(),
      reads: 0,
      sends: 0,
      messageBytes: 0,
      calls: { dynamodb: 0, sqs: 0 },
      kept: new Map(),
    };
  }

  /** What was used since the last time. */
  take(): Usage {
    const { usage } = this;
    this.usage = Meter.#fresh();
    return usage;
  }

  close(): void {
    this.#parts.destroy();
  }

  async #dynamodb(command: string, input: Input): Promise<void> {
    this.usage.calls.dynamodb += 1;
    const name = command.replace('Command', '');
    const table = input.TableName?.replace('inlet-', '') ?? '';
    if (name === 'BatchWriteItem') {
      for (const [target, requests] of Object.entries(input.RequestItems ?? {}))
        for (const { PutRequest } of requests)
          this.#put(target.replace('inlet-', ''), PutRequest?.Item ?? {});
    } else if (name === 'PutItem') {
      this.#put(table, input.Item ?? {});
    } else if (name === 'UpdateItem') {
      const { Item = {} } = await this.#parts.send(
        new GetItemCommand({ TableName: input.TableName, Key: input.Key, ConsistentRead: true }),
      );
      this.#wrote(table, `${table} update`, String(input.Key?.id?.S), itemBytes(Item));
    } else if (name === 'GetItem') {
      const bytes = this.#sizes.get(`${table} ${input.Key?.id?.S}`) ?? 0;
      this.usage.reads += readUnits(bytes, input.ConsistentRead ?? false);
    } else throw new Error(`the meter does not know what ${name} costs`);
  }

  #put(table: string, item: Item): void {
    this.#wrote(table, `${table} put`, String(item.id?.S), itemBytes(item));
    if (item[ListingIndex.partitionKey]) {
      const keys = { id: item.id, listing: item.listing, receivedAt: item.receivedAt } as Item;
      add(this.usage.writes, 'listing index', writeUnits(itemBytes(keys)));
      add(this.usage.kept, 'listing index', itemBytes(keys) + INDEX_OVERHEAD);
    }
  }

  /** An update is billed by the larger of what was there and what is there. */
  #wrote(table: string, what: string, id: string, bytes: number): void {
    const before = this.#sizes.get(`${table} ${id}`) ?? 0;
    this.#sizes.set(`${table} ${id}`, bytes);
    add(this.usage.writes, what, writeUnits(Math.max(bytes, before)));
    add(this.usage.kept, table, bytes - before + (before === 0 ? INDEX_OVERHEAD : 0));
  }

  #sqs(command: string, { MessageBody = '' }: Input): void {
    this.usage.calls.sqs += 1;
    if (command !== 'SendMessageCommand') throw new Error(`the meter does not know what ${command} costs`);
    this.usage.sends += Math.ceil(Buffer.byteLength(MessageBody) / this.#chunkBytes);
    this.usage.messageBytes += Buffer.byteLength(MessageBody);
  }
}

/** DynamoDB adds 100 bytes to each item for its index, when it bills storage. */
const INDEX_OVERHEAD = 100;

function add(map: Map<string, number>, key: string, value: number): void {
  map.set(key, (map.get(key) ?? 0) + value);
}
