/** After a signature that does not match, secrets are looked up again: soon, and not too often. */

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from '@jest/globals';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { composeIngest } from '../../functions/ingest/compose.ts';
import { createSsmSecrets } from '../../functions/shared/secrets-ssm.ts';

function store(now: { ms: number }) {
  const parameter = { value: '["old"]', reads: 0, fails: false };
  const read = async () => {
    parameter.reads += 1;
    if (parameter.fails) throw new Error('no answer');
    return parameter.value;
  };
  return {
    parameter,
    secrets: createSsmSecrets({ path: '/inlet/test', read, log: { log: () => {} }, now: () => now.ms }),
  };
}

test('a new secret works within ten seconds, not only when the cache ends after a minute', async () => {
  const now = { ms: 1_000_000 };
  const { parameter, secrets } = store(now);
  expect(await secrets.get('tasks')).toEqual(['old']);
  parameter.value = '["new","old"]';
  expect(await secrets.refresh?.('tasks')).toBeUndefined();
  now.ms += 10_000;
  expect(await secrets.get('tasks')).toEqual(['old']);
  expect(await secrets.refresh?.('tasks')).toEqual(['new', 'old']);
  expect(await secrets.get('tasks')).toEqual(['new', 'old']);
});

test('a flood of forged requests costs one look-up in ten seconds', async () => {
  const now = { ms: 1_000_000 };
  const { parameter, secrets } = store(now);
  await secrets.get('tasks');
  for (let n = 0; n < 1_000; n++) {
    now.ms += 100;
    await secrets.refresh?.('tasks');
  }
  expect(parameter.reads).toBe(11);
});

test('a look-up that fails leaves the known secrets in force', async () => {
  const now = { ms: 1_000_000 };
  const { parameter, secrets } = store(now);
  await secrets.get('tasks');
  parameter.fails = true;
  now.ms += 10_000;
  expect(await secrets.refresh?.('tasks')).toBeUndefined();
  expect(await secrets.get('tasks')).toEqual(['old']);
});

test('a genuine request under the new secret is accepted, a forged one is refused all the same', async () => {
  const now = { ms: Date.now() };
  const { parameter, secrets } = store(now);
  const accepting = { send: async () => ({}) };
  const ingest = composeIngest({
    config: { sources: { tasks: { provider: 'tasks' } } },
    dynamodb: accepting as unknown as DynamoDBClient,
    sqs: accepting as unknown as SQSClient,
    s3: () => Promise.reject(new Error('not needed')),
    tables: { ledger: 'ledger', subjects: '', archive: '', effects: '' },
    inboxQueueUrl: 'http://inbox',
    bodiesBucket: '',
    secrets,
    log: { log: () => {} },
    now: () => now.ms,
  });
  const send = async (secret: string) => {
    const http = { method: 'POST', path: '/webhooks/tasks' };
    const headers = { 'content-type': 'application/json', 'x-inlet-secret': secret };
    const event = {
      rawPath: http.path,
      rawQueryString: '',
      headers,
      body: '{"batchid":"b","id":1}',
      requestContext: { http },
    };
    return (await ingest(event as unknown as APIGatewayProxyEventV2)).statusCode;
  };
  expect(await send('old')).toBe(200);
  parameter.value = '["new","old"]';
  now.ms += 10_000;
  expect(await send('new')).toBe(200);
  expect(await send('old')).toBe(200);
  expect(await send('forged')).toBe(401);
  expect(parameter.reads).toBe(2);
});
