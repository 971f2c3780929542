/** What the worker says of an event, and what it gives back: alarms and people go by these lines. */
import type { SQSRecord } from 'aws-lambda';
import { getEvent } from '../../../functions/api/get-event.ts';
import { createApiParts } from '../../../functions/api/parts.ts';
import { type Envelope, encodeEnvelope } from '../../../functions/core/envelope.ts';
import { PermanentError } from '../../../functions/core/errors.ts';
import type { Handler } from '../../../functions/core/handler.ts';
import type { LogLine } from '../../../functions/core/log.ts';
import { composeWorker } from '../../../functions/worker/compose.ts';
import { createContext } from '../../helpers/context.ts';
import { eventEntry } from '../../helpers/entry.ts';
import { sqsEvent } from '../../helpers/sqs-event.ts';

let fail: (() => Error) | undefined;
const handler: Handler = {
  name: 'scripted',
  description: 'Fails where the test says so.',
  handle: async () => {
    const error = fail?.();
    if (error) throw error;
  },
};
const paths = { delivery: 'payload.id', subject: 'payload.id', revision: 'payload.revision' };
const { local, post, waitFor, api } = await createContext({
  handlers: { 'fulfil-order': handler },
  config: {
    sources: {
      orders: { provider: 'tasks', unsigned: true, handler: 'fulfil-order', mode: 'latest', ...paths },
    },
  },
});
const lines: (LogLine & { readonly level: string })[] = [];
const log = { log: (level: string, line: LogLine) => void lines.push({ level, ...line }) };
const { worker } = composeWorker({ ...local.setup, log }, { 'fulfil-order': handler });
const parts = createApiParts(local.setup);
beforeEach(() => {
  lines.length = 0;
  fail = undefined;
});

/** An event that has been applied, as its message was. */
async function applied(id: string): Promise<Envelope> {
  await post('orders', JSON.stringify({ id, revision: 1 }), { 'content-type': 'application/json' });
  await waitFor(async () => {
    const { body } = await api(`/api/events/orders/${id}`);
    return (body as { state?: string }).state === 'applied';
  });
  const envelope = await parts.archive.get('orders', id);
  if (!envelope) throw new Error('not archived');
  return envelope;
}

/** Hands a message to the worker; what it gives back by SQS fails, so that it names it instead. */
async function process(envelope: Envelope, receives = 1): Promise<readonly string[]> {
  const batch = sqsEvent(encodeEnvelope(envelope), receives);
  const { batchItemFailures } = await worker(batch, { getRemainingTimeInMillis: () => 80_000 });
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}
const outcomes = () =>
  lines.filter(({ outcome }) => outcome !== undefined).map(({ level, outcome }) => `${level} ${outcome}`);

test('a copy of a message that has its outcome is no second event', async () => {
  expect(await process(await applied('copy'))).toEqual([]);
  expect(outcomes()).toEqual(['INFO settled-before']);
});

test('a forced run that fails is given back itself, however long its pause, so that its receives count', async () => {
  const envelope = { ...(await applied('forced')), force: 'one' };
  fail = () => new Error('not now');
  for (const receives of [1, 7, 9]) expect(await process(envelope, receives)).toEqual(['m']);
  expect(outcomes()).toEqual(Array(3).fill('WARN failed'));
});

test('a forced run that failed often enough ends, and its event is not dead', async () => {
  const envelope = { ...(await applied('enough')), force: 'two' };
  fail = () => new Error('not now');
  expect(await process(envelope, 10)).toEqual([]);
  expect(outcomes()).toEqual(['INFO forced']);
  expect((await api('/api/events/orders/enough')).body).toMatchObject({ state: 'applied' });
});

test('a forced run that its handler refuses for good ends, and its event is not dead', async () => {
  const envelope = { ...(await applied('refused')), force: 'three' };
  fail = () => new PermanentError('no');
  expect(await process(envelope)).toEqual([]);
  expect(outcomes()).toEqual(['INFO forced']);
  expect((await api('/api/events/orders/refused')).body).toMatchObject({ state: 'applied' });
});

test('a forced run whose source has lost its handler meanwhile is not said to have run', async () => {
  const envelope = { ...(await applied('handlerless')), force: 'four' };
  const sources = { orders: { provider: 'tasks', unsigned: true, ...paths } };
  const { worker: without } = composeWorker({ ...local.setup, config: { sources }, log });
  await without(sqsEvent(encodeEnvelope(envelope)), { getRemainingTimeInMillis: () => 80_000 });
  const { body } = await api('/api/events/orders/handlerless');
  expect(body).toMatchObject({
    state: 'applied',
    history: [
      { state: 'received' },
      { state: 'applied' },
      { state: 'forced', reason: 'The handler did not run again: its source has none any more' },
    ],
  });
});

test('the last attempt of a copy, whose event has gone through meanwhile, makes no dead event', async () => {
  const entry = { source: 'orders', id: 'raced', kind: 'event', receivedAt: Date.now() } as const;
  await parts.ledger.claim(entry);
  for (let attempt = 1; attempt < 10; attempt++)
    await parts.ledger.recordFailure(eventEntry('orders', 'raced'), 'not now');
  // The other copy settles between this one's last failure and its end: the handler fails, then the entry is applied.
  fail = () => new Error('not now');
  const settling = Object.create(local.setup.dynamodb, {
    send: {
      value: async (...asked: Parameters<typeof local.setup.dynamodb.send>) => {
        const answer = await local.setup.dynamodb.send(...asked);
        if (JSON.stringify(asked[0]?.input).includes(':retrying'))
          await parts.ledger.settle(eventEntry('orders', 'raced'), { state: 'applied' });
        return answer;
      },
    },
  });
  const raced = composeWorker({ ...local.setup, dynamodb: settling, log }, { 'fulfil-order': handler });
  const body = Buffer.from(JSON.stringify({ id: 'raced', revision: 1 })).toString('base64');
  await raced.worker(
    sqsEvent(
      encodeEnvelope({
        ...entry,
        headers: { 'content-type': 'application/json' },
        subpath: '',
        body,
      }),
    ),
    { getRemainingTimeInMillis: () => 80_000 },
  );
  expect(outcomes()).toEqual(['INFO settled-before']);
});

test('what cannot be processed is a warning, which the economy mode writes too', async () => {
  const entry = { source: 'orders', id: 'broken', kind: 'event', receivedAt: Date.now() } as const;
  await parts.ledger.claim(entry);
  const body = Buffer.from('not JSON').toString('base64');
  expect(await process({ ...entry, headers: {}, subpath: '', body })).toEqual([]);
  expect(outcomes()).toEqual(['WARN quarantined']);
});

test('a message that cannot be read is an error with its time, for metrics and look-ups', async () => {
  const record = { messageId: 'm', receiptHandle: 'r', attributes: {}, body: 'nonsense' };
  await worker({ Records: [record] as unknown as SQSRecord[] }, { getRemainingTimeInMillis: () => 80_000 });
  expect(lines[0]).toMatchObject({
    level: 'ERROR',
    message: 'unreadable message',
    outcome: 'error',
    ms: expect.any(Number),
  });
});

test('a deletion without a revision is applied by itself, and says what it left undone', async () => {
  const config = { sources: { shop: { provider: 'shopify' } } };
  const shop = composeWorker({ ...local.setup, config, log });
  const envelope: Envelope = {
    source: 'shop',
    id: 'e1:products/delete',
    kind: 'event',
    receivedAt: Date.now(),
    headers: {
      'content-type': 'application/json',
      'x-shopify-topic': 'products/delete',
      'x-shopify-event-id': 'e1',
      'x-shopify-shop-domain': 'shop',
    },
    subpath: '',
    body: Buffer.from('{"id":1}').toString('base64'),
  };
  await parts.ledger.claim(eventEntry('shop', envelope.id));
  await shop.worker(sqsEvent(encodeEnvelope(envelope)), { getRemainingTimeInMillis: () => 80_000 });
  const reason = expect.stringContaining('its subject stays as it is');
  expect(lines).toEqual([expect.objectContaining({ level: 'WARN', outcome: 'applied', reason })]);
  expect(await getEvent({ ...parts, config }, 'shop', envelope.id)).toMatchObject({
    state: 'applied',
    reason,
  });
});
