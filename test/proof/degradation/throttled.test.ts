/** DynamoDB answers, but refuses: throttled, or with connections that break. */
import type { SQSEvent } from 'aws-lambda';
import type { EventDetail } from '../../../functions/api/types.ts';
import { createClients } from '../../../functions/aws/clients.ts';
import { composeIngest } from '../../../functions/ingest/compose.ts';
import { composeWorker } from '../../../functions/worker/compose.ts';
import { createContext } from '../../helpers/context.ts';
import { type FaultyProxy, startFaultyProxy } from '../../helpers/faulty-proxy.ts';
import { messageEvent, signDotdigital } from '../../helpers/sign.ts';
import { gatewayEvent } from './gateway-event.ts';
import { messageRecords } from './message-records.ts';

const { local, api, waitFor } = await createContext();
const proxy: FaultyProxy = await startFaultyProxy(local.dynamodb.endpoint);
const { dynamodb } = createClients({
  region: 'us-east-1',
  endpoints: { dynamodb: proxy.endpoint },
  credentials: local.credentials,
});
afterAll(async () => {
  dynamodb.destroy();
  await proxy.close();
});
beforeEach(() => proxy.faults.splice(0));

const ingest = composeIngest({ ...local.setup, dynamodb });
const { worker } = composeWorker({ ...local.setup, dynamodb });
const invocation = { getRemainingTimeInMillis: () => 60_000 };

const read = async (id: string) => (await api(`/api/events/dotdigital/${id}`)).body as EventDetail;

function webhook(name: string) {
  const body = JSON.stringify(messageEvent(name, 'sent'));
  const { eventId: id } = messageEvent(name, 'sent');
  return { id, body, event: gatewayEvent('dotdigital', body, signDotdigital(body)) };
}

test.each(['throttle', 'reset'] as const)('ingest gets over one %s by a second attempt', async (fault) => {
  const { id, event } = webhook(`one-${fault}`);
  proxy.faults.push(fault);
  expect(await ingest(event)).toMatchObject({ statusCode: 202, headers: { 'inlet-outcome': 'accepted' } });
  await waitFor(async () => (await read(id)).state === 'applied');
});

test.each(['throttle', 'reset'] as const)(
  'ingest answers 503 when it is met with nothing but %s, and the retry is processed once',
  async (fault) => {
    const { id, event } = webhook(`only-${fault}`);
    proxy.faults.push(fault, fault, fault, fault);
    const started = performance.now();
    expect(await ingest(event)).toMatchObject({ statusCode: 503, headers: { 'retry-after': '5' } });
    expect(performance.now() - started).toBeLessThan(9_000);
    proxy.faults.splice(0);
    expect(await ingest(event)).toMatchObject({ statusCode: 202 });
    await waitFor(async () => (await read(id)).state === 'applied');
    expect(await read(id)).toMatchObject({ attempts: 1 });
  },
);

test('the worker gives throttled records back, counts no attempt, and fails no other record', async () => {
  const webhooks = [webhook('worker-a'), webhook('worker-b'), webhook('worker-c')];
  // Accepted, but nobody has processed them: the entries are made by hand, the messages handed over here.
  const { Ledger } = await import('../../../functions/store/ledger/ledger.ts');
  const ledger = new Ledger(local.setup.dynamodb, local.setup.tables.ledger, 86_400, Date.now);
  for (const { id } of webhooks) {
    await ledger.claim({ source: 'dotdigital', id: id, kind: 'event', receivedAt: Date.now() });
    await ledger.confirm('dotdigital', id);
  }
  // Through the archive first, then two of the gate's writes with both attempts each.
  proxy.passed.splice(0);
  const Records = messageRecords(webhooks.map(({ body }) => JSON.parse(body)));
  const event = { Records } as unknown as SQSEvent;
  const throttleFrom = () => proxy.passed.some(({ operation }) => operation === 'BatchWriteItem');
  const running = worker(event, invocation);
  await waitFor(throttleFrom);
  proxy.faults.push(...Array<'throttle'>(12).fill('throttle'));
  const { batchItemFailures } = await running;
  proxy.faults.splice(0);
  const failed = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  const states = await Promise.all(webhooks.map(({ id }) => read(id)));
  for (const [n, { state, attempts }] of states.entries()) {
    expect([state, attempts]).toEqual(failed.includes(`m${n}`) ? ['queued', 0] : ['applied', 1]);
  }
  expect(failed.length).toBeGreaterThan(0);
  expect(await worker(event, invocation)).toEqual({ batchItemFailures: [] });
  for (const { id } of webhooks) expect(await read(id)).toMatchObject({ state: 'applied', attempts: 1 });
});
