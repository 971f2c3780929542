/** After a signature that does not match, secrets are looked up again: soon, and not too often. */

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { expect, test } from '@jest/globals';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { composeIngest } from '../../../functions/ingest/compose.ts';
import { providers } from '../../../functions/providers/index.ts';
import { createSsmSecrets } from '../../../functions/secrets/parameters.ts';

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

test('a new secret works within ten seconds, not only when the cache ends', async () => {
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

test('a flood of forged requests costs ever fewer look-ups, in the end one in five minutes', async () => {
  const now = { ms: 1_000_000 };
  const { parameter, secrets } = store(now);
  await secrets.get('tasks');
  const began = now.ms;
  const at: number[] = [];
  for (let n = 0; n < 13_000; n++) {
    now.ms += 100;
    const before = parameter.reads;
    // As ingest does it for each request.
    await secrets.get('tasks');
    await secrets.refresh?.('tasks');
    if (parameter.reads > before) at.push((now.ms - began) / 1000);
  }
  expect(at).toEqual([10, 30, 70, 150, 310, 610, 910, 1210]);
});

test('a store that fails in a flood is not asked more often than one that answers', async () => {
  const now = { ms: 1_000_000 };
  const { parameter, secrets } = store(now);
  await secrets.get('tasks');
  parameter.fails = true;
  // While the cache lives.
  for (let n = 0; n < 8_900; n++) {
    now.ms += 100;
    await secrets.get('tasks');
    await secrets.refresh?.('tasks');
  }
  expect(parameter.reads).toBe(7);
});

test('after a flood, and after a secret that was new, the first wrong signature is looked at soon again', async () => {
  const now = { ms: 1_000_000 };
  const { parameter, secrets } = store(now);
  await secrets.get('tasks');
  for (let n = 0; n < 10; n++) {
    now.ms += 300_000;
    await secrets.refresh?.('tasks');
  }
  parameter.value = '["new","old"]';
  now.ms += 300_000;
  expect(await secrets.refresh?.('tasks')).toEqual(['new', 'old']);
  parameter.value = '["newer","new"]';
  now.ms += 10_000;
  expect(await secrets.refresh?.('tasks')).toEqual(['newer', 'new']);

  for (let n = 0; n < 10; n++) {
    now.ms += 300_000;
    await secrets.refresh?.('tasks');
  }
  now.ms += 900_000;
  await secrets.get('tasks');
  parameter.value = '["newest"]';
  now.ms += 10_000;
  expect(await secrets.refresh?.('tasks')).toEqual(['newest']);
});

test('a retired secret is accepted for a quarter of an hour at most, and one that is in use is read four times an hour', async () => {
  const now = { ms: 1_000_000 };
  const { parameter, secrets } = store(now);
  await secrets.get('tasks');
  parameter.value = '["new"]';
  now.ms += 899_999;
  expect(await secrets.get('tasks')).toEqual(['old']);
  now.ms += 1;
  expect(await secrets.get('tasks')).toEqual(['new']);
  for (let second = 1; second <= 3_600; second++) {
    now.ms += 1_000;
    await secrets.get('tasks');
  }
  expect(parameter.reads).toBe(2 + 4);
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
    packs: providers,
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
