/** What an attempt writes down: the outcome, once, and its failures. */
import { eventEntry } from '../../../helpers/entry.ts';
import { OpenLedger } from './open-ledger.ts';

let store: OpenLedger;

beforeAll(async () => {
  store = await OpenLedger.open();
});

afterAll(() => store.close());

test('the first outcome stays', async () => {
  const { id, claim, read } = store.entry();
  await claim();
  expect(await store.ledger.settle(eventEntry('test', id), { state: 'applied' })).toBe(true);
  expect(await store.ledger.settle(eventEntry('test', id), { state: 'stale', reason: 'late' })).toBe(false);
  expect(await read()).toMatchObject({ state: { S: 'applied' }, attempts: { N: '1' } });
  expect(await read()).not.toHaveProperty('reason');
});

test('an event that was given up and then applied by another copy is applied', async () => {
  const { id, claim, read } = store.entry();
  await claim();
  await store.ledger.settle(eventEntry('test', id), { state: 'dead', reason: 'gave up' });
  expect(await store.ledger.settle(eventEntry('test', id), { state: 'stale', reason: 'late' })).toBe(false);
  expect(await store.ledger.settle(eventEntry('test', id), { state: 'applied' })).toBe(true);
  expect(await read()).not.toHaveProperty('reason');
});

test('failures are counted, and not once more when the last one settles', async () => {
  const { id, claim, read } = store.entry();
  await claim();
  expect(await store.ledger.recordFailure(eventEntry('test', id), 'first')).toBe(1);
  expect((await read())?.state?.S).toBe('retrying');
  expect(await store.ledger.recordFailure(eventEntry('test', id), 'second')).toBe(2);
  await store.ledger.settle(eventEntry('test', id), { state: 'dead', reason: 'second', counted: true });
  expect(await read()).toMatchObject({
    attempts: { N: '2' },
    reason: { S: 'second' },
    settledAt: { N: String(store.clock) },
  });
  expect(await store.ledger.recordFailure(eventEntry('test', id), 'third')).toBeUndefined();
});

test('a failure says when the message was last seen', async () => {
  const { id, claim, read } = store.entry();
  await claim();
  store.clock += 5_000;
  await store.ledger.recordFailure(eventEntry('test', id), 'first');
  expect(await read()).toMatchObject({ seenAt: { N: String(store.clock) }, reason: { S: 'first' } });
});

test('a failure of DynamoDB is thrown, not taken for an answer', async () => {
  const missing = store.through(store.client, 'no-such-table');
  await expect(missing.claim({ source: 'test', id: 'k', kind: 'event', receivedAt: 1 })).rejects.toThrow();
  await expect(missing.confirm('test', 'k')).rejects.toThrow();
  await expect(missing.settle(eventEntry('test', 'k'), { state: 'applied' })).rejects.toThrow();
  await expect(missing.recordFailure(eventEntry('test', 'k'), 'why')).rejects.toThrow();
  await expect(missing.reopen('test', 'k')).rejects.toThrow();
});

test('an outcome brings along what the worker has read from the event', async () => {
  const { id, claim, read } = store.entry();
  await claim();
  const unread = { state: 'x', deleted: false, quarantine: undefined, payload: undefined };
  const order = { subject: 's', revision: '7', ordered: true, gate: 'subject' } as const;
  const facts = { ...unread, ...order, id: id, type: 'thing', tenant: 'north' };
  await store.ledger.settle(eventEntry('test', id), { state: 'stale', facts });
  expect(await read()).toMatchObject({
    state: { S: 'stale' },
    type: { S: 'thing' },
    subject: { S: 's' },
    revision: { N: '7' },
    tenant: { S: 'north' },
  });
});

test('a batch that was given up and then split by another copy is split', async () => {
  const { id, claim, read } = store.entry();
  await claim();
  await store.ledger.settle(eventEntry('test', id), { state: 'quarantined', reason: 'odd' });
  expect(await store.ledger.settle(eventEntry('test', id), { state: 'split' })).toBe(true);
  expect((await read())?.state).toEqual({ S: 'split' });
});
