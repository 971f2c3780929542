/** What is claimed and confirmed: a repeat is a repeat. */
import { eventEntry } from '../../../helpers/entry.ts';
import { refusingWrites } from '../../../helpers/refusing-writes.ts';
import { OpenLedger, RETENTION } from './open-ledger.ts';

let store: OpenLedger;

beforeAll(async () => {
  store = await OpenLedger.open();
});

afterAll(() => store.close());

test('the first claim is new, one that nobody confirmed is to be sent again, a confirmed one is a duplicate', async () => {
  const { id, claim } = store.entry();
  expect(await claim()).toBe('new');
  expect(await claim()).toBe('unconfirmed');
  await store.ledger.confirm('test', id);
  expect(await claim()).toBe('duplicate');
});

test.each(['applied', 'stale', 'quarantined', 'dead', 'split'] as const)(
  '%s is a duplicate',
  async (state) => {
    const { id, claim } = store.entry();
    await claim();
    await store.ledger.settle(eventEntry('test', id), { state });
    expect(await claim()).toBe('duplicate');
  },
);

test('of many claims at once exactly one is new', async () => {
  const { claim } = store.entry();
  const claims = await Promise.all(Array.from({ length: 30 }, claim));
  expect(claims.filter((outcome) => outcome === 'new')).toHaveLength(1);
  expect(claims.filter((outcome) => outcome === 'unconfirmed')).toHaveLength(29);
});

test('an entry past its time counts as gone, although DynamoDB still has it', async () => {
  const { id, claim } = store.entry();
  await claim();
  await store.ledger.confirm('test', id);
  store.clock += (RETENTION + 1) * 1000;
  expect(await claim()).toBe('new');
});

test('a claim is listed, expires after the retention, and is queued once it is confirmed', async () => {
  const { id, claim, read } = store.entry();
  await claim();
  expect(await read()).toMatchObject({
    state: { S: 'claimed' },
    listing: { S: expect.stringMatching(/^test#\d$/) },
    expiresAt: { N: String(Math.floor(store.clock / 1000) + RETENTION) },
  });
  await store.ledger.confirm('test', id);
  expect((await read())?.state).toEqual({ S: 'queued' });
  expect(store.ledger.confirms).toBe(true);
});

test('a claim that DynamoDB refuses for another reason says nothing of what is there', async () => {
  const { id, claim } = store.entry();
  await claim();
  const throttled = refusingWrites(store.tables.engine.endpoint);
  const claimThrottled = store.through(throttled).claim({
    source: 'test',
    id,
    kind: 'event',
    receivedAt: store.clock,
  });
  await expect(claimThrottled).rejects.toThrow('too many requests');
  throttled.destroy();
});

test('a confirmation never undoes what the worker has recorded', async () => {
  const { id, claim, read } = store.entry();
  await claim();
  await store.ledger.settle(eventEntry('test', id), { state: 'applied' });
  await store.ledger.confirm('test', id);
  expect((await read())?.state?.S).toBe('applied');
});

test('nor a failed attempt: it says that the event is retried', async () => {
  const { id, claim, read } = store.entry();
  await claim();
  await store.ledger.recordFailure(eventEntry('test', id), 'not now');
  await store.ledger.confirm('test', id);
  expect((await read())?.state?.S).toBe('retrying');
});

test('a caller that gives up is not kept waiting', async () => {
  const { id, claim, read } = store.entry();
  const gone = AbortSignal.abort();
  const own = { source: 'test', id, kind: 'event', receivedAt: store.clock } as const;
  await expect(store.ledger.claim(own, gone)).rejects.toThrow();
  await claim();
  await expect(store.ledger.confirm('test', id, gone)).rejects.toThrow();
  expect(await read()).toMatchObject({ state: { S: 'claimed' } });
});
