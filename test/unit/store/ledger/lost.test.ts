/** An entry that is gone when its outcome is written, and a write whose answer is lost. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Ledger } from '../../../../functions/store/ledger/ledger.ts';
import { eventEntry } from '../../../helpers/entry.ts';
import { type FaultyProxy, startFaultyProxy } from '../../../helpers/faulty-proxy.ts';
import { OpenLedger, RETENTION } from './open-ledger.ts';

let store: OpenLedger;

beforeAll(async () => {
  store = await OpenLedger.open();
});

afterAll(() => store.close());

describe('an entry whose time was over before its message was done', () => {
  const order = { subject: 's', revision: '3', ordered: true, gate: 'subject' } as const;
  const facts = { ...order, id: 'e', type: 'paid', state: '', deleted: false };
  const whole = { ...facts, tenant: undefined, quarantine: undefined, payload: {} };

  test('is written anew with its outcome', async () => {
    const { id, read } = store.entry();
    expect(await store.ledger.settle(eventEntry('test', id), { state: 'applied', facts: whole })).toBe(true);
    expect(await read()).toMatchObject({
      state: { S: 'applied' },
      subject: { S: 's' },
      expiresAt: { N: String(Math.floor(store.clock / 1000) + RETENTION) },
    });
    expect(await store.ledger.settle(eventEntry('test', id), { state: 'dead' })).toBe(false);
  });

  test('is written anew with its failure, and its attempts go on', async () => {
    const { id, read } = store.entry();
    expect(await store.ledger.recordFailure(eventEntry('test', id), 'why')).toBe(1);
    expect(await store.ledger.recordFailure(eventEntry('test', id), 'why')).toBe(2);
    expect(await read()).toMatchObject({ state: { S: 'retrying' }, reason: { S: 'why' } });
  });

  test('is kept for as long as a fresh one by every failure and every redrive', async () => {
    const { id, read, claim } = store.entry();
    await claim();
    store.clock += 50_000_000;
    await store.ledger.recordFailure(eventEntry('test', id), 'why');
    const expiry = () => ({ expiresAt: { N: String(Math.floor(store.clock / 1000) + RETENTION) } });
    expect(await read()).toMatchObject(expiry());
    await store.ledger.settle(eventEntry('test', id), { state: 'dead' });
    store.clock += 50_000_000;
    await store.ledger.reopen('test', id);
    expect(await read()).toMatchObject(expiry());
  });
});

describe('a write whose answer is lost, and which the SDK repeats', () => {
  let proxy: FaultyProxy;
  let lossy: Ledger;
  let dynamodb: DynamoDBClient;
  beforeAll(async () => {
    proxy = await startFaultyProxy(store.tables.engine.endpoint);
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    dynamodb = new DynamoDBClient({ region: 'us-east-1', endpoint: proxy.endpoint, credentials });
    lossy = store.through(dynamodb);
  });
  afterAll(async () => {
    dynamodb.destroy();
    await proxy.close();
  });

  test('is known for the own outcome, so that the line says it', async () => {
    const { id, claim } = store.entry();
    await claim();
    proxy.faults.push('lost');
    expect(await lossy.settle(eventEntry('test', id), { state: 'dead', reason: 'why' })).toBe(true);
    expect(await lossy.settle(eventEntry('test', id), { state: 'dead', reason: 'why' })).toBe(false);
  });

  test('counts as one attempt', async () => {
    const { id, claim, read } = store.entry();
    await claim();
    proxy.faults.push('lost');
    expect(await lossy.recordFailure(eventEntry('test', id), 'why')).toBe(1);
    proxy.faults.push('lost');
    expect(await lossy.recordFailure(eventEntry('test', id), 'why')).toBe(2);
    expect(await read()).toMatchObject({ attempts: { N: '2' } });
  });
});
