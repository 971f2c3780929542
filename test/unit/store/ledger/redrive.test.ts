/** What an operator does to an entry: redrive it, note a forced run. */
import { eventEntry } from '../../../helpers/entry.ts';
import { OpenLedger } from './open-ledger.ts';

let store: OpenLedger;

beforeAll(async () => {
  store = await OpenLedger.open();
});

afterAll(() => store.close());

test('only one of two redrives at once reopens a dead entry', async () => {
  const { id, claim, read } = store.entry();
  await claim();
  await store.ledger.settle(eventEntry('test', id), { state: 'dead', reason: 'gave up' });
  const reopened = await Promise.all([store.ledger.reopen('test', id), store.ledger.reopen('test', id)]);
  expect(reopened.filter((redrive) => redrive !== undefined)).toEqual([1]);
  expect(await read()).toMatchObject({
    state: { S: 'queued' },
    attempts: { N: '0' },
    redriving: { S: 'dead' },
  });
  expect(await read()).not.toHaveProperty('reason');
});

test('a redrive stays marked until its own confirmation', async () => {
  const { id, claim, read } = store.entry();
  await claim();
  await store.ledger.settle(eventEntry('test', id), { state: 'quarantined', reason: 'odd' });
  expect(await store.ledger.reopen('test', id)).toBe(1);
  await store.ledger.settle(eventEntry('test', id), { state: 'dead' });
  expect(await read()).not.toHaveProperty('redriving');
  expect(await store.ledger.reopen('test', id)).toBe(2);
  await store.ledger.confirmRedrive('test', id, 1);
  expect(await read()).toMatchObject({ redriving: { S: 'dead' }, redrives: { N: '2' } });
  await store.ledger.confirmRedrive('test', id, 2);
  expect(await read()).not.toHaveProperty('redriving');
  await store.ledger.confirmRedrive('test', id, 2);
  expect(await read()).toMatchObject({ state: { S: 'queued' } });
});

test('until its redrive is confirmed, an event that comes again is to be sent again', async () => {
  const { id, claim } = store.entry();
  await claim();
  await store.ledger.settle(eventEntry('test', id), { state: 'dead', reason: 'gave up' });
  const redrive = await store.ledger.reopen('test', id);
  expect(await claim()).toBe('unconfirmed');
  await store.ledger.confirmRedrive('test', id, redrive ?? 0);
  expect(await claim()).toBe('duplicate');
});

test('a forced run is noted beside the outcome', async () => {
  const { id, claim, read } = store.entry();
  await claim();
  await store.ledger.settle(eventEntry('test', id), { state: 'applied' });
  await store.ledger.noteForced('test', id, 'ran again');
  expect(await read()).toMatchObject({
    state: { S: 'applied' },
    attempts: { N: '1' },
    forcedResult: { S: 'ran again' },
    forcedAt: { N: String(store.clock) },
  });
});

test('no operator and no confirmation makes an entry', async () => {
  const { id, read } = store.entry();
  await store.ledger.confirm('test', id);
  expect(await store.ledger.reopen('test', id)).toBeUndefined();
  await store.ledger.confirmRedrive('test', id, 1);
  await store.ledger.noteForced('test', id, 'no entry');
  expect(await read()).toBeUndefined();
});

test('a redrive without a place forgets what was known of the order, so that it is decided anew', async () => {
  const { id, claim, read } = store.entry();
  await claim();
  const order = { subject: 's', revision: '7', ordered: true, gate: 'entry' } as const;
  const rest = {
    type: 'thing',
    state: 'x',
    deleted: false,
    tenant: undefined,
    quarantine: undefined,
    payload: 1,
  };
  const facts = { ...order, ...rest, id };
  await store.ledger.settle(eventEntry('test', id), { state: 'dead', reason: 'gone', facts });
  expect(await read()).toMatchObject({ gate: { S: 'entry' }, ownSubject: { S: 's' } });
  await store.ledger.reopen('test', id);
  for (const name of ['gate', 'ownSubject', 'ownRevision', 'subject', 'revision'])
    expect(await read()).not.toHaveProperty(name);
});
