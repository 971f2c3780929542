import { BatchWriteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PurgeQueueCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { composeApi } from '../../../functions/api/compose.ts';
import { type ApiParts, type ApiSetup, createApiParts } from '../../../functions/api/parts.ts';
import { fixedToken } from '../../../functions/api/token.ts';
import { type Item, number, text } from '../../../functions/aws/dynamodb.ts';
import type { InletConfig } from '../../../functions/config/config.ts';
import type { Envelope } from '../../../functions/core/envelope.ts';
import type { State } from '../../../functions/core/states.ts';
import { providers } from '../../../functions/providers/index.ts';
import { claimItem } from '../../../functions/store/ledger/entry.ts';
import { createTables, LOCAL_TABLES } from '../../../local/dynamodb.ts';
import { startSqs } from '../../../local/sqs.ts';
import { startTables } from '../../proof/engines/tables.ts';

export const TOKEN = 'test-token';

const config: InletConfig = {
  sources: {
    dotdigital: { provider: 'dotdigital' },
    chargify: { provider: 'chargify', handler: 'fulfil-order' },
  },
};

/** An event as a test describes it; the rest has defaults. */
export interface Seed {
  readonly source?: string;
  readonly id: string;
  readonly state?: State;
  readonly kind?: 'event' | 'batch';
  readonly events?: number;
  readonly batch?: string;
  readonly type?: string;
  readonly subject?: string;
  readonly tenant?: string;
  readonly revision?: string;
  readonly receivedAt?: number;
  readonly settledAt?: number;
  readonly attempts?: number;
  readonly reason?: string;
  /** Default: true. */
  readonly listed?: boolean;
}

/** Tables and queues of its own, without ingest and worker: tests put there what they would have written. */
export async function startDeployment() {
  const dynamodbServer = await startTables();
  const sqsServer = await startSqs(config);
  const client = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  const dynamodb = new DynamoDBClient({ ...client, endpoint: dynamodbServer.endpoint });
  const sqs = new SQSClient({ ...client, endpoint: sqsServer.endpoint, maxAttempts: 1 });
  await createTables(dynamodb);
  const logged: string[] = [];
  const setup: ApiSetup = {
    config,
    dynamodb,
    sqs,
    s3: () => Promise.reject(new Error('no test needs it')),
    packs: providers,
    tables: LOCAL_TABLES,
    inboxQueueUrl: sqsServer.queueUrls.inbox,
    deadLetterQueueUrl: sqsServer.queueUrls.deadLetters,
    bodiesBucket: sqsServer.bucket,
    secrets: { get: () => Promise.reject(new Error('reading needs no secret')) },
    log: { log: (_level, line) => logged.push(JSON.stringify(line)) },
    now: () => Date.parse('2026-11-20T12:00:00Z'),
  };
  const parts: ApiParts = createApiParts(setup);
  const api = composeApi(setup, fixedToken(TOKEN));
  const put = (table: keyof typeof LOCAL_TABLES, item: Item) =>
    dynamodb.send(new PutItemCommand({ TableName: LOCAL_TABLES[table], Item: item }));

  return {
    setup,
    parts,
    api,
    logged,
    sqsServer,
    put,
    seed: (seed: Seed) => put('ledger', ledgerItem(seed)),
    /** Many at once. */
    async seedMany(seeds: readonly Seed[]) {
      for (let from = 0; from < seeds.length; from += 25) {
        const requests = seeds
          .slice(from, from + 25)
          .map((seed) => ({ PutRequest: { Item: ledgerItem(seed) } }));
        await dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [LOCAL_TABLES.ledger]: requests } }));
      }
    },
    /** Keeps an envelope for the event, as the worker does. */
    archive: (envelope: Partial<Envelope> & { id: string }) => parts.archive.put([envelopeOf(envelope)]),
    /** Puts a message on a queue, whatever it says. */
    send: (queue: keyof typeof sqsServer.queueUrls, body = 'any') =>
      sqs.send(new SendMessageCommand({ QueueUrl: sqsServer.queueUrls[queue], MessageBody: body })),
    /** Takes up to ten messages, which then are invisible. */
    receive: (queue: keyof typeof sqsServer.queueUrls) =>
      sqs.send(new ReceiveMessageCommand({ QueueUrl: sqsServer.queueUrls[queue], MaxNumberOfMessages: 10 })),
    purge: async () => {
      for (const QueueUrl of Object.values(sqsServer.queueUrls)) {
        await sqs.send(new PurgeQueueCommand({ QueueUrl }));
      }
    },
    /** Calls the API with the token. */
    call: async (method: string, path: string, body?: unknown) => {
      const answer = await api(gatewayEvent(method, path, { authorization: `Bearer ${TOKEN}` }, body));
      return { status: answer.statusCode, headers: answer.headers, body: JSON.parse(answer.body ?? '') };
    },
    close: async () => {
      dynamodb.destroy();
      sqs.destroy();
      await Promise.all([dynamodbServer.close(), sqsServer.close()]);
    },
  };
}

export type Deployment = Awaited<ReturnType<typeof startDeployment>>;

export function gatewayEvent(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: unknown,
): APIGatewayProxyEventV2 {
  const [rawPath = '', rawQueryString = ''] = path.split('?');
  return {
    rawPath,
    rawQueryString,
    headers,
    requestContext: { http: { method, path: rawPath } },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    isBase64Encoded: false,
  } as APIGatewayProxyEventV2;
}

/** What the ledger holds of an event. */
export function ledgerItem(seed: Seed): Item {
  const { source = 'dotdigital', id, kind = 'event', receivedAt = 1_000 } = seed;
  const facts = {
    id,
    type: seed.type,
    subject: seed.subject ?? id,
    revision: seed.revision ?? '1',
    ordered: true,
    gate: 'subject' as const,
    state: 'received',
    deleted: false,
    tenant: seed.tenant,
    quarantine: undefined,
    payload: undefined,
  };
  const { events, batch } = seed;
  const entry = {
    source,
    id,
    kind,
    receivedAt,
    ...(events !== undefined && { events }),
    ...(batch !== undefined && { batch }),
    ...(kind === 'event' && { facts, place: { subject: facts.subject, revision: facts.revision } }),
  };
  return {
    ...claimItem(entry, 4_000_000_000, seed.listed),
    state: text(seed.state ?? 'queued'),
    attempts: number(seed.attempts ?? 0),
    ...(seed.settledAt !== undefined && { settledAt: number(seed.settledAt) }),
    ...(seed.reason !== undefined && { reason: text(seed.reason) }),
  };
}

function envelopeOf(envelope: Partial<Envelope> & { id: string }): Envelope {
  return {
    source: 'dotdigital',
    kind: 'event',
    receivedAt: 1_000,
    headers: { 'content-type': 'application/json' },
    subpath: '',
    body: Buffer.from('{"name":"message.read"}').toString('base64'),
    ...envelope,
  };
}
