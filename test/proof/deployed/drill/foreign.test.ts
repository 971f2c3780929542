/** Whatever the drill looks for on a queue, it costs the events that wait there next to nothing of their receives. */
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { takeForeign } from '../../../../cli/drill/changes.ts';
import { goThrough, hold, isForeign, putForeign } from '../../../../cli/drill/foreign.ts';
import { depthOf } from '../../../../cli/drill/search.ts';
import { TEST_CREDENTIALS } from '../../../helpers/sigv4.ts';
import { SimulatedClock } from './clock.ts';

const EVENT = JSON.stringify({ source: 'orders', key: 'a' });
const clock = new SimulatedClock();
const pace = {
  now: () => Date.now(),
  pause: async (milliseconds: number) => clock.advance(milliseconds),
};
let server: FauxqsServer;
let sqs: SQSClient;
let inbox: string;
let deadLetters: string;

beforeEach(async () => {
  clock.install();
  server = await startFauxqs({ port: 0, logger: false, defaultRegion: 'us-east-1', host: '127.0.0.1' });
  const endpoint = `http://127.0.0.1:${server.port}`;
  sqs = new SQSClient({ region: 'us-east-1', credentials: TEST_CREDENTIALS, endpoint });
  deadLetters = await create('dead-letters', {});
  const policy = {
    deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:dead-letters',
    maxReceiveCount: 50,
  };
  inbox = await create('inbox', { RedrivePolicy: JSON.stringify(policy) });
});

afterEach(async () => {
  sqs.destroy();
  await server.stop();
  clock.restore();
});

async function create(QueueName: string, more: Record<string, string>): Promise<string> {
  const Attributes = { VisibilityTimeout: '480', ...more };
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  return String(QueueUrl);
}

async function put(DelaySeconds = 0): Promise<void> {
  await sqs.send(new SendMessageCommand({ QueueUrl: inbox, MessageBody: EVENT, DelaySeconds }));
}

/** What is there to be had, with how often each was received, this time included. */
async function received(
  VisibilityTimeout = 0,
): Promise<readonly { body: string; count: number; handle: string }[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: inbox,
      MaxNumberOfMessages: 10,
      VisibilityTimeout,
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    }),
  );
  return Messages.map(({ Body = '', Attributes, ReceiptHandle = '' }) => ({
    body: Body,
    count: Number(Attributes?.ApproximateReceiveCount),
    handle: ReceiptHandle,
  }));
}

const stage = () => ({ sqs, queues: { inbox, deadLetters } }) as never;

test('an event and its delayed copy stay on the inbox, hardly received', async () => {
  await put();
  await put(900);
  await putForeign({ sqs }, inbox, 3);
  expect(await takeForeign(stage(), pace, 'inbox', undefined)).toBe(3);
  expect((await depthOf({ sqs }, deadLetters)).all).toBe(0);
  expect(await received()).toEqual([expect.objectContaining({ body: EVENT, count: 2 })]);
  clock.advance(900_000);
  expect(await received()).toHaveLength(2);
});

test('a message that a failing handler hides is received once more', async () => {
  await put();
  await received(60);
  expect(await takeForeign(stage(), pace, 'inbox', undefined)).toBe(0);
  expect(await received()).toEqual([expect.objectContaining({ body: EVENT, count: 3 })]);
});

test('looking for one message in vain receives each other one once', async () => {
  for (let n = 0; n < 15; n++) await put();
  expect(await goThrough({ sqs }, pace, inbox, 1, () => false, 15_000)).toBe(0);
  const first = await received(30);
  expect([...first, ...(await received(30))].map(({ count }) => count)).toEqual(Array(15).fill(2));
});

test('ends at an event that was received half as often as it may be', async () => {
  await put();
  for (let n = 0; n < 24; n++) await received();
  const began = pace.now();
  await putForeign({ sqs }, inbox, 1);
  expect(await goThrough({ sqs }, pace, inbox, 2, isForeign)).toBeLessThanOrEqual(1);
  expect(pace.now() - began).toBeLessThan(10_000);
  expect((await received())[0]?.count).toBe(26);
});

test('holds one foreign message, and gives back what it has met', async () => {
  await put();
  await putForeign({ sqs }, inbox, 1);
  expect(await hold({ sqs }, pace, inbox, 600)).toEqual(expect.any(String));
  expect((await received()).map(({ body }) => body)).toEqual([EVENT]);
});
