/** Several events of one revision of a subject. */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { MAX_TIES } from '../../../../functions/core/decide.ts';
import { LOCAL_TABLES } from '../../../../local/dynamodb.ts';
import { OpenGate } from './open-gate.ts';

let store: OpenGate;

beforeAll(async () => {
  store = await OpenGate.open();
});

afterAll(() => store.close());

describe('several events of one revision', () => {
  const tie = (n: number) => ({ id: `tie-${n}`, state: `state-${n}` });

  test('are applied in the order in which they come, and a copy of each is a repeat', async () => {
    const { event, read } = store.subject();
    for (const n of [1, 2, 3])
      expect(await store.gate.project(event('5', tie(n)))).toEqual({ verdict: 'apply' });
    for (const n of [1, 2, 3])
      expect(await store.gate.project(event('5', tie(n)))).toEqual({ verdict: 'repeat' });
    expect(await read()).toMatchObject({ state: { S: 'state-3' }, eventId: { S: 'tie-3' } });
    expect((await read())?.ties?.SS?.toSorted()).toEqual(['tie-1', 'tie-2', 'tie-3']);
    expect(await store.gate.project(event('4', { id: 'late' }))).toEqual({ verdict: 'older', revision: '5' });
  });

  test('are forgotten one by one when a newer one comes, the last four applied are not', async () => {
    const { event, read } = store.subject();
    for (const n of [1, 2, 3, 4]) await store.gate.project(event('5', tie(n)));
    expect(await store.gate.project(event('6'))).toEqual({ verdict: 'apply' });
    expect(await read()).not.toHaveProperty('ties');
    for (const n of [2, 3, 4])
      expect(await store.gate.look(event('5', tie(n)))).toEqual({ verdict: 'repeat' });
    expect(await store.gate.look(event('5', tie(1)))).toEqual({ verdict: 'older', revision: '6' });
  });

  test('may be 32, and the next one is told so', async () => {
    const { event, read } = store.subject();
    const { subject: name } = event('5').facts;
    const Item = {
      id: { S: `test#${name}` },
      revision: { N: '5' },
      eventId: { S: 'tie-1' },
      ties: { SS: Array.from({ length: MAX_TIES - 1 }, (_, n) => `tie-${n + 1}`) },
    };
    await store.client.send(new PutItemCommand({ TableName: LOCAL_TABLES.subjects, Item }));
    expect(await store.gate.project(event('5', tie(32)))).toEqual({ verdict: 'apply' });
    const full = { verdict: 'full', revision: '5' };
    expect(await store.gate.project(event('5', tie(33)))).toEqual(full);
    expect(await store.acquire(event('5', tie(33)), store.clock + 1000)).toEqual(full);
    expect(await store.gate.project(event('5', tie(1)))).toEqual({ verdict: 'repeat' });
    expect((await read())?.ties?.SS).toHaveLength(MAX_TIES);
    expect(await store.gate.project(event('6', tie(33)))).toEqual({ verdict: 'apply' });
  });

  test('run their handlers one after the other, each once', async () => {
    const { event, fence } = store.subject();
    for (const n of [1, 2, 3]) {
      expect(await store.acquire(event('5', tie(n)), store.clock + 1000)).toMatchObject({ verdict: 'apply' });
      expect(await store.acquire(event('5', tie(9)), store.clock + 1000)).toMatchObject({ verdict: 'held' });
      expect(await store.gate.commit(event('5', tie(n)), fence(n))).toBe(true);
    }
    for (const n of [1, 2, 3])
      expect(await store.acquire(event('5', tie(n)), store.clock + 1000)).toEqual({ verdict: 'repeat' });
  });

  test('do not let in whoever has lost the lease', async () => {
    const { event, read, fence } = store.subject();
    await store.gate.project(event('5', tie(1)));
    await store.acquire(event('5', tie(2)), store.clock + 1000);
    store.clock += 2000;
    await store.acquire(event('5', tie(3)), store.clock + 1000);
    expect(await store.gate.commit(event('5', tie(2)), fence(1))).toBe(false);
    expect(await store.gate.commit(event('5', tie(3)), fence(2))).toBe(true);
    expect((await read())?.ties?.SS?.toSorted()).toEqual(['tie-1', 'tie-3']);
  });

  test('all pass when they come at once', async () => {
    const { event, read } = store.subject();
    const all = Array.from({ length: 20 }, (_, n) => store.gate.project(event('5', tie(n))));
    expect((await Promise.all(all)).filter(({ verdict }) => verdict !== 'apply')).toEqual([]);
    expect((await read())?.ties?.SS).toHaveLength(20);
  });

  test('of a subject that 0.1.0 has written: its last event is the one that was applied', async () => {
    const { event } = store.subject();
    const { id, subject: name } = event('5').facts;
    const Item = { id: { S: `test#${name}` }, revision: { N: '5' }, eventId: { S: id }, state: { S: 'old' } };
    await store.client.send(new PutItemCommand({ TableName: LOCAL_TABLES.subjects, Item }));
    expect(await store.gate.project(event('5'))).toEqual({ verdict: 'repeat' });
    expect(await store.gate.project(event('5', tie(1)))).toEqual({ verdict: 'apply' });
    expect(await store.gate.project(event('5'))).toEqual({ verdict: 'repeat' });
  });

  test('may each be run again by force', async () => {
    const { event, fence } = store.subject();
    for (const n of [1, 2]) await store.gate.project(event('5', tie(n)));
    expect(await store.acquireAgain(event('5', tie(1)), 'f1', store.clock + 1000)).toMatchObject({
      verdict: 'apply',
    });
    expect(await store.gate.finishAgain(event('5', tie(1)), 'f1', fence(1))).toBe(true);
    expect(await store.acquireAgain(event('5', tie(3)), 'f2', store.clock + 1000)).toEqual({
      verdict: 'older',
      revision: '5',
    });
  });
});
