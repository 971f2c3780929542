/** What an operator does to a subject: lift its revision, take it from its handler. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { EventFacts } from '../../../../functions/core/facts.ts';
import { endLease, leaseOf } from '../../../../functions/store/gate/lease.ts';
import { liftRevision, standingOf } from '../../../../functions/store/gate/reset.ts';
import { LOCAL_TABLES } from '../../../../local/dynamodb.ts';
import { startFaultyProxy } from '../../../helpers/faulty-proxy.ts';
import { OpenGate } from './open-gate.ts';

let store: OpenGate;

beforeAll(async () => {
  store = await OpenGate.open();
});

afterAll(() => store.close());

describe('an operator lifts the revision of a subject', () => {
  /** It stands at 9, and should not. */
  async function wrong(more: Partial<EventFacts> = {}) {
    const { event, read, fence } = store.subject();
    await store.gate.project(event('1'));
    await store.gate.project(event('9', more));
    const item = {
      client: store.client,
      table: LOCAL_TABLES.subjects,
      id: `test#${event('9').facts.subject}`,
    };
    const standing = await standingOf(item);
    if (typeof standing !== 'object') throw new Error('no standing');
    return { event, read, item, standing, fence };
  }

  test('and the next event is applied whatever its own; a copy of the wrong one is not', async () => {
    const { event, read, item, standing } = await wrong();
    const before = await read();
    expect(standing).toMatchObject({ revision: '9', event: event('9').facts.id, state: 'state-9' });
    expect(await liftRevision(item, standing, store.clock)).toBe('lifted');
    const { revision: _, ...kept } = before ?? {};
    const record = { resetAt: { N: String(store.clock) }, resetFrom: { N: '9' } };
    expect(await read()).toEqual({ ...kept, fence: { N: '1' }, ...record });
    expect(await store.gate.project(event('9'))).toEqual({ verdict: 'repeat' });
    expect(await store.gate.project(event('2'))).toEqual({ verdict: 'apply' });
    expect(await read()).toMatchObject({ revision: { N: '2' }, ...record });
  });

  test('not while a handler has it, and not from another revision than was seen', async () => {
    const { event, item, standing, fence } = await wrong();
    await store.acquire(event('10'), store.clock + 1000);
    expect(await liftRevision(item, standing, store.clock)).toBe('held');
    expect(await store.gate.commit(event('10'), fence(1))).toBe(true);
    expect(await liftRevision(item, standing, store.clock)).toBe('moved');
  });

  test('and a handler whose lease has run out cannot commit any more', async () => {
    const { event, item, standing, fence } = await wrong();
    await store.acquire(event('10'), store.clock + 1000);
    store.clock += 2000;
    expect(await liftRevision(item, standing, store.clock)).toBe('lifted');
    expect(await store.gate.commit(event('10'), fence(1))).toBe(false);
  });

  test('and a copy of each of several wrong ones stays a copy', async () => {
    const { event, item, standing } = await wrong();
    await store.gate.project(event('9', { id: 'tie' }));
    expect(await liftRevision(item, { ...standing, event: 'tie' }, store.clock)).toBe('lifted');
    for (const id of [event('9').facts.id, 'tie'])
      expect(await store.gate.project(event('9', { id }))).toEqual({ verdict: 'repeat' });
  });

  test('the highest that ever was lifted stays on record', async () => {
    const { event, read, item, standing } = await wrong();
    await liftRevision(item, standing, store.clock);
    await store.gate.project(event('3'));
    const again = await standingOf(item);
    expect(again).toMatchObject({ revision: '3', liftedBefore: '9' });
    if (typeof again === 'object') await liftRevision(item, again, store.clock);
    expect(await read()).toMatchObject({ resetFrom: { N: '9' } });
    expect(await standingOf(item)).toBe('none');
  });
});

describe('an operator takes a subject from its handler', () => {
  /** The handler of revision 1 is at work. */
  async function held(through = store.client) {
    const { event, read, fence } = store.subject();
    await store.acquire(event('1'), store.clock + 1000);
    const item = { client: through, table: LOCAL_TABLES.subjects, id: `test#${event('1').facts.subject}` };
    const lease = await leaseOf(item, store.clock);
    if (typeof lease !== 'object') throw new Error('no lease');
    return { event, read, item, lease, fence };
  }

  test('who cannot commit, release or finish any more, and the next one comes in', async () => {
    const { event, read, item, lease, fence } = await held();
    expect(lease).toEqual({ event: event('1').facts.id, until: store.clock + 1000, fence: fence(1) });
    expect(await endLease(item, lease)).toBe(true);
    expect(await leaseOf(item, store.clock)).toBe('none');
    expect(await store.gate.commit(event('1'), fence(1))).toBe(false);
    expect(await store.gate.finishAgain(event('1'), 'f', fence(1))).toBe(false);
    expect(await store.acquire(event('2'), store.clock + 1000)).toMatchObject({ verdict: 'apply' });
    await store.gate.release(event('1'), fence(1));
    expect(await read()).toMatchObject({ leaseEvent: { S: event('2').facts.id } });
  });

  test('and no lease that was taken afterwards', async () => {
    const { event, item, lease, fence } = await held();
    store.clock += 1001;
    await store.acquire(event('2'), store.clock + 1000);
    // Whoever had it is shut out, which is what was asked for.
    expect(await endLease(item, lease)).toBe(true);
    expect(await store.gate.commit(event('2'), fence(2))).toBe(true);
  });

  test('and says so when it has ended by itself', async () => {
    const { event, item, lease, fence } = await held();
    await store.gate.commit(event('1'), fence(1));
    expect(await endLease(item, lease)).toBe(false);
    expect(await leaseOf({ ...item, id: 'test#nobody' }, store.clock)).toBeUndefined();
  });

  test('once, when the answer is lost and the SDK asks again', async () => {
    const proxy = await startFaultyProxy(store.tables.engine.endpoint);
    const dynamodb = new DynamoDBClient({
      region: 'us-east-1',
      endpoint: proxy.endpoint,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    try {
      const { event, item, lease } = await held(dynamodb);
      proxy.faults.push('lost');
      expect(await endLease(item, lease)).toBe(true);
      expect(await store.acquire(event('2'), store.clock + 1000)).toMatchObject({ verdict: 'apply' });
    } finally {
      dynamodb.destroy();
      await proxy.close();
    }
  });
});
