/** The deployed ingest function where CloudFront stands in front: what comes beside it gets nowhere. */
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { InletConfig } from '../../../functions/config/config.ts';
import { Env, FRONT_HEADER } from '../../../functions/core/names.ts';
import { bundleFunction } from '../../../infra/bundle.ts';
import { createTables, LOCAL_TABLES, type LocalDynamoDB, startDynamoDB } from '../../../local/dynamodb.ts';
import { LOCAL_BUCKET, type LocalSqs, startSqs } from '../../../local/sqs.ts';
import { type FaultyProxy, startFaultyProxy } from '../../helpers/faulty-proxy.ts';
import { FunctionProcess } from '../../helpers/function-process.ts';
import { TEST_CREDENTIALS, TEST_ENVIRONMENT } from '../../helpers/sigv4.ts';
import { type SsmServer, startSsm } from '../../helpers/ssm-server.ts';

const config: InletConfig = {
  sources: { dotdigital: { provider: 'dotdigital' }, dropbox: { provider: 'dropbox' } },
};
const SECRET = 'a-secret-of-at-least-16';
const [SAID, NEXT] = ['what-the-distribution-says', 'what-it-says-after-a-rotation'];
const folder = mkdtempSync(join(tmpdir(), 'inlet-test-'));
const client = { region: 'eu-west-1', credentials: TEST_CREDENTIALS };

let dynamodb: LocalDynamoDB;
let sqs: LocalSqs;
let proxies: readonly FaultyProxy[];
let ssm: SsmServer;
let ingest: FunctionProcess;

beforeAll(async () => {
  [dynamodb, sqs] = await Promise.all([startDynamoDB(), startSqs(config)]);
  await createTables(new DynamoDBClient({ ...client, endpoint: dynamodb.endpoint }));
  ssm = await startSsm({ '/inlet/test/dotdigital': JSON.stringify([SECRET]) });
  const [tables, queues] = await Promise.all([
    startFaultyProxy(dynamodb.endpoint),
    startFaultyProxy(sqs.endpoint),
  ]);
  proxies = [tables, queues];
  const { file } = bundleFunction('functions/ingest.lambda.ts', config, join(folder, 'ingest'));
  ingest = await FunctionProcess.start(file, {
    AWS_REGION: client.region,
    ...TEST_ENVIRONMENT,
    [Env.ledgerTable]: LOCAL_TABLES.ledger,
    [Env.inboxQueueUrl]: `${queues.endpoint}${new URL(sqs.queueUrls.inbox).pathname}`,
    [Env.bodiesBucket]: LOCAL_BUCKET,
    [Env.secretsPath]: '/inlet/test',
    [Env.frontSecrets]: `${SAID},${NEXT}`,
    AWS_ENDPOINT_URL_DYNAMODB: tables.endpoint,
    AWS_ENDPOINT_URL_SQS: queues.endpoint,
    AWS_ENDPOINT_URL_SSM: ssm.endpoint,
  });
}, 60_000);
beforeEach(() => {
  for (const proxy of proxies) proxy.passed.length = 0;
  ssm.calls.length = 0;
});
afterAll(async () => {
  await ingest.stop();
  await Promise.all([...proxies, ssm, dynamodb, sqs].map((standIn) => standIn.close()));
  rmSync(folder, { recursive: true });
});

let events = 0;

/** A genuine webhook, as the gateway hands it over. @param front what it says to have come through. */
function webhook(front?: string) {
  const body = JSON.stringify({ eventId: `event-${++events}`, apiSpaceId: 'space', name: 'message.sent' });
  const headers = { 'x-comapi-signature': createHmac('sha1', SECRET).update(body).digest('hex') };
  return gatewayEvent('POST', '/webhooks/dotdigital', { ...headers, ...told(front) }, body);
}

/** In the case in which CloudFront was given it. */
const told = (front?: string) => (front === undefined ? {} : { [FRONT_HEADER]: front });

function gatewayEvent(method: string, path: string, headers: object, body = '', rawQueryString = '') {
  return {
    version: '2.0',
    rawPath: path,
    rawQueryString,
    headers: { 'content-type': 'application/json', ...headers },
    requestContext: { domainName: 'api.example', requestId: 'request', http: { method, path } },
    body,
    isBase64Encoded: false,
  };
}

const calls = () => [...proxies.flatMap(({ passed }) => passed), ...ssm.calls];
const lastLine = () => JSON.parse(ingest.lines.at(-1) ?? '{}') as Record<string, unknown>;

test.each([SAID, NEXT])('a webhook that says %s is accepted, and keeps nothing of it', async (secret) => {
  const { answer } = await ingest.invoke(webhook(secret));
  expect(answer).toMatchObject({ statusCode: 202 });
  const receive = new ReceiveMessageCommand({ QueueUrl: sqs.queueUrls.inbox });
  const { Messages = [] } = await new SQSClient({ ...client, endpoint: sqs.endpoint }).send(receive);
  expect(Messages).toHaveLength(1);
  const kept = `${JSON.stringify(Messages)}${ingest.lines.join('')}${JSON.stringify(answer)}`;
  expect(kept).not.toContain(secret);
  expect(kept).not.toContain(FRONT_HEADER);
});

test.each<[string, string | undefined]>([
  ['nothing', undefined],
  ['an empty text', ''],
  ['another text', 'what-the-distribution-sayz'],
  ['both at once', `${SAID},${NEXT}`],
])('a genuine webhook that says %s is refused, without a call', async (_, front) => {
  const { answer } = await ingest.invoke(webhook(front));
  expect(answer).toMatchObject({ statusCode: 401, headers: { 'inlet-outcome': 'rejected' } });
  expect(JSON.parse(answer.body ?? '')).toEqual({
    code: 401,
    message: expect.stringContaining('Call the host name of the webhook URL'),
  });
  expect(lastLine()).toMatchObject({ outcome: 'rejected', reason: 'beside-front', status: 401 });
  expect(calls()).toEqual([]);
});

test('so is a handshake, and whoever tries sources; the health is open', async () => {
  const challenge = (front?: string) =>
    gatewayEvent('GET', '/webhooks/dropbox', told(front), '', 'challenge=abc');
  expect((await ingest.invoke(challenge(SAID))).answer).toMatchObject({ statusCode: 200, body: 'abc' });
  for (const event of [
    challenge(),
    gatewayEvent('POST', '/webhooks/nobody', {}),
    gatewayEvent('HEAD', '/', {}),
  ])
    expect((await ingest.invoke(event)).answer).toMatchObject({ statusCode: 401 });
  const health = await ingest.invoke(gatewayEvent('GET', '/health', {}));
  expect(health.answer).toMatchObject({ statusCode: 200 });
});
