import { AsyncLocalStorage } from 'node:async_hooks';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Item } from '../../../functions/aws/dynamodb.ts';
import { providers } from '../../../functions/providers/index.ts';
import type { Setup } from '../../../functions/setup/setup.ts';
import { createTables, LOCAL_TABLES } from '../../../local/dynamodb.ts';
import { type Actor, gateCall, type Performed, type Reported } from './actor.ts';
import { describeCall } from './describe-call.ts';
import { HandClock } from './determinism.ts';
import {
  BUCKET,
  bodyText,
  type Emulator,
  inProcessDynamoDB,
  inProcessSqs,
  transport,
  type WireReply,
  type WireRequest,
} from './emulators.ts';
import { config, QUEUES, queueSpecs, SECRET } from './topology.ts';
import { type ReadItem, Watch, type Write } from './watch.ts';

const ALTERED = 'the object has been altered';
const LEFT_OVER = 'half of it, and the rest is left over';

/** What a service may do instead of what it is asked for, by the label of the call. */
const OTHERWISE = [
  { name: ALTERED, applies: (label: string) => label.startsWith('GET ') },
  { name: LEFT_OVER, applies: (label: string) => label.startsWith('BatchWriteItem ') },
];

const WRITES = ['PutItem', 'UpdateItem', 'DeleteItem'];

/**
 * The embedded DynamoDB and SQS with every call of an invocation stopped at a gate. Calls from outside an
 * invocation (the driver's own) pass.
 */
export class World {
  readonly actors = new AsyncLocalStorage<Actor>();
  readonly clock = new HandClock(this.actors);
  /** DynamoDB sends the item along on which a condition failed. Off: as the stand-in, which does not. */
  sendsConflicts = true;
  /** What the functions have written to their logs. */
  lines: Reported[] = [];
  watch = this.#newWatch();
  readonly setup: Setup;
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly #tables = inProcessDynamoDB();
  readonly #queues = inProcessSqs(queueSpecs);
  #restore: () => void = () => {};

  private constructor() {
    const common = {
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      // A second attempt by the SDK is one of the driver's choices.
      maxAttempts: 1,
      // The stand-ins look at the form of a signature only, and signing would be half of the work.
      signer: {
        sign: async <T extends WireRequest>(request: T) =>
          Object.assign(request, { headers: signed(request) }),
      },
    };
    const dynamodb = this.#gate('dynamodb', this.#tables);
    const sqs = this.#gate('sqs', this.#queues.emulator);
    this.dynamodb = new DynamoDBClient({
      ...common,
      endpoint: 'http://dynamodb',
      requestHandler: transport(dynamodb),
    });
    this.sqs = new SQSClient({ ...common, endpoint: 'http://sqs', requestHandler: transport(sqs) });
    const s3 = new S3Client({
      ...common,
      endpoint: 'http://s3',
      forcePathStyle: true,
      requestHandler: transport(this.#gate('s3', this.#queues.emulator), true),
    });
    this.setup = {
      config,
      dynamodb: this.dynamodb,
      sqs: this.sqs,
      s3: async () => s3,
      packs: providers,
      tables: LOCAL_TABLES,
      inboxQueueUrl: QUEUES.inbox.url,
      bodiesBucket: BUCKET,
      secrets: { get: async () => [SECRET] },
      log: { log: (_, line) => void this.lines.push({ actor: this.actors.getStore(), line }) },
      now: this.clock.now,
    };
  }

  static async start(): Promise<World> {
    const world = new World();
    // The stand-in makes a table active by a timer.
    await createTables(world.dynamodb);
    world.#restore = world.clock.install();
    return world;
  }

  stop(): void {
    this.#restore();
    this.dynamodb.destroy();
    this.sqs.destroy();
  }

  queue(name: keyof typeof QUEUES) {
    return this.#queues.queue(QUEUES[name].name);
  }

  /** Empties tables and queues, so that every history begins with nothing. */
  async clear(): Promise<void> {
    const requests = [...this.watch.touched].flatMap(([table, ids]) =>
      [...ids].map((id) => ({ table, request: { DeleteRequest: { Key: { id: { S: id } } } } })),
    );
    for (let at = 0; at < requests.length; at += 25) {
      const some = Map.groupBy(requests.slice(at, at + 25), ({ table }) => table);
      const RequestItems = Object.fromEntries(
        [...some].map(([table, list]) => [table, list.map(({ request }) => request)]),
      );
      await this.#direct('BatchWriteItem', { RequestItems });
    }
    this.#queues.clear();
    this.clock.reset();
    this.lines = [];
    this.watch = this.#newWatch();
  }

  /** DynamoDB deletes an expired item. */
  async expire(TableName: string, id: string): Promise<void> {
    await this.#direct('DeleteItem', { TableName, Key: { id: { S: id } } });
    this.watch.deleted(TableName, id);
  }

  #newWatch(): Watch {
    return new Watch((table, id) => this.read(table, id), LOCAL_TABLES, this.clock.now);
  }

  /** The driver's own look, past the SDK. */
  readonly read: ReadItem = async (TableName, id) => {
    const reply = await this.#direct('GetItem', { TableName, Key: { id: { S: id } }, ConsistentRead: true });
    return (JSON.parse(reply.body.toString()) as { Item?: Item }).Item;
  };

  #direct(operation: string, input: object): Promise<WireReply> {
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
    };
    const request = { method: 'POST', path: '/', headers, body: JSON.stringify(input) };
    return this.#tables({ ...request, headers: signed(request) });
  }

  #gate(service: 'dynamodb' | 'sqs' | 's3', emulator: Emulator): Emulator {
    return async (request) => {
      const actor = this.actors.getStore();
      if (!actor) return emulator(request);
      const label = describeCall(request);
      const otherwise = OTHERWISE.filter(({ applies }) => applies(label)).map(({ name }) => name);
      return gateCall(actor, { service, label, otherwise }, async (wanted) => {
        if (wanted === ALTERED) this.#queues.alter(request.path.slice(`/${BUCKET}/`.length));
        if (wanted === LEFT_OVER) return this.#half(request, emulator);
        const reply = await emulator(request);
        return service === 'dynamodb'
          ? this.#settled(request, reply, actor)
          : { value: reply, note: noteOf(reply) };
      });
    };
  }

  /** Does the first half of a batch, and leaves the rest over. */
  async #half(request: WireRequest, emulator: Emulator): Promise<Performed<WireReply>> {
    const { RequestItems = {} } = JSON.parse(bodyText(request)) as Conflict;
    const [[table = '', writes = []] = []] = Object.entries(RequestItems);
    const done = Math.floor(writes.length / 2);
    const headers = { 'content-type': 'application/x-amz-json-1.0' };
    if (done > 0) {
      const body = JSON.stringify({ RequestItems: { [table]: writes.slice(0, done) } });
      const { 'content-length': _, ...kept } = request.headers;
      await emulator({ ...request, headers: kept, body });
      for (const { PutRequest } of writes.slice(0, done))
        this.watch.touch(table, PutRequest?.Item?.id?.S ?? '', PutRequest?.Item);
    }
    const body = Buffer.from(JSON.stringify({ UnprocessedItems: { [table]: writes.slice(done) } }));
    return { value: { statusCode: 200, headers, body }, note: `${done} of ${writes.length}` };
  }

  /** Looks at what a call to DynamoDB did, and answers as DynamoDB does. */
  async #settled(request: WireRequest, reply: WireReply, by: Actor): Promise<Performed<WireReply>> {
    const operation = request.headers['x-amz-target']?.split('.')[1] ?? '';
    const body = JSON.parse(bodyText(request)) as Write & Conflict;
    if (reply.statusCode === 200) {
      const change = WRITES.includes(operation) ? await this.watch.saw(body, by) : undefined;
      const batches = operation === 'BatchWriteItem' ? body.RequestItems : undefined;
      for (const [table, writes] of Object.entries(batches ?? {})) {
        for (const { PutRequest } of writes)
          this.watch.touch(table, PutRequest?.Item?.id?.S ?? '', PutRequest?.Item);
      }
      const answered = () => {
        if (change) change.answered = true;
      };
      return { value: reply, note: 'done', answered };
    }
    const note = noteOf(reply);
    if (note !== 'ConditionalCheckFailedException' || !this.sendsConflicts) return { value: reply, note };
    if (body.ReturnValuesOnConditionCheckFailure !== 'ALL_OLD') return { value: reply, note };
    const id = (body.Key ?? body.Item)?.id?.S ?? '';
    const Item = await this.read(body.TableName ?? '', id);
    const error = { ...JSON.parse(reply.body.toString()), ...(Item && { Item }) };
    return { value: { ...reply, body: Buffer.from(JSON.stringify(error)) }, note };
  }
}

interface Conflict {
  readonly ReturnValuesOnConditionCheckFailure?: string;
  readonly RequestItems?: Readonly<Record<string, readonly { PutRequest?: { Item?: Item } }[]>>;
}

function noteOf(reply: WireReply): string {
  if (reply.statusCode === 200) return 'done';
  if (!reply.body.toString().startsWith('{')) return String(reply.statusCode);
  const { __type = String(reply.statusCode) } = JSON.parse(reply.body.toString()) as { __type?: string };
  return __type.slice(__type.lastIndexOf('#') + 1);
}

function signed({ headers }: WireRequest): Record<string, string> {
  return {
    ...headers,
    'x-amz-date': '20260101T000000Z',
    authorization:
      'AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/b/aws4_request, SignedHeaders=host, Signature=c',
  };
}
