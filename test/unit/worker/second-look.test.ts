/** What the worker and the function behind the dead-letter queue do where the ledger alone would mislead them. */
import { DeleteItemCommand, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { createApiParts } from '../../../functions/api/parts.ts';
import { replayEvent } from '../../../functions/api/replay.ts';
import type { EventDetail } from '../../../functions/api/types.ts';
import type { InletConfig } from '../../../functions/config/config.ts';
import { type Envelope, encodeEnvelope } from '../../../functions/core/envelope.ts';
import { FRESH_COPY_AT } from '../../../functions/core/fate.ts';
import type { Handler } from '../../../functions/core/handler.ts';
import type { LogLine } from '../../../functions/core/log.ts';
import { MAX_RECEIVES } from '../../../functions/core/names.ts';
import { composeWorker } from '../../../functions/worker/compose.ts';
import { createContext } from '../../helpers/context.ts';
import { sqsEvent } from '../../helpers/sqs-event.ts';

let fail = false;
const runs: string[] = [];
const handler: Handler = {
  name: 'fulfil-order',
  description: 'Fails where the test says so.',
  handle: async ({ id }) => {
    runs.push(id);
    if (fail) throw new Error('not now');
  },
};
const paths = { delivery: 'payload.id', subject: 'payload.order', revision: 'payload.revision' };
const orders = {
  provider: 'tasks',
  unsigned: true,
  handler: 'fulfil-order',
  mode: 'latest',
  ...paths,
} as const;
const config: InletConfig = { sources: { orders } };
// The messages are handed over by hand: nobody else takes them.
const handlers = { 'fulfil-order': handler };
const { local, api } = await createContext({ handlers, config });
const { setup } = local;
const lines: LogLine[] = [];
const log = { log: (_level: string, line: LogLine) => void lines.push(line) };
const functions = composeWorker({ ...setup, log }, handlers);
const parts = createApiParts(setup);
let counter = 0;

beforeEach(() => {
  fail = false;
  runs.length = 0;
  lines.length = 0;
});

/** A confirmed event that no queue has. */
async function queued(order: string, revision: number): Promise<Envelope> {
  const id = `e${counter++}`;
  const common = { source: 'orders', id, kind: 'event', receivedAt: Date.now() } as const;
  await parts.ledger.claim(common);
  await parts.ledger.confirm('orders', id);
  const body = Buffer.from(JSON.stringify({ id, order, revision })).toString('base64');
  return { ...common, headers: { 'content-type': 'application/json' }, subpath: '', body };
}

async function hand(envelope: Envelope, receives = 1, own = functions): Promise<void> {
  await own.worker(sqsEvent(encodeEnvelope(envelope), receives), { getRemainingTimeInMillis: () => 80_000 });
}

async function eventOf({ id }: Envelope): Promise<EventDetail> {
  return (await api(`/api/events/orders/${id}`)).body as EventDetail;
}

async function expire(table: string, id: string): Promise<void> {
  await setup.dynamodb.send(new DeleteItemCommand({ TableName: table, Key: { id: { S: id } } }));
}

const outcomes = () => lines.flatMap(({ outcome }) => outcome ?? []);

/** Worker whose ledger loses what it is told of the outcome: it crashes there. */
const dies = () => {
  const dynamodb = Object.create(setup.dynamodb, {
    send: {
      value: async (...asked: Parameters<typeof setup.dynamodb.send>) => {
        if (JSON.stringify(asked[0]?.input).includes('settledAt'))
          throw Object.assign(new Error('gone'), { $metadata: {} });
        return setup.dynamodb.send(...asked);
      },
    },
  });
  return composeWorker({ ...setup, dynamodb, log }, handlers);
};

describe('an entry whose time is over while its message lives', () => {
  test('does not end the message when its handler fails: the event is tried again, and applied', async () => {
    const envelope = await queued('expired', 1);
    await expire(setup.tables.ledger, `orders#${envelope.id}`);
    fail = true;
    await hand(envelope);
    expect(outcomes()).toEqual(['failed']);
    expect(await eventOf(envelope)).toMatchObject({ state: 'retrying', attempts: 1 });
    fail = false;
    await hand(envelope, 2);
    expect(await eventOf(envelope)).toMatchObject({ state: 'applied', attempts: 2, subject: 'expired' });
  });

  test('is written anew when SQS gives the message up', async () => {
    const envelope = await queued('given-up', 1);
    await expire(setup.tables.ledger, `orders#${envelope.id}`);
    await functions.deadLetters(sqsEvent(encodeEnvelope(envelope), MAX_RECEIVES + 1));
    expect(outcomes()).toEqual(['dead']);
    expect(await eventOf(envelope)).toMatchObject({ state: 'dead' });
    expect(await parts.archive.get('orders', envelope.id)).toBeDefined();
  });
});

describe('an event that was applied, and comes again under another configuration', () => {
  const other = { ...config, sources: { orders: { ...orders, subject: 'payload.id' } } };

  test('a copy of its message does not run the handler again', async () => {
    const envelope = await queued('moved', 1);
    await hand(envelope);
    await hand(envelope, 2, composeWorker({ ...setup, config: other, log }, handlers));
    expect(runs).toEqual([envelope.id]);
    expect(outcomes()).toEqual(['applied', 'settled-before']);
  });

  test('is not quarantined when that one cannot read it, and its outcome was not written yet', async () => {
    const envelope = { ...(await queued('unread', 1)), place: { subject: 'unread', revision: '1' } };
    await hand(envelope, 1, dies());
    const unreadable = { sources: { orders: { ...orders, revision: 'payload.order' } } };
    await hand(envelope, 2, composeWorker({ ...setup, config: unreadable, log }, handlers));
    expect(await eventOf(envelope)).toMatchObject({ state: 'applied', reason: null });
  });

  test('nor is it dead when SQS gives its message up then', async () => {
    const envelope = {
      ...(await queued('unread-dead', 1)),
      place: { subject: 'unread-dead', revision: '1' },
    };
    await hand(envelope, 1, dies());
    const unreadable = { sources: { orders: { ...orders, revision: 'payload.order' } } };
    const { deadLetters } = composeWorker({ ...setup, config: unreadable, log }, handlers);
    await deadLetters(sqsEvent(encodeEnvelope(envelope), MAX_RECEIVES + 1));
    expect(await eventOf(envelope)).toMatchObject({ state: 'applied', reason: null });
  });

  test('neither does a plain replay; the message is one of several', async () => {
    const envelope = await queued('replayed', 1);
    await hand(envelope);
    const sent: Envelope[] = [];
    const inbox = {
      send: async (message: Envelope) => void sent.push(message),
    } as unknown as typeof parts.inbox;
    await replayEvent({ ...parts, inbox }, 'orders', envelope.id);
    const [replayed] = sent;
    if (!replayed) throw new Error('not replayed');
    await hand(replayed, 1, composeWorker({ ...setup, config: other, log }, handlers));
    expect(runs).toEqual([envelope.id]);
  });

  test('nor where its revision has changed for the same subject', async () => {
    const envelope = await queued('raised', 1);
    await hand(envelope);
    const raised = { ...config, sources: { orders: { ...orders, revision: 'payload.later' } } };
    const body = Buffer.from(JSON.stringify({ id: envelope.id, order: 'raised', later: 9 })).toString(
      'base64',
    );
    await hand({ ...envelope, body }, 1, composeWorker({ ...setup, config: raised, log }, handlers));
    expect(runs).toEqual([envelope.id]);
    expect(await eventOf(envelope)).toMatchObject({ state: 'applied' });
  });
});

describe('an event that passed the gate, and whose worker died before it told the ledger', () => {
  test('is applied, although a newer one was applied before it came back', async () => {
    const [older, newer] = [await queued('overtaken', 1), await queued('overtaken', 2)];
    await hand(older, 1, dies());
    expect(await eventOf(older)).toMatchObject({ state: 'queued' });
    await hand(newer);
    await hand(older, 2);
    expect(await eventOf(older)).toMatchObject({ state: 'applied' });
    expect(await eventOf(newer)).toMatchObject({ state: 'applied' });
    expect(runs).toEqual([older.id, newer.id]);
  });

  test('is not dead when SQS gives its message up', async () => {
    const envelope = await queued('unrecorded', 1);
    await hand(envelope, 1, dies());
    await functions.deadLetters(sqsEvent(encodeEnvelope(envelope), MAX_RECEIVES + 1));
    expect(await eventOf(envelope)).toMatchObject({ state: 'applied' });
    expect(runs).toEqual([envelope.id]);
  });
});

test('a run that an operator forced says nothing of an event whose entry has expired', async () => {
  const envelope = await queued('forced', 1);
  await hand(envelope);
  await expire(setup.tables.ledger, `orders#${envelope.id}`);
  fail = true;
  await hand({ ...envelope, force: 'once' }, 10);
  expect(outcomes()).toEqual(['applied', 'forced']);
  expect((await api(`/api/events/orders/${envelope.id}`)).status).toBe(404);
});

test('nor does one that SQS gave up, whose end is noted where the entry is there', async () => {
  const envelope = await queued('forced-to-death', 1);
  await hand(envelope);
  const forced = sqsEvent(encodeEnvelope({ ...envelope, force: 'once' }), MAX_RECEIVES + 1);
  await functions.deadLetters(forced);
  const { state, history } = await eventOf(envelope);
  expect([state, history.at(-1)?.state]).toEqual(['applied', 'forced']);
  await expire(setup.tables.ledger, `orders#${envelope.id}`);
  await functions.deadLetters(forced);
  expect(outcomes()).toEqual(['applied', 'forced', 'forced']);
  expect((await api(`/api/events/orders/${envelope.id}`)).status).toBe(404);
});

test('failures of AWS do not bring a message near the dead-letter queue: it is sent anew', async () => {
  const envelope = await queued('error', 1);
  await hand(envelope, 45, dies());
  // Its receipt handle is none, so that hiding it would have failed and been said.
  expect(lines.filter(({ message }) => message === 'not given back')).toEqual([]);
});

describe('a body in S3 that cannot be read', () => {
  async function parked(order: string): Promise<Envelope> {
    return parts.inbox.park(await queued(order, 1));
  }
  const copies = async (envelope: Envelope, receives: number, more: object = {}) => {
    await hand(envelope, receives, composeWorker({ ...setup, log, ...more }, handlers));
    expect(outcomes()).toEqual(['error']);
    // Its receipt handle is none: hiding it would have failed and been said.
    return !lines.some(({ message }) => message === 'not given back');
  };

  test('because S3 is down does not bring its message near the dead-letter queue: it is sent anew', async () => {
    const down = new S3Client({
      region: 'us-east-1',
      endpoint: 'http://127.0.0.1:1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    });
    try {
      const s3 = async () => down;
      expect(await copies(await parked('s3-down'), 2, { s3 })).toBe(false);
      lines.length = 0;
      expect(await copies(await parked('s3-long-down'), FRESH_COPY_AT, { s3 })).toBe(true);
      // Behind the dead-letter queue, too: what has been applied may not be called dead because S3 cannot say so.
      const { deadLetters } = composeWorker({ ...setup, s3, log }, handlers);
      const message = sqsEvent(encodeEnvelope(await parked('s3-down-at-last')), MAX_RECEIVES + 1);
      expect((await deadLetters(message)).batchItemFailures).toHaveLength(1);
    } finally {
      down.destroy();
    }
  });

  test.each([
    ['not there', { key: 'bodies/orders/none' }],
    ['another one', { sha256: 'ab' }],
  ])('because it is %s comes back until SQS gives it up', async (what, lacking) => {
    const envelope = await parked(`body ${what}`);
    if (!envelope.reference) throw new Error('not parked');
    const reference = { ...envelope.reference, ...lacking };
    expect(await copies({ ...envelope, reference }, MAX_RECEIVES - 1)).toBe(false);
  });
});

test('what the archive is given again is kept for as long as what is fresh', async () => {
  const envelope = { ...(await queued('kept', 1)), receivedAt: Date.now() - 20 * 86_400_000 };
  await hand(envelope);
  const { Item } = await setup.dynamodb.send(
    new GetItemCommand({ TableName: setup.tables.archive, Key: { id: { S: `orders#${envelope.id}` } } }),
  );
  expect(Number(Item?.expiresAt?.N)).toBeGreaterThan(Date.now() / 1000 + 29 * 86_400);
});
