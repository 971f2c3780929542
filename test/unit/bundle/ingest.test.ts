/** The deployed ingest function, as a plain file in a process of its own, against the stand-ins. */
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PurgeQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { InletConfig } from '../../../functions/config/config.ts';
import { decodeEnvelope } from '../../../functions/core/envelope.ts';
import { Env } from '../../../functions/core/names.ts';
import { DEVELOPMENT_KEY_ID, signToken } from '../../../functions/verification/token.ts';
import { bundleFunction } from '../../../infra/bundle.ts';
import { createTables, LOCAL_TABLES, type LocalDynamoDB, startDynamoDB } from '../../../local/dynamodb.ts';
import { LOCAL_BUCKET, type LocalSqs, startSqs } from '../../../local/sqs.ts';
import { type FaultyProxy, startFaultyProxy } from '../../helpers/faulty-proxy.ts';
import { FunctionProcess } from '../../helpers/function-process.ts';
import { TEST_CREDENTIALS, TEST_ENVIRONMENT } from '../../helpers/sigv4.ts';
import { type SsmServer, startSsm } from '../../helpers/ssm-server.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const key = { ...publicKey.export({ format: 'jwk' }), kid: DEVELOPMENT_KEY_ID, alg: 'RS256', use: 'sig' };
const issuer = { issuer: 'https://issuer.example.com', audience: 'inlet' };
const config: InletConfig = {
  sources: {
    dotdigital: { provider: 'dotdigital' },
    tokens: { provider: 'jwt', options: { ...issuer, jwks: { keys: [key] } } },
  },
};
const SECRET = 'a-secret-of-at-least-16';
const folder = mkdtempSync(join(tmpdir(), 'inlet-test-'));

let dynamodb: LocalDynamoDB;
let sqs: LocalSqs;
let tables: FaultyProxy;
let queues: FaultyProxy;
let ssm: SsmServer;
let file: string;
let ingest: FunctionProcess;

const client = { region: 'eu-west-1', credentials: TEST_CREDENTIALS };
const sqsClient = () => new SQSClient({ ...client, endpoint: sqs.endpoint });

/** What Lambda sets, what the stack sets, and the standard variables that point the SDK elsewhere. */
function environment(): Record<string, string> {
  return {
    AWS_REGION: 'eu-west-1',
    ...TEST_ENVIRONMENT,
    AWS_LAMBDA_FUNCTION_NAME: 'ingest',
    _X_AMZN_TRACE_ID: 'Root=1-environment',
    [Env.ledgerTable]: LOCAL_TABLES.ledger,
    [Env.inboxQueueUrl]: `${queues.endpoint}${new URL(sqs.queueUrls.inbox).pathname}`,
    [Env.bodiesBucket]: LOCAL_BUCKET,
    [Env.secretsPath]: '/inlet/test',
    AWS_ENDPOINT_URL_DYNAMODB: tables.endpoint,
    AWS_ENDPOINT_URL_SQS: queues.endpoint,
    AWS_ENDPOINT_URL_S3: queues.endpoint,
    AWS_ENDPOINT_URL_SSM: ssm.endpoint,
  };
}

let events = 0;

/** A signed message event as the gateway hands it over; each is another one. */
function webhook({ padding = 0 } = {}) {
  const body = JSON.stringify({
    eventId: `event-${++events}`,
    apiSpaceId: 'space',
    name: 'message.sent',
    payload: { id: 'message', text: 'x'.repeat(padding) },
    revision: 0,
  });
  return {
    version: '2.0',
    routeKey: 'ANY /webhooks/{proxy+}',
    rawPath: '/webhooks/dotdigital',
    rawQueryString: '',
    headers: {
      'content-type': 'application/json',
      'x-comapi-signature': createHmac('sha1', SECRET).update(body).digest('hex'),
    },
    requestContext: {
      domainName: 'example.execute-api.eu-west-1.amazonaws.com',
      requestId: 'request',
      http: { method: 'POST', path: '/webhooks/dotdigital' },
    },
    body,
    isBase64Encoded: false,
  };
}

const outcomeOf = ({ answer }: { answer: { headers?: Record<string, unknown> } }) =>
  answer.headers?.['inlet-outcome'];
const operations = (proxy: FaultyProxy) => proxy.passed.map(({ operation }) => operation);

async function messages(): Promise<string[]> {
  const { Messages = [] } = await sqsClient().send(
    new ReceiveMessageCommand({ QueueUrl: sqs.queueUrls.inbox, MaxNumberOfMessages: 10 }),
  );
  return Messages.map(({ Body }) => Body ?? '');
}

beforeAll(async () => {
  [dynamodb, sqs] = await Promise.all([startDynamoDB(), startSqs(config)]);
  await createTables(new DynamoDBClient({ ...client, endpoint: dynamodb.endpoint }));
  [tables, queues] = await Promise.all([startFaultyProxy(dynamodb.endpoint), startFaultyProxy(sqs.endpoint)]);
  file = bundleFunction('functions/ingest.lambda.ts', config, join(folder, 'ingest')).file;
});
beforeEach(async () => {
  ssm = await startSsm({ '/inlet/test/dotdigital': JSON.stringify([SECRET]) });
  for (const proxy of [tables, queues]) {
    proxy.hangs = false;
    proxy.passed.length = 0;
    proxy.faults.length = 0;
  }
  ingest = await FunctionProcess.start(file, environment());
});
afterEach(async () => {
  await ingest.stop();
  await ssm.close();
  await sqsClient().send(new PurgeQueueCommand({ QueueUrl: sqs.queueUrls.inbox }));
});
afterAll(async () => {
  await Promise.all([tables.close(), queues.close()]);
  await Promise.all([dynamodb.close(), sqs.close()]);
  rmSync(folder, { recursive: true });
});

describe('the bundled ingest function', () => {
  test('accepts a signed webhook with three calls and a repeat with one', async () => {
    const event = webhook();
    const first = await ingest.invoke(event);
    expect([first.answer.statusCode, outcomeOf(first)]).toEqual([202, 'accepted']);
    expect([operations(tables), operations(queues)]).toEqual([['PutItem', 'UpdateItem'], ['SendMessage']]);

    const envelope = decodeEnvelope((await messages())[0] ?? '');
    expect(Buffer.from(envelope.body ?? '', 'base64').toString()).toBe(event.body);

    const second = await ingest.invoke(event);
    expect([second.answer.statusCode, outcomeOf(second)]).toEqual([202, 'duplicate']);
    // The stand-in does not return the item that was in the way, so it is read back; DynamoDB does.
    expect(operations(tables).slice(2)).toEqual(['PutItem', 'GetItem']);
    expect(operations(queues)).toEqual(['SendMessage']);
    expect(ssm.asked).toEqual(['/inlet/test/dotdigital']);
  });

  test('signs with the key, session token and region of its environment', async () => {
    await ingest.invoke(webhook());
    const passed = [...tables.passed, ...queues.passed];
    expect(passed.map(({ signed }) => signed)).toEqual([true, true, true]);
    for (const { headers } of passed) expect(headers.authorization).toContain('/eu-west-1/');
  });

  test('verifies a token, with code that it loads then', async () => {
    const event = { ...webhook(), rawPath: '/webhooks/tokens' };
    const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const headers = signToken(
      { ...issuer, jwksUri: '', accepts: () => true, sampleClaims: {} },
      {
        secret: Buffer.from(pem).toString('base64'),
        now: Date.now(),
        request: {
          method: 'POST',
          url: '',
          subpath: '',
          headers: {},
          body: Buffer.from(event.body),
          receivedAt: 0,
        },
        options: {},
      },
    );
    expect(outcomeOf(await ingest.invoke({ ...event, headers }))).toBe('accepted');
    const forged = { authorization: `${headers.authorization}AAAA` };
    expect(outcomeOf(await ingest.invoke({ ...event, headers: forged }))).toBe('rejected');
  });

  test('speaks TLS, as it does to AWS', async () => {
    const secure = await startFaultyProxy(dynamodb.endpoint, true);
    await ingest.stop();
    ingest = await FunctionProcess.start(file, {
      ...environment(),
      AWS_ENDPOINT_URL_DYNAMODB: secure.endpoint,
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
    });
    expect(outcomeOf(await ingest.invoke(webhook()))).toBe('accepted');
    expect(operations(secure)).toEqual(['PutItem', 'UpdateItem']);
    await secure.close();
  });

  test('takes other settings of the SDK from its environment', async () => {
    await ingest.stop();
    ingest = await FunctionProcess.start(file, { ...environment(), AWS_SDK_UA_APP_ID: 'inlet-test' });
    await ingest.invoke(webhook());
    for (const { headers } of tables.passed) expect(headers['user-agent']).toContain('app/inlet-test');
  });

  test('passes the trace of the invocation on', async () => {
    await ingest.invoke(webhook());
    for (const { headers } of [...tables.passed, ...queues.passed])
      expect(headers['x-amzn-trace-id']).toBe('Root=1-environment');
  });

  test('passes on the trace that the runtime keeps for it', async () => {
    await ingest.stop();
    ingest = await FunctionProcess.start(file, { ...environment(), RUNTIME_TRACE_ID: 'Root=1-runtime' });
    await ingest.invoke(webhook());
    for (const { headers } of [...tables.passed, ...queues.passed])
      expect(headers['x-amzn-trace-id']).toBe('Root=1-runtime');
  });

  test('keeps its connections', async () => {
    for (let n = 0; n < 3; n++) await ingest.invoke(webhook());
    for (const { headers } of tables.passed) expect(headers.connection).toBe('keep-alive');
  });

  test('refuses a wrong signature and calls nothing but SSM', async () => {
    const refused = await ingest.invoke({ ...webhook(), body: '{"altered":true}' });
    expect([refused.answer.statusCode, outcomeOf(refused)]).toEqual([401, 'rejected']);
    expect([tables.passed, queues.passed]).toEqual([[], []]);
  });

  test('survives one reset connection of each service', async () => {
    tables.faults.push('reset');
    queues.faults.push('reset');
    ssm.faults.push('reset');
    expect(outcomeOf(await ingest.invoke(webhook()))).toBe('accepted');
    expect([operations(tables), operations(queues)]).toEqual([
      ['PutItem', 'PutItem', 'UpdateItem'],
      ['SendMessage', 'SendMessage'],
    ]);
  });

  test('survives being throttled once', async () => {
    tables.faults.push('throttle');
    expect(outcomeOf(await ingest.invoke(webhook()))).toBe('accepted');
  });

  test.each([
    ['DynamoDB', () => tables],
    ['SQS', () => queues],
  ])('answers 503 within 9 s while %s hangs, and accepts the retry afterwards', async (_name, proxy) => {
    const event = webhook();
    proxy().hangs = true;
    const hung = await ingest.invoke(event);
    expect([hung.answer.statusCode, outcomeOf(hung)]).toEqual([503, 'unavailable']);
    expect(hung.answer.headers?.['retry-after']).toBeDefined();
    expect(hung.milliseconds).toBeLessThan(9_000);
    // The time-out of one attempt leaves time for another.
    expect(proxy().passed).toHaveLength(2);

    proxy().hangs = false;
    expect(outcomeOf(await ingest.invoke(event))).toBe('accepted');
    expect(await messages()).toHaveLength(1);
  });

  test('parks a body that is too large for SQS in S3, with a client that it loads then', async () => {
    const event = webhook({ padding: 2_000_000 });
    expect(outcomeOf(await ingest.invoke(event))).toBe('accepted');
    expect(operations(queues)).toEqual(['PUT', 'SendMessage']);
    expect(queues.passed.every(({ signed }) => signed)).toBe(true);
    const { reference } = decodeEnvelope((await messages())[0] ?? '');
    const s3 = new S3Client({ ...client, endpoint: sqs.endpoint, forcePathStyle: true });
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: LOCAL_BUCKET, Key: reference?.key ?? '' }));
    expect((await Body?.transformToString()) === event.body).toBe(true);
  });
});

describe('a deployment that forgot something', () => {
  test.each([Env.ledgerTable, Env.inboxQueueUrl, Env.bodiesBucket, Env.secretsPath, 'AWS_REGION'])(
    'fails at init and names %s',
    async (variable) => {
      const { [variable]: _missing, ...rest } = environment();
      await expect(FunctionProcess.start(file, rest)).rejects.toThrow(
        `the environment variable ${variable} is missing`,
      );
    },
  );
});
