/** The stand-ins hold what providers have sent, and check no signature: nobody but their own server gets in. */
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { startLocal } from '../../../local/stack.ts';

const local = await startLocal({ config: { sources: {} }, data: 'memory', port: 0, log: { log: () => {} } });
afterAll(() => local.stop());

const key = local.credentials.accessKeyId;
const signed = (id: string, service: string) =>
  `AWS4-HMAC-SHA256 Credential=${id}/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=00`;
const listTables = {
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-target': 'DynamoDB_20120810.ListTables',
  'x-amz-date': '20260101T000000Z',
  authorization: signed(key, 'dynamodb'),
};
const listQueues = {
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-target': 'AmazonSQS.ListQueues',
  authorization: signed(key, 'sqs'),
};
const publish = { 'content-type': 'application/x-www-form-urlencoded', authorization: signed(key, 'sns') };

async function post(endpoint: string, headers: Record<string, string>, body = '{}', method = 'POST') {
  const sent = request(endpoint, { method, headers });
  sent.end(body);
  const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    sent.on('response', resolve).on('error', reject);
  });
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

test('their own server gets in', async () => {
  expect((await post(local.dynamodb.endpoint, listTables)).body).toContain('inlet-ledger');
  expect((await post(local.sqs.endpoint, listQueues)).body).toContain('inlet-inbox');
  const { dynamodb, sqs, s3 } = local.setup;
  expect((await dynamodb.send(new ListTablesCommand({}))).TableNames).toHaveLength(4);
  expect((await sqs.send(new ListQueuesCommand({}))).QueueUrls).toHaveLength(2);
  const objects = await (await s3()).send(new ListObjectsV2Command({ Bucket: local.setup.bodiesBucket }));
  expect(objects.KeyCount).toBe(0);
});

test('the key is another one at each start', async () => {
  const other = await startLocal({
    config: { sources: {} },
    data: 'memory',
    port: 0,
    log: { log: () => {} },
  });
  try {
    expect(other.credentials.accessKeyId).not.toBe(key);
  } finally {
    await other.stop();
  }
});

describe.each([
  ['dynamodb', listTables],
  ['sqs', listQueues],
] as const)('%s refuses', (name, genuine) => {
  const { authorization: _, ...unsigned } = genuine;
  test.each([
    ['a page', { ...genuine, origin: 'https://example.com' }],
    ['a page without an origin', { ...genuine, origin: 'null' }],
    ['what a browser sends for a page', { ...genuine, 'sec-fetch-site': 'cross-site' }],
    ['a name that was made to point here', { ...genuine, host: 'example.com' }],
    ['another key', { ...genuine, authorization: genuine.authorization.replace(key, 'local') }],
    ['no signature', unsigned],
    ['a signature for something else', { ...genuine, authorization: signed(key, 'sns') }],
  ])('%s', async (_what, headers) => {
    const answer = await post(local[name].endpoint, headers);
    expect(answer.status).toBe(403);
    expect(answer.body).toMatch(/^Refused: .*\.\n$/);
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
  });

  test('a page that asks first whether it may', async () => {
    const asking = { origin: 'https://example.com', 'access-control-request-method': 'POST' };
    const answer = await post(local[name].endpoint, asking, '', 'OPTIONS');
    expect(answer.status).toBe(403);
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
  });
});

test('SNS is not played: nothing reaches a queue by publishing', async () => {
  const topic = 'arn:aws:sns:us-east-1:000000000000:any';
  const form = new URLSearchParams({ Action: 'Publish', TopicArn: topic, Message: 'x' }).toString();
  expect((await post(local.sqs.endpoint, publish, form)).status).toBe(403);
});
