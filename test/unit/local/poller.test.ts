import {
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { createClients } from '../../../functions/aws/clients.ts';
import type { LogLine } from '../../../functions/core/log.ts';
import { type PollerOptions, startPoller } from '../../../local/poller.ts';
import { startSqs } from '../../../local/sqs.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const sqs = await startSqs({ sources: {} });
const { sqs: client } = createClients({
  region: 'us-east-1',
  endpoints: { sqs: sqs.endpoint },
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});
/** A queue may keep a receive call waiting for longer than the clients of the functions allow. */
const receiver = new SQSClient({
  region: 'us-east-1',
  endpoint: sqs.endpoint,
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  maxAttempts: 1,
});
const QueueUrl = sqs.queueUrls.inbox;
const poller = startedPoller();

afterEach(() => poller.stop());
afterAll(async () => {
  client.destroy();
  receiver.destroy();
  await sqs.close();
});

/** Starts one poller for a test and ends it afterwards. */
function startedPoller() {
  let running: ReturnType<typeof startPoller> | undefined;
  const logged: LogLine[] = [];
  return {
    logged,
    start(handler: PollerOptions['handler'], options: Partial<PollerOptions> = {}) {
      logged.length = 0;
      const log = { log: (_level: string, line: LogLine) => void logged.push(line) };
      running = startPoller({
        client: receiver,
        queueUrl: QueueUrl,
        handler,
        timeoutSeconds: 60,
        log,
        ...options,
      });
      return running;
    },
    stop: async () => {
      await running?.stop(5_000);
      running = undefined;
      await purge();
    },
  };
}

/** A receive call that was given up still waits in the server and would take a later message with it. */
async function purge() {
  await sqs.stop();
  await sqs.start();
  await client.send(new PurgeQueueCommand({ QueueUrl }));
}

async function counts() {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
  );
  const visible = Number(Attributes.ApproximateNumberOfMessages);
  const inFlight = Number(Attributes.ApproximateNumberOfMessagesNotVisible);
  return { visible, inFlight, all: visible + inFlight };
}

async function sendAll(bodies: readonly string[]) {
  for (let at = 0; at < bodies.length; at += 10) {
    const Entries = bodies
      .slice(at, at + 10)
      .map((MessageBody, index) => ({ Id: String(index), MessageBody }));
    await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  }
}

const bodiesOf = (event: SQSEvent) => event.Records.map(({ body }) => body);
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `message ${index}`);

test('a record has the shape that Lambda gives it', async () => {
  const events: SQSEvent[] = [];
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello' }));
  poller.start(async (event) => void events.push(event));
  const [event] = await waitFor(() => (events.length > 0 ? events : undefined));
  expect(event?.Records).toEqual([
    {
      messageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      receiptHandle: expect.any(String),
      body: 'hello',
      md5OfBody: '5d41402abc4b2a76b9719d911017c592',
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: expect.stringMatching(/^\d{13}$/),
        ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
        SenderId: expect.any(String),
      },
      messageAttributes: {},
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:inlet-inbox',
      awsRegion: 'us-east-1',
    },
  ]);
});

test('batches hold up to ten records, and all messages are deleted after success', async () => {
  const batches: string[][] = [];
  await sendAll(numbered(25));
  poller.start(async (event) => void batches.push(bodiesOf(event)));
  await waitFor(async () => (await counts()).all === 0);
  expect(batches.map((batch) => batch.length)).toEqual([10, 10, 5]);
  expect(batches.flat().toSorted()).toEqual(numbered(25).toSorted());
});

test('up to five batches run at the same time', async () => {
  let [running, most] = [0, 0];
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  await sendAll(numbered(70));
  poller.start(async () => {
    running += 1;
    most = Math.max(most, running);
    if (running === 5) release();
    await released;
    running -= 1;
  });
  await waitFor(async () => (await counts()).all === 0);
  expect(most).toBe(5);
});

test('only the failed records of a batch come again, and their receive count rises', async () => {
  const seen: string[] = [];
  await sendAll(numbered(4));
  poller.start(async (event) => {
    const failed = event.Records.filter((record) => {
      const count = Number(record.attributes.ApproximateReceiveCount);
      seen.push(`${record.body} #${count}`);
      return record.body === 'message 2' && count < 3;
    });
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  });
  for (const left of [1, 1]) {
    await waitFor(async () => (await counts()).inFlight === left && (await counts()).visible === 0);
    sqs.releaseInFlight();
    const before = seen.length;
    await waitFor(() => seen.length > before);
  }
  await waitFor(async () => (await counts()).all === 0);
  expect(seen.filter((line) => line.startsWith('message 2'))).toEqual([
    'message 2 #1',
    'message 2 #2',
    'message 2 #3',
  ]);
  expect(seen).toHaveLength(6);
});

describe('a batch fails as a whole when the function', () => {
  test.each<[string, PollerOptions['handler'], Partial<PollerOptions>]>([
    ['throws', async () => Promise.reject(new Error('bug')), {}],
    [
      'throws before it returns a promise',
      () => {
        throw new Error('bug');
      },
      {},
    ],
    ['runs into its timeout', () => new Promise(() => {}), { timeoutSeconds: 0.05 }],
    ['reports an unknown message', async () => ({ batchItemFailures: [{ itemIdentifier: 'other' }] }), {}],
    ['reports an empty identifier', async () => ({ batchItemFailures: [{ itemIdentifier: '' }] }), {}],
  ])('%s', async (_what, handler, options) => {
    await sendAll(numbered(3));
    poller.start(handler, options);
    await waitFor(() => poller.logged.some(({ outcome }) => outcome === 'batch-failed'));
    expect(await counts()).toEqual({ visible: 0, inFlight: 3, all: 3 });
  });
});

test('the remaining time counts down from the timeout of the function', async () => {
  const remaining: number[] = [];
  await sendAll(['one']);
  poller.start(
    async (_event, context) => {
      remaining.push(context.getRemainingTimeInMillis());
      const first = remaining[0] ?? 0;
      await waitFor(() => context.getRemainingTimeInMillis() < first);
      remaining.push(context.getRemainingTimeInMillis());
    },
    { timeoutSeconds: 30 },
  );
  const [first = 0, second = 0] = await waitFor(() => (remaining.length === 2 ? remaining : undefined));
  expect(first).toBeGreaterThan(29_000);
  expect(first).toBeLessThanOrEqual(30_000);
  expect(second).toBeLessThan(first);
});

test('it waits while SQS is down, says so once, and goes on when it is back', async () => {
  const bodies: string[] = [];
  await sqs.stop();
  poller.start(async (event) => void bodies.push(...bodiesOf(event)));
  await waitFor(() => poller.logged.length > 0);
  await sqs.start();
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'after the failure' }));
  await waitFor(() => bodies.length > 0);
  expect(bodies).toEqual(['after the failure']);
  expect(poller.logged.map(({ outcome }) => outcome)).toEqual(['queue-unreachable', 'queue-back']);
});

test('stopping waits for the batch under way, and receives no more', async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const batches: SQSEvent[] = [];
  await sendAll(['one']);
  const running = poller.start(async (event) => {
    batches.push(event);
    await released;
  });
  await waitFor(() => batches.length === 1);
  const stopped = running.stop(10_000);
  release();
  await stopped;
  expect((await counts()).all).toBe(0);
  await sendAll(['two']);
  expect(batches).toHaveLength(1);
});

test('stopping does not wait for ever', async () => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const batches: SQSEvent[] = [];
  await sendAll(['one']);
  const running = poller.start(async (event) => {
    batches.push(event);
    await released;
  });
  await waitFor(() => batches.length === 1);
  await running.stop(20);
  release();
});
