/**
 * Keeps the envelope of every event for inspection, redrive and replay. It is an item of its own, because
 * DynamoDB bills each update of the ledger by the whole item.
 */
import { BatchWriteItemCommand, type DynamoDBClient, type WriteRequest } from '@aws-sdk/client-dynamodb';
import { number, text } from '../../aws/dynamodb.ts';
import type { Envelope } from '../../core/envelope.ts';
import { NotArchivedError } from '../../core/errors.ts';
import { FORMAT, type Format } from '../../core/format.ts';
import { formatMark } from '../format.ts';
import type { Inbox } from '../inbox.ts';
import { ledgerId } from '../ledger/entry.ts';
import { sendUntilDone } from '../left-over.ts';
import { getReadable, updateReadable } from '../update-readable.ts';
import { packEnvelope, unpackEnvelope } from './pack.ts';

/** Below DynamoDB's 400 KB an item, with room for the keys. */
const MAX_ITEM_BYTES = 390_000;
/** What one BatchWriteItem takes. */
const MAX_BATCH = 25;

export class Archive {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #inbox: Inbox;
  readonly #retentionSeconds: number;
  readonly #now: () => number;
  readonly #format: Format;

  /** `now` in epoch milliseconds. */
  constructor(
    client: DynamoDBClient,
    table: string,
    inbox: Inbox,
    retentionSeconds: number,
    now: () => number,
    format: Format = FORMAT,
  ) {
    this.#client = client;
    this.#table = table;
    this.#inbox = inbox;
    this.#retentionSeconds = retentionSeconds;
    this.#now = now;
    this.#format = format;
  }

  /**
   * Writes envelopes, twice the same being as good as once. What is written again is kept for as long as a fresh one.
   * @throws NotArchivedError that names those whose body S3 has not taken, and those which DynamoDB has left unwritten;
   * all others are archived.
   */
  async put(envelopes: readonly Envelope[]): Promise<void> {
    const byId = new Map(envelopes.map((envelope) => [ledgerId(envelope.source, envelope.id), envelope]));
    const requests: WriteRequest[] = [];
    const left: string[] = [];
    let cause: unknown;
    await Promise.all(
      [...byId].map(async ([id, envelope]) => {
        try {
          requests.push(await this.#writeRequest(id, envelope));
        } catch (error) {
          left.push(id);
          cause = error;
        }
      }),
    );
    for (let start = 0; start < requests.length; start += MAX_BATCH) {
      const unwritten = await this.#write(requests.slice(start, start + MAX_BATCH));
      left.push(...unwritten.map(({ PutRequest }) => PutRequest?.Item?.id?.S ?? ''));
    }
    if (left.length > 0) throw new NotArchivedError(left, { cause });
  }

  /**
   * The envelope of an event, or undefined when it was never archived or has expired. Read consistently: the worker may
   * have written it a moment ago.
   * @throws NewerFormatError
   */
  async get(source: string, id: string): Promise<Envelope | undefined> {
    const target = this.#target(source, id);
    const item = await getReadable(target);
    return item?.envelope?.B && forArchive(unpackEnvelope(target.id, item.envelope.B));
  }

  /** Begins the time of an envelope anew, if it is there. @throws NewerFormatError */
  async keepOn(source: string, id: string): Promise<void> {
    await updateReadable(this.#target(source, id), {
      UpdateExpression: 'SET expiresAt = :expiresAt',
      ConditionExpression: 'attribute_exists(id)',
      ExpressionAttributeValues: { ':expiresAt': number(this.#expiry()) },
    });
  }

  #target(source: string, id: string) {
    const what = `The payload of ${id} of ${source}`;
    return { client: this.#client, table: this.#table, id: ledgerId(source, id), what };
  }

  /** Epoch seconds. */
  #expiry(): number {
    return Math.floor(this.#now() / 1000) + this.#retentionSeconds;
  }

  async #writeRequest(id: string, message: Envelope): Promise<WriteRequest> {
    const envelope = forArchive(message);
    let bytes = packEnvelope(envelope);
    if (bytes.length > MAX_ITEM_BYTES) bytes = packEnvelope(await this.#inbox.park(envelope));
    return {
      PutRequest: {
        Item: {
          id: text(id),
          envelope: { B: bytes },
          ...formatMark(this.#format),
          expiresAt: number(this.#expiry()),
        },
      },
    };
  }

  /** @returns what is left unwritten. */
  #write(requests: readonly WriteRequest[]): Promise<readonly WriteRequest[]> {
    return sendUntilDone(requests, async (batch) => {
      const { UnprocessedItems } = await this.#client.send(
        new BatchWriteItemCommand({ RequestItems: { [this.#table]: batch } }),
      );
      return UnprocessedItems?.[this.#table];
    });
  }
}

/** What is of one message only; an archive of 0.1.0 beside this release does not know all of it. */
function forArchive(message: Envelope): Envelope {
  const {
    force: _force,
    again: _again,
    queuedAt: _queuedAt,
    notBefore: _notBefore,
    place: _place,
    progress: _progress,
    ...envelope
  } = message;
  return envelope;
}
