/**
 * Functions that Lambda had frozen, and whose connections the other side has forgotten meanwhile. The
 * process is really stopped each time; the first time for as long as it says, later its clock jumps ahead instead.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { SQSBatchResponse } from 'aws-lambda';
import { Env } from '../../../functions/core/names.ts';
import { bundleFunction } from '../../../infra/bundle.ts';
import { createTables, LOCAL_TABLES, type LocalDynamoDB, startDynamoDB } from '../../../local/dynamodb.ts';
import { LOCAL_BUCKET, type LocalSqs, startSqs } from '../../../local/sqs.ts';
import config from '../../fixtures/inlet.config.ts';
import { startFaultyProxy } from '../../helpers/faulty-proxy.ts';
import { FunctionProcess } from '../../helpers/function-process.ts';
import { OWN_HANDLERS } from '../../helpers/own-handlers.ts';
import { messageEvent, signDotdigital } from '../../helpers/sign.ts';
import { TEST_CREDENTIALS, TEST_ENVIRONMENT } from '../../helpers/sigv4.ts';
import { type SsmServer, startSsm } from '../../helpers/ssm-server.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { gatewayEvent as apiEvent } from '../../unit/api/deployment.ts';
import { gatewayEvent } from './gateway-event.ts';
import { messageRecords } from './message-records.ts';

const ROUNDS = 20;
const CONNECTIONS = 10;
/** Longer than functions/aws/connections.ts trusts a connection that is not in use. */
const FREEZE_MS = 2_200;
const SECRET = 'development-secret-of-dotdigital';

const folder = mkdtempSync(join(tmpdir(), 'inlet-test-'));
let dynamodb: LocalDynamoDB;
let sqs: LocalSqs;
let ssm: SsmServer;

beforeAll(async () => {
  [dynamodb, sqs] = await Promise.all([startDynamoDB(), startSqs(config)]);
  ssm = await startSsm({ '/inlet/test/dotdigital': SECRET });
  const client = new DynamoDBClient({
    region: 'eu-west-1',
    credentials: TEST_CREDENTIALS,
    endpoint: dynamodb.endpoint,
  });
  await createTables(client);
  client.destroy();
});
afterAll(async () => {
  await Promise.all([dynamodb.close(), sqs.close(), ssm.close()]);
  rmSync(folder, { recursive: true });
});

/** A function behind proxies of its own. */
async function start(file: string) {
  const [tables, queues, parameters] = await Promise.all([
    startFaultyProxy(dynamodb.endpoint),
    startFaultyProxy(sqs.endpoint),
    startFaultyProxy(ssm.endpoint),
  ]);
  const fn = await FunctionProcess.start(file, {
    AWS_REGION: 'eu-west-1',
    ...TEST_ENVIRONMENT,
    [Env.ledgerTable]: LOCAL_TABLES.ledger,
    [Env.subjectsTable]: LOCAL_TABLES.subjects,
    [Env.archiveTable]: LOCAL_TABLES.archive,
    [Env.effectsTable]: LOCAL_TABLES.effects,
    [Env.inboxQueueUrl]: `${queues.endpoint}${new URL(sqs.queueUrls.inbox).pathname}`,
    [Env.bodiesBucket]: LOCAL_BUCKET,
    [Env.secretsPath]: '/inlet/test',
    AWS_ENDPOINT_URL_DYNAMODB: tables.endpoint,
    AWS_ENDPOINT_URL_SQS: queues.endpoint,
    AWS_ENDPOINT_URL_S3: queues.endpoint,
    AWS_ENDPOINT_URL_SSM: parameters.endpoint,
  });
  return { fn, tables, proxies: [tables, queues, parameters] };
}

/** What is done with a function. Each gives whether all went well. */
interface Uses {
  /** That takes ten connections at once. */
  readonly operation: string;
  readonly fill: (fn: FunctionProcess) => Promise<boolean>;
  /** Default: the same. */
  readonly use?: (fn: FunctionProcess) => Promise<boolean>;
}

/** Fills the pool, freezes, has the connections forgotten, thaws and uses the function; the rounds that this spoilt. */
async function spoiltRounds(file: string, { operation, fill, use = fill }: Uses): Promise<number> {
  const { fn, tables, proxies } = await start(file);
  let spoilt = 0;
  try {
    for (let round = 0; round < ROUNDS; round++) {
      tables.gathers = { operation, count: CONNECTIONS };
      // Once more where the round before has left dead connections behind.
      await waitFor(() => fill(fn), { deadlineMs: 30_000, what: 'filling the pool' });
      fn.freeze();
      const frozenAt = Date.now();
      for (const proxy of proxies) proxy.forgetConnections();
      const isReal = round === 0;
      if (isReal) await waitFor(() => Date.now() - frozenAt > FREEZE_MS);
      fn.thaw(isReal ? 0 : FREEZE_MS);
      if (!(await use(fn))) spoilt++;
    }
  } finally {
    await fn.stop();
    await Promise.all(proxies.map((proxy) => proxy.close()));
  }
  return spoilt;
}

let events = 0;
const many = () => Array.from({ length: CONNECTIONS }, () => messageEvent(`m-${++events}`, 'sent'));

const bundle = (name: string) =>
  bundleFunction(`functions/${name}.lambda.ts`, config, join(folder, name), OWN_HANDLERS).file;

test('the worker gives no batch back', async () => {
  const fill = async (fn: FunctionProcess) => {
    const Records = messageRecords(many());
    const { answer } = (await fn.invoke({ Records })) as unknown as { answer: SQSBatchResponse };
    return answer.batchItemFailures.length === 0;
  };
  expect(await spoiltRounds(bundle('worker'), { operation: 'UpdateItem', fill })).toBe(0);
}, 120_000);

test('ingest answers nobody 503', async () => {
  const post = async (fn: FunctionProcess, event: unknown) => {
    const body = JSON.stringify(event);
    const { answer } = await fn.invoke(gatewayEvent('dotdigital', body, signDotdigital(body)));
    return answer.statusCode === 202;
  };
  const fill = async (fn: FunctionProcess) =>
    (await Promise.all(many().map((event) => post(fn, event)))).every(Boolean);
  const use = (fn: FunctionProcess) => post(fn, many()[0]);
  expect(await spoiltRounds(bundle('ingest'), { operation: 'PutItem', fill, use })).toBe(0);
}, 120_000);

test('the console goes on', async () => {
  const get = async (fn: FunctionProcess, path: string) =>
    (await fn.invoke(apiEvent('GET', path, { authorization: 'Bearer token' }))).answer.statusCode;
  const fill = async (fn: FunctionProcess) => (await get(fn, '/api/events')) === 200;
  const use = async (fn: FunctionProcess) => (await get(fn, '/api/subjects/dotdigital/none')) === 404;
  const file = join(import.meta.dirname, 'console-function.ts');
  expect(await spoiltRounds(file, { operation: 'Query', fill, use })).toBe(0);
}, 120_000);
