/**
 * How long an event waits that comes back again and again. SQS knows the age of a copy only, so the worker says it: since
 * the first message of the run was put on the queue. What waits for too long is said in the economy mode, too.
 *
 * What can go wrong: an event that is held up for hours looks young with every copy; one that is redriven after a month
 * looks a month late; the archive keeps when a message was queued, and the next redrive begins with it; a line that the
 * alarm needs is not written, or only where everything is logged.
 */

import type { SQSEvent } from 'aws-lambda';
import { createApiParts } from '../../../functions/api/parts.ts';
import { createClients } from '../../../functions/aws/clients.ts';
import { type InletConfig, lateAfterSeconds } from '../../../functions/config/config.ts';
import { decodeEnvelope, type Envelope, encodeEnvelope } from '../../../functions/core/envelope.ts';
import type { Handler } from '../../../functions/core/handler.ts';
import type { LogLine } from '../../../functions/core/log.ts';
import { providers } from '../../../functions/providers/index.ts';
import type { SecretStore } from '../../../functions/secrets/secret-store.ts';
import { Gate } from '../../../functions/store/gate/gate.ts';
import { composeWorker } from '../../../functions/worker/compose.ts';
import { createTables, LOCAL_TABLES, startDynamoDB } from '../../../local/dynamodb.ts';
import { LOCAL_REGION, startSqs } from '../../../local/sqs.ts';
import { refusingWrites } from '../../helpers/refusing-writes.ts';
import { sqsEvent } from '../../helpers/sqs-event.ts';

const paths = { delivery: 'payload.id', subject: 'payload.order', revision: 'payload.revision' };
const config: InletConfig = {
  sources: {
    orders: { provider: 'tasks', unsigned: true, handler: 'fulfil-order', mode: 'latest', ...paths },
  },
};
const [dynamodb, sqs] = await Promise.all([startDynamoDB(), startSqs(config)]);
const endpoints = { dynamodb: dynamodb.endpoint, sqs: sqs.endpoint, s3: sqs.endpoint };
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const clients = createClients({ region: LOCAL_REGION, endpoints, credentials });
await createTables(clients.dynamodb);
const throttled = refusingWrites(dynamodb.endpoint);
afterAll(async () => {
  for (const client of [clients.dynamodb, clients.sqs, throttled]) client.destroy();
  await Promise.all([dynamodb.close(), sqs.close()]);
});

const sent: string[] = [];
clients.sqs.middlewareStack.add(
  (next, { commandName }) =>
    (args) => {
      const { MessageBody } = args.input as { readonly MessageBody?: string };
      if (commandName === 'SendMessageCommand' && MessageBody !== undefined) sent.push(MessageBody);
      return next(args);
    },
  { step: 'initialize' },
);
const MINUTE = 60_000;
const LATE = lateAfterSeconds(config) * 1000;
let clock = Date.now();
let run = async () => {};
let lines: (LogLine & { readonly level: string })[] = [];
const handler: Handler = { name: 'fulfil-order', description: 'As scripted.', handle: () => run() };
const setup = {
  ...clients,
  config,
  packs: providers,
  tables: LOCAL_TABLES,
  inboxQueueUrl: sqs.queueUrls.inbox,
  bodiesBucket: sqs.bucket,
  secrets: {} as SecretStore,
  log: {
    // That a message of this test cannot be hidden is no matter: no queue has it.
    log: (level: string, line: LogLine) =>
      void (line.message !== 'not given back' && lines.push({ level, ...line })),
  },
  now: () => clock,
};
const parts = createApiParts({ ...setup, countsSettleMs: 0 });
const gate = new Gate(clients.dynamodb, LOCAL_TABLES.subjects, 86_400, () => clock);
let counter = 0;
beforeEach(() => {
  clock = Date.now();
  lines = [];
  run = async () => {};
});

/** An event that arrived so long ago. */
async function accepted(order: string, ago = 0, more: Partial<Envelope> = {}): Promise<Envelope> {
  const id = `e${counter++}`;
  const common = { source: 'orders', id, kind: 'event', receivedAt: clock - ago } as const;
  await parts.ledger.claim(common);
  await parts.ledger.confirm('orders', id);
  const body = Buffer.from(JSON.stringify({ id, order, revision: 2 })).toString('base64');
  return { ...common, headers: { 'content-type': 'application/json' }, subpath: '', body, ...more };
}

/** A handler of another event has the order. */
async function hold(order: string, leaseUntil = clock + 60 * MINUTE): Promise<void> {
  const facts = { id: `holder-of-${order}`, subject: order, revision: '1', state: 'x', deleted: false };
  await gate.acquire({ source: 'orders', facts: facts as never }, leaseUntil);
}

async function hand(batch: SQSEvent, more: object = {}, left = 80_000): Promise<void> {
  const { worker } = composeWorker({ ...setup, ...more }, { 'fulfil-order': handler });
  await worker(batch, { getRemainingTimeInMillis: () => left });
}
const queued = (envelope: Envelope, ago: number, receives = 1) =>
  sqsEvent(encodeEnvelope(envelope), receives, clock - ago);

const fail = async () => {
  throw new Error('not now');
};
test.each<readonly [string, string, (envelope: Envelope) => Promise<void>]>([
  [
    'held',
    'INFO',
    async (envelope) => {
      await hold('of held');
      await hand(queued(envelope, 5 * MINUTE));
    },
  ],
  ['no-time', 'INFO', (envelope) => hand(queued(envelope, 5 * MINUTE), {}, 1_000)],
  [
    'lease-lost',
    'INFO',
    (envelope) => {
      run = async () => {
        clock += 2 * MINUTE;
        await hold('of lease-lost');
        clock -= 2 * MINUTE;
      };
      return hand(queued(envelope, 5 * MINUTE));
    },
  ],
  ['unknown-source', 'INFO', (envelope) => hand(queued({ ...envelope, source: 'added' }, 5 * MINUTE))],
  [
    'failed',
    'WARN',
    (envelope) => {
      run = fail;
      return hand(queued(envelope, 5 * MINUTE));
    },
  ],
  [
    'error',
    'ERROR',
    (envelope) => hand(queued(envelope, 5 * MINUTE), { dynamodb: throttled, config: unarchived }),
  ],
])('%s: the line says how old the event is, and how long it waits', async (outcome, level, meet) => {
  await meet(await accepted(`of ${outcome}`, 6 * MINUTE));
  const line = { level, outcome, age: 6 * MINUTE, waited: 5 * MINUTE };
  expect(lines).toContainEqual(expect.objectContaining(line));
});
const unarchived: InletConfig = { ...config, archive: false };

test('what has its fate waits no longer', async () => {
  await hand(queued(await accepted('done', LATE), LATE));
  expect(lines).toEqual([expect.objectContaining({ level: 'INFO', outcome: 'applied', age: LATE })]);
  expect(lines[0]?.waited).toBeUndefined();
});

test('what waits for too long is a warning, which the economy mode writes too', async () => {
  await hold('late');
  await hand(queued(await accepted('late'), LATE - 1));
  await hand(queued(await accepted('late'), LATE));
  expect(lines.map(({ level, outcome }) => `${level} ${outcome}`)).toEqual(['INFO held', 'WARN held']);
});

test('errors of no single event say how long the oldest has waited', async () => {
  const [young, old] = [queued(await accepted('x'), MINUTE), queued(await accepted('y'), 3 * MINUTE)];
  const old2 = old.Records.map((record) => ({ ...record, messageId: 'n' }));
  await hand({ Records: [...young.Records, ...old2] }, { dynamodb: throttled });
  expect(lines).toContainEqual(
    expect.objectContaining({ message: 'not archived', records: 2, waited: 3 * MINUTE }),
  );
  await hand(sqsEvent('nonsense', 1, clock - 2 * MINUTE));
  expect(lines.at(-1)).toMatchObject({ message: 'unreadable message', waited: 2 * MINUTE });
});

describe('an event that is sent anew', () => {
  async function copyOf(batch: SQSEvent): Promise<Envelope> {
    sent.length = 0;
    await hand(batch);
    expect(sent).toHaveLength(1);
    return decodeEnvelope(sent[0] ?? '');
  }

  test('as a copy has waited since its first message was sent', async () => {
    await hold('copied');
    const envelope = await accepted('copied', 20 * MINUTE);
    const first = await copyOf(queued(envelope, 10 * MINUTE, 40));
    expect(first).toEqual({ ...envelope, again: true, queuedAt: clock - 10 * MINUTE });
    clock += 10 * MINUTE;
    const second = await copyOf(queued(first, MINUTE, 40));
    expect(second).toEqual(first);
    expect(lines.at(-1)).toMatchObject({ outcome: 'held', waited: 20 * MINUTE });
  });

  test('by an operator has waited since then, however old it is', async () => {
    await hold('redriven');
    await hand(queued(await accepted('redriven', 20 * 24 * 60 * MINUTE), MINUTE));
    expect(lines).toEqual([expect.objectContaining({ level: 'INFO', outcome: 'held', waited: MINUTE })]);
  });

  test('out of the archive does not bring along when it was queued before', async () => {
    const envelope = await accepted('archived', 0, { again: true, queuedAt: clock - LATE });
    await hand(queued(envelope, 0));
    const { again: _again, queuedAt: _queuedAt, ...kept } = envelope;
    expect(await parts.archive.get('orders', envelope.id)).toEqual(kept);
  });
});

describe('too long is longer', () => {
  test.each<readonly [string, InletConfig, number]>([
    ['than half an hour, whatever there is', { sources: { one: { provider: 'tasks' } } }, 1_800],
    ['than all attempts of a handler that hangs', config, 1_800],
    [
      'also of a slow one, whose lease goes on for 880 s each time',
      { sources: { one: { provider: 'tasks', handler: 'fulfil-order', timeoutSeconds: 850 } } },
      // 10 x 880 s, and 511 s of pauses.
      9_311,
    ],
    [
      'and of one that is tried often, with pauses of up to 15 minutes',
      { sources: { one: { provider: 'tasks', handler: 'fulfil-order', attempts: 12 } } },
      12 * 90 + 1_023 + 900,
    ],
  ])('%s', (_what, given, seconds) => {
    expect(lateAfterSeconds(given)).toBe(seconds);
  });
});
