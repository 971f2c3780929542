import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { Ledger } from '../../../../functions/store/ledger/ledger.ts';
import { LOCAL_TABLES } from '../../../../local/dynamodb.ts';
import { eventEntry } from '../../../helpers/entry.ts';
import { type FaultyProxy, startFaultyProxy } from '../../../helpers/faulty-proxy.ts';
import { refusingWrites } from '../../../helpers/refusing-writes.ts';
import { type OpenTables, openTables } from '../../../proof/engines/tables.ts';

let tables: OpenTables;
let client: DynamoDBClient;
let clock = Date.parse('2026-01-01T00:00:00Z');
let ledger: Ledger;
let counter = 0;
const RETENTION = 86_400;

beforeAll(async () => {
  tables = await openTables();
  ({ client } = tables);
  ledger = new Ledger(client, LOCAL_TABLES.ledger, RETENTION, () => clock);
});

afterAll(() => tables.close());

function entry() {
  const id = `key-${counter++}`;
  const read = async () => {
    const Key = { id: { S: `test#${id}` } };
    const { Item } = await client.send(
      new GetItemCommand({ TableName: LOCAL_TABLES.ledger, Key, ConsistentRead: true }),
    );
    return Item;
  };
  const claimed = { source: 'test', id, kind: 'event', receivedAt: clock } as const;
  return { id, read, claim: async () => (await ledger.claim(claimed)).claim };
}

test('the first claim is new, one that nobody confirmed is to be sent again, a confirmed one is a duplicate', async () => {
  const { id, claim } = entry();
  expect(await claim()).toBe('new');
  expect(await claim()).toBe('unconfirmed');
  await ledger.confirm('test', id);
  expect(await claim()).toBe('duplicate');
});

test.each(['applied', 'stale', 'quarantined', 'dead', 'split'] as const)(
  '%s is a duplicate',
  async (state) => {
    const { id, claim } = entry();
    await claim();
    await ledger.settle(eventEntry('test', id), { state });
    expect(await claim()).toBe('duplicate');
  },
);

test('of many claims at once exactly one is new', async () => {
  const { claim } = entry();
  const claims = await Promise.all(Array.from({ length: 30 }, claim));
  expect(claims.filter((outcome) => outcome === 'new')).toHaveLength(1);
  expect(claims.filter((outcome) => outcome === 'unconfirmed')).toHaveLength(29);
});

test('an entry past its time counts as gone, although DynamoDB still has it', async () => {
  const { id, claim } = entry();
  await claim();
  await ledger.confirm('test', id);
  clock += (RETENTION + 1) * 1000;
  expect(await claim()).toBe('new');
});

test('a confirmation never undoes what the worker has recorded', async () => {
  const { id, claim, read } = entry();
  await claim();
  await ledger.settle(eventEntry('test', id), { state: 'applied' });
  await ledger.confirm('test', id);
  expect((await read())?.state?.S).toBe('applied');
});

test('nor a failed attempt: it says that the event is retried', async () => {
  const { id, claim, read } = entry();
  await claim();
  await ledger.recordFailure(eventEntry('test', id), 'not now');
  await ledger.confirm('test', id);
  expect((await read())?.state?.S).toBe('retrying');
});

test('the first outcome stays', async () => {
  const { id, claim, read } = entry();
  await claim();
  expect(await ledger.settle(eventEntry('test', id), { state: 'applied' })).toBe(true);
  expect(await ledger.settle(eventEntry('test', id), { state: 'stale', reason: 'late' })).toBe(false);
  expect(await read()).toMatchObject({ state: { S: 'applied' }, attempts: { N: '1' } });
  expect(await read()).not.toHaveProperty('reason');
});

test('an event that was given up and then applied by another copy is applied', async () => {
  const { id, claim, read } = entry();
  await claim();
  await ledger.settle(eventEntry('test', id), { state: 'dead', reason: 'gave up' });
  expect(await ledger.settle(eventEntry('test', id), { state: 'stale', reason: 'late' })).toBe(false);
  expect(await ledger.settle(eventEntry('test', id), { state: 'applied' })).toBe(true);
  expect(await read()).not.toHaveProperty('reason');
});

test('failures are counted, and not once more when the last one settles', async () => {
  const { id, claim, read } = entry();
  await claim();
  expect(await ledger.recordFailure(eventEntry('test', id), 'first')).toBe(1);
  expect((await read())?.state?.S).toBe('retrying');
  expect(await ledger.recordFailure(eventEntry('test', id), 'second')).toBe(2);
  await ledger.settle(eventEntry('test', id), { state: 'dead', reason: 'second', counted: true });
  expect(await read()).toMatchObject({
    attempts: { N: '2' },
    reason: { S: 'second' },
    settledAt: { N: String(clock) },
  });
  expect(await ledger.recordFailure(eventEntry('test', id), 'third')).toBeUndefined();
});

test('only one of two redrives at once reopens a dead entry', async () => {
  const { id, claim, read } = entry();
  await claim();
  await ledger.settle(eventEntry('test', id), { state: 'dead', reason: 'gave up' });
  const reopened = await Promise.all([ledger.reopen('test', id), ledger.reopen('test', id)]);
  expect(reopened.filter((redrive) => redrive !== undefined)).toEqual([1]);
  expect(await read()).toMatchObject({
    state: { S: 'queued' },
    attempts: { N: '0' },
    redriving: { S: 'dead' },
  });
  expect(await read()).not.toHaveProperty('reason');
});

test('a redrive stays marked until its own confirmation', async () => {
  const { id, claim, read } = entry();
  await claim();
  await ledger.settle(eventEntry('test', id), { state: 'quarantined', reason: 'odd' });
  expect(await ledger.reopen('test', id)).toBe(1);
  await ledger.settle(eventEntry('test', id), { state: 'dead' });
  expect(await read()).not.toHaveProperty('redriving');
  expect(await ledger.reopen('test', id)).toBe(2);
  await ledger.confirmRedrive('test', id, 1);
  expect(await read()).toMatchObject({ redriving: { S: 'dead' }, redrives: { N: '2' } });
  await ledger.confirmRedrive('test', id, 2);
  expect(await read()).not.toHaveProperty('redriving');
  await ledger.confirmRedrive('test', id, 2);
  expect(await read()).toMatchObject({ state: { S: 'queued' } });
});

test('until its redrive is confirmed, an event that comes again is to be sent again', async () => {
  const { id, claim } = entry();
  await claim();
  await ledger.settle(eventEntry('test', id), { state: 'dead', reason: 'gave up' });
  const redrive = await ledger.reopen('test', id);
  expect(await claim()).toBe('unconfirmed');
  await ledger.confirmRedrive('test', id, redrive ?? 0);
  expect(await claim()).toBe('duplicate');
});

test('a forced run is noted beside the outcome', async () => {
  const { id, claim, read } = entry();
  await claim();
  await ledger.settle(eventEntry('test', id), { state: 'applied' });
  await ledger.noteForced('test', id, 'ran again');
  expect(await read()).toMatchObject({
    state: { S: 'applied' },
    attempts: { N: '1' },
    forcedResult: { S: 'ran again' },
    forcedAt: { N: String(clock) },
  });
});

test('a failure says when the message was last seen', async () => {
  const { id, claim, read } = entry();
  await claim();
  clock += 5_000;
  await ledger.recordFailure(eventEntry('test', id), 'first');
  expect(await read()).toMatchObject({ seenAt: { N: String(clock) }, reason: { S: 'first' } });
});

test('no operator and no confirmation makes an entry', async () => {
  const { id, read } = entry();
  await ledger.confirm('test', id);
  expect(await ledger.reopen('test', id)).toBeUndefined();
  await ledger.confirmRedrive('test', id, 1);
  await ledger.noteForced('test', id, 'no entry');
  expect(await read()).toBeUndefined();
});

describe('an entry whose time was over before its message was done', () => {
  const order = { subject: 's', revision: '3', ordered: true, gate: 'subject' } as const;
  const facts = { ...order, id: 'e', type: 'paid', state: '', deleted: false };
  const whole = { ...facts, tenant: undefined, quarantine: undefined, payload: {} };

  test('is written anew with its outcome', async () => {
    const { id, read } = entry();
    expect(await ledger.settle(eventEntry('test', id), { state: 'applied', facts: whole })).toBe(true);
    expect(await read()).toMatchObject({
      state: { S: 'applied' },
      subject: { S: 's' },
      expiresAt: { N: String(Math.floor(clock / 1000) + RETENTION) },
    });
    expect(await ledger.settle(eventEntry('test', id), { state: 'dead' })).toBe(false);
  });

  test('is written anew with its failure, and its attempts go on', async () => {
    const { id, read } = entry();
    expect(await ledger.recordFailure(eventEntry('test', id), 'why')).toBe(1);
    expect(await ledger.recordFailure(eventEntry('test', id), 'why')).toBe(2);
    expect(await read()).toMatchObject({ state: { S: 'retrying' }, reason: { S: 'why' } });
  });

  test('is kept for as long as a fresh one by every failure and every redrive', async () => {
    const { id, read, claim } = entry();
    await claim();
    clock += 50_000_000;
    await ledger.recordFailure(eventEntry('test', id), 'why');
    const expiry = () => ({ expiresAt: { N: String(Math.floor(clock / 1000) + RETENTION) } });
    expect(await read()).toMatchObject(expiry());
    await ledger.settle(eventEntry('test', id), { state: 'dead' });
    clock += 50_000_000;
    await ledger.reopen('test', id);
    expect(await read()).toMatchObject(expiry());
  });
});

describe('a write whose answer is lost, and which the SDK repeats', () => {
  let proxy: FaultyProxy;
  let lossy: Ledger;
  let dynamodb: DynamoDBClient;
  beforeAll(async () => {
    proxy = await startFaultyProxy(tables.engine.endpoint);
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    dynamodb = new DynamoDBClient({ region: 'us-east-1', endpoint: proxy.endpoint, credentials });
    lossy = new Ledger(dynamodb, LOCAL_TABLES.ledger, RETENTION, () => clock);
  });
  afterAll(async () => {
    dynamodb.destroy();
    await proxy.close();
  });

  test('is known for the own outcome, so that the line says it', async () => {
    const { id, claim } = entry();
    await claim();
    proxy.faults.push('lost');
    expect(await lossy.settle(eventEntry('test', id), { state: 'dead', reason: 'why' })).toBe(true);
    expect(await lossy.settle(eventEntry('test', id), { state: 'dead', reason: 'why' })).toBe(false);
  });

  test('counts as one attempt', async () => {
    const { id, claim, read } = entry();
    await claim();
    proxy.faults.push('lost');
    expect(await lossy.recordFailure(eventEntry('test', id), 'why')).toBe(1);
    proxy.faults.push('lost');
    expect(await lossy.recordFailure(eventEntry('test', id), 'why')).toBe(2);
    expect(await read()).toMatchObject({ attempts: { N: '2' } });
  });
});

test('a failure of DynamoDB is thrown, not taken for an answer', async () => {
  const missing = new Ledger(client, 'no-such-table', RETENTION, () => clock);
  await expect(missing.claim({ source: 'test', id: 'k', kind: 'event', receivedAt: 1 })).rejects.toThrow();
  await expect(missing.confirm('test', 'k')).rejects.toThrow();
  await expect(missing.settle(eventEntry('test', 'k'), { state: 'applied' })).rejects.toThrow();
  await expect(missing.recordFailure(eventEntry('test', 'k'), 'why')).rejects.toThrow();
  await expect(missing.reopen('test', 'k')).rejects.toThrow();
});

test('a caller that gives up is not kept waiting', async () => {
  const { id, claim, read } = entry();
  const gone = AbortSignal.abort();
  const own = { source: 'test', id, kind: 'event', receivedAt: clock } as const;
  await expect(ledger.claim(own, gone)).rejects.toThrow();
  await claim();
  await expect(ledger.confirm('test', id, gone)).rejects.toThrow();
  expect(await read()).toMatchObject({ state: { S: 'claimed' } });
});

test('a claim is listed, expires after the retention, and is queued once it is confirmed', async () => {
  const { id, claim, read } = entry();
  await claim();
  expect(await read()).toMatchObject({
    state: { S: 'claimed' },
    listing: { S: expect.stringMatching(/^test#\d$/) },
    expiresAt: { N: String(Math.floor(clock / 1000) + RETENTION) },
  });
  await ledger.confirm('test', id);
  expect((await read())?.state).toEqual({ S: 'queued' });
  expect(ledger.confirms).toBe(true);
});

test('an outcome brings along what the worker has read from the event', async () => {
  const { id, claim, read } = entry();
  await claim();
  const unread = { state: 'x', deleted: false, quarantine: undefined, payload: undefined };
  const order = { subject: 's', revision: '7', ordered: true, gate: 'subject' } as const;
  const facts = { ...unread, ...order, id: id, type: 'thing', tenant: 'north' };
  await ledger.settle(eventEntry('test', id), { state: 'stale', facts });
  expect(await read()).toMatchObject({
    state: { S: 'stale' },
    type: { S: 'thing' },
    subject: { S: 's' },
    revision: { N: '7' },
    tenant: { S: 'north' },
  });
});

test('a batch that was given up and then split by another copy is split', async () => {
  const { id, claim, read } = entry();
  await claim();
  await ledger.settle(eventEntry('test', id), { state: 'quarantined', reason: 'odd' });
  expect(await ledger.settle(eventEntry('test', id), { state: 'split' })).toBe(true);
  expect((await read())?.state).toEqual({ S: 'split' });
});

test('a claim that DynamoDB refuses for another reason says nothing of what is there', async () => {
  const { id, claim } = entry();
  await claim();
  const throttled = refusingWrites(tables.engine.endpoint);
  const claimThrottled = new Ledger(throttled, LOCAL_TABLES.ledger, RETENTION, () => clock).claim({
    source: 'test',
    id,
    kind: 'event',
    receivedAt: clock,
  });
  await expect(claimThrottled).rejects.toThrow('too many requests');
  throttled.destroy();
});

test('a redrive without a place forgets what was known of the order, so that it is decided anew', async () => {
  const { id, claim, read } = entry();
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
  await ledger.settle(eventEntry('test', id), { state: 'dead', reason: 'gone', facts });
  expect(await read()).toMatchObject({ gate: { S: 'entry' }, ownSubject: { S: 's' } });
  await ledger.reopen('test', id);
  for (const name of ['gate', 'ownSubject', 'ownRevision', 'subject', 'revision'])
    expect(await read()).not.toHaveProperty(name);
});
