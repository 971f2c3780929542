/**
 * The largest bodies that Lambda lets in, of the kinds that take the most memory to read: no function needs more than it
 * has.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { InletConfig } from '../../../functions/config/config.ts';
import { encodeEnvelope } from '../../../functions/core/envelope.ts';
import { Env } from '../../../functions/core/names.ts';
import { bundleFunction } from '../../../infra/bundle.ts';
import { createTables, LOCAL_TABLES, type LocalDynamoDB, startDynamoDB } from '../../../local/dynamodb.ts';
import { LOCAL_BUCKET, type LocalSqs, startSqs } from '../../../local/sqs.ts';
import { FunctionProcess } from '../../helpers/function-process.ts';
import { TEST_CREDENTIALS, TEST_ENVIRONMENT } from '../../helpers/sigv4.ts';

const config: InletConfig = { sources: { any: { provider: 'tasks', unsigned: true } } };
const folder = mkdtempSync(join(tmpdir(), 'inlet-test-'));
const client = { region: 'eu-west-1', credentials: TEST_CREDENTIALS };

let dynamodb: LocalDynamoDB;
let sqs: LocalSqs;
let s3: S3Client;
let environment: Record<string, string>;
const files = { ingest: '', worker: '', deadLetters: '' };

beforeAll(async () => {
  for (const name of ['ingest', 'worker', 'deadLetters'] as const) {
    const entry = `functions/${name.replace('L', '-l')}.lambda.ts`;
    files[name] = bundleFunction(entry, config, join(folder, name)).file;
  }
  [dynamodb, sqs] = await Promise.all([startDynamoDB(), startSqs(config)]);
  s3 = new S3Client({ ...client, endpoint: sqs.endpoint, forcePathStyle: true });
  await createTables(new DynamoDBClient({ ...client, endpoint: dynamodb.endpoint }));
  environment = {
    AWS_REGION: 'eu-west-1',
    ...TEST_ENVIRONMENT,
    [Env.ledgerTable]: LOCAL_TABLES.ledger,
    [Env.subjectsTable]: LOCAL_TABLES.subjects,
    [Env.archiveTable]: LOCAL_TABLES.archive,
    [Env.effectsTable]: LOCAL_TABLES.effects,
    [Env.inboxQueueUrl]: sqs.queueUrls.inbox,
    [Env.bodiesBucket]: LOCAL_BUCKET,
    [Env.secretsPath]: '/inlet/test',
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
    AWS_ENDPOINT_URL_SQS: sqs.endpoint,
    AWS_ENDPOINT_URL_S3: sqs.endpoint,
  };
}, 60_000);
afterAll(async () => {
  await Promise.all([dynamodb.close(), sqs.close()]);
  rmSync(folder, { recursive: true, force: true });
});

const BYTES = 5_600_000;
/** One event, whose list is as long as it may be. */
const bodyOf = (id: number, list: string) => `{"batchid":"b","id":${id},"list":[${list}]}`;

/** An item repeated until there are so many bytes. */
function listOf(item: (n: number) => string): string {
  const items: string[] = [];
  for (let bytes = 0, n = 0; bytes < BYTES; n++) {
    const text = item(n);
    items.push(text);
    bytes += Buffer.byteLength(text) + 1;
  }
  return items.join(',');
}

const ITEMS: Readonly<Record<string, (n: number) => string>> = {
  'tiny objects with long numbers': () => '{"a":12345678901234567}',
  'objects with a name each': (n) => `{"k${n}":1}`,
  'short numbers beside a long one': (n) => (n === 0 ? '12345678901234567' : '1'),
  'empty objects': () => '{}',
  'letters beyond Latin': () => '"привет"',
};
/** All of them take minutes: in CI those that once took more than there was. */
const KINDS = Object.entries(ITEMS).slice(0, process.env.CI ? 2 : undefined);

/** A function with so many MB, with the flags that Lambda's runtime gives Node. */
function start(file: string, megabytes: number): Promise<FunctionProcess> {
  const flags = [
    `--max-old-space-size=${Math.floor(megabytes * 0.9)}`,
    `--max-semi-space-size=${Math.floor(megabytes * 0.05)}`,
  ];
  return FunctionProcess.start(file, environment, flags);
}

/** A request as API Gateway hands it to ingest. */
const eventOf = (body: string) => ({
  version: '2.0',
  rawPath: '/webhooks/any',
  rawQueryString: '',
  headers: { 'content-type': 'application/json' },
  requestContext: {
    domainName: 'example',
    requestId: 'r',
    http: { method: 'POST', path: '/webhooks/any' },
  },
  body,
  isBase64Encoded: false,
});

/** Messages whose bodies are in S3. */
async function parked(name: string, list: string, count: number) {
  const records = [];
  for (let n = 0; n < count; n++) {
    const Body = Buffer.from(bodyOf(n, list));
    const key = `bodies/any/${name.replaceAll(' ', '-')}/${n}`;
    await s3.send(new PutObjectCommand({ Bucket: LOCAL_BUCKET, Key: key, Body }));
    const reference = { key, sha256: createHash('sha256').update(Body).digest('hex'), bytes: Body.length };
    const common = {
      source: 'any',
      kind: 'event',
      receivedAt: Date.now(),
      headers: {},
      subpath: '',
    } as const;
    records.push({
      messageId: `m${n}`,
      receiptHandle: 'r',
      attributes: { ApproximateReceiveCount: '1' },
      body: encodeEnvelope({ ...common, id: `${name} ${n}`, reference }),
    });
  }
  return records;
}

/**
 * They are read one after the other, so that all but the last are garbage: from the third one on a batch takes no more
 * memory, measured with five. Bodies in the messages themselves, at most 6 MB in a batch, are too small to add to it.
 */
const BODIES = 3;

test('is measured without what the process had that started it', async () => {
  const here = Buffer.alloc(300_000_000, 1);
  const ingest = await start(files.ingest, 256);
  const { megabytes } = await ingest.invoke(eventOf(bodyOf(0, '')));
  expect(megabytes).toBeLessThan(here.length / 1024 / 1024);
  await ingest.stop();
}, 60_000);

describe.each(KINDS)('of %s', (kind, item) => {
  let list: string;
  let Records: Awaited<ReturnType<typeof parked>>;
  beforeAll(async () => {
    list = listOf(item);
    Records = await parked(kind, list, BODIES);
  }, 60_000);

  test('ingest, of 256 MB, takes a body', async () => {
    const ingest = await start(files.ingest, 256);
    const { answer, megabytes } = await ingest.invoke(eventOf(bodyOf(1, list)));
    console.log(`ingest, ${kind}: ${Math.round(megabytes)} MB`);
    expect(answer.statusCode).toBe(200);
    expect(megabytes).toBeLessThan(256);
    await ingest.stop();
  }, 60_000);

  test('the worker, of 512 MB, takes a batch of such bodies', async () => {
    const worker = await start(files.worker, 512);
    const { answer, megabytes } = await worker.invoke({ Records });
    console.log(`worker, ${kind}: ${Math.round(megabytes)} MB`);
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(megabytes).toBeLessThan(512);
    await worker.stop();
  }, 60_000);

  test('the function behind the dead-letter queue, of 512 MB, takes a batch of such bodies', async () => {
    const deadLetters = await start(files.deadLetters, 512);
    const { answer, megabytes } = await deadLetters.invoke({ Records });
    console.log(`dead letters, ${kind}: ${Math.round(megabytes)} MB`);
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(megabytes).toBeLessThan(512);
    await deadLetters.stop();
  }, 60_000);
});
