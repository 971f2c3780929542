/** A handler has its subject for itself: leases, fencing numbers and the commit. */
import { DeleteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LOCAL_TABLES } from '../../../../local/dynamodb.ts';
import { startFaultyProxy } from '../../../helpers/faulty-proxy.ts';
import { OpenGate } from './open-gate.ts';

let store: OpenGate;

beforeAll(async () => {
  store = await OpenGate.open();
});

afterAll(() => store.close());

test('a lease keeps others out until it ends, and fencing numbers grow', async () => {
  const { event } = store.subject();
  expect(await store.acquire(event('1'), store.clock + 1000)).toMatchObject({ verdict: 'apply' });
  expect(await store.acquire(event('1'), store.clock + 1000)).toEqual({
    verdict: 'held',
    until: store.clock + 1000,
  });
  store.clock += 1;
  expect(await store.acquire(event('2'), store.clock + 1000)).toMatchObject({ verdict: 'held' });
  expect(await store.gate.project(event('3'))).toMatchObject({ verdict: 'held' });
  store.clock += 1001;
  expect(await store.acquire(event('2'), store.clock + 1000)).toMatchObject({ verdict: 'apply' });
});

test('fencing numbers go on from the old ones where a subject that was only held has expired', async () => {
  const { event } = store.subject();
  const hold = await store.gate.hold(event('1'), store.clock + 1000);
  if (!('token' in hold)) throw new Error('not held');
  await store.gate.letGo(event('1'), hold.token);
  const before = await store.acquire(event('1'), store.clock + 1000);
  const id = { S: `test#${event('1').facts.subject}` };
  await store.client.send(new DeleteItemCommand({ TableName: LOCAL_TABLES.subjects, Key: { id } }));
  store.clock += 86_400_000;
  const after = await store.acquire(event('1'), store.clock + 1000);
  if (before.verdict !== 'apply' || after.verdict !== 'apply') throw new Error('not acquired');
  expect(after.fence).toBeGreaterThan(before.fence);
});

test('an answer that is lost leaves no lease behind that its own event waits for', async () => {
  const proxy = await startFaultyProxy(store.tables.engine.endpoint);
  const dynamodb = new DynamoDBClient({
    region: 'us-east-1',
    endpoint: proxy.endpoint,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  try {
    const lossy = store.through(dynamodb);
    const { event, read, fence } = store.subject();
    proxy.faults.push('lost');
    expect(await store.acquire(event('1'), store.clock + 1000, lossy)).toMatchObject({ verdict: 'apply' });
    // A copy of the same event at the same moment is somebody else.
    expect(await store.acquire(event('1'), store.clock + 1000, lossy)).toEqual({
      verdict: 'held',
      until: store.clock + 1000,
    });
    proxy.faults.push('lost');
    expect(await lossy.commit(event('1'), fence(1))).toBe(true);
    store.clock += 1;
    proxy.faults.push('lost');
    expect(await store.acquireAgain(event('1'), 'f', store.clock + 1000, lossy)).toMatchObject({
      verdict: 'apply',
    });
    expect(await store.acquireAgain(event('1'), 'f', store.clock + 1000, lossy)).toMatchObject({
      verdict: 'held',
    });
    expect(await lossy.finishAgain(event('1'), 'f', fence(2))).toBe(true);
    expect(Object.keys((await read()) ?? {}).filter((name) => name.startsWith('lease'))).toEqual([]);
    expect(proxy.passed.filter(({ operation }) => operation === 'UpdateItem')).toHaveLength(9);
  } finally {
    dynamodb.destroy();
    await proxy.close();
  }
});

test('whoever has lost the lease cannot commit', async () => {
  const { event, read, fence } = store.subject();
  await store.acquire(event('1'), store.clock + 1000);
  store.clock += 1001;
  await store.acquire(event('2'), store.clock + 1000);
  expect(await store.gate.commit(event('1'), fence(1))).toBe(false);
  expect((await read())?.revision).toBeUndefined();
  expect(await store.gate.commit(event('2'), fence(2))).toBe(true);
  expect(await read()).toMatchObject({ revision: { N: '2' } });
  expect(await read()).not.toHaveProperty('leaseUntil');
});

test('a commit frees the subject for the next revision, and shuts it for older ones', async () => {
  const { event, fence } = store.subject();
  await store.acquire(event('2'), store.clock + 1000);
  await store.gate.commit(event('2'), fence(1));
  expect(await store.acquire(event('1'), store.clock + 1000)).toEqual({ verdict: 'older', revision: '2' });
  expect(await store.acquire(event('2'), store.clock + 1000)).toEqual({ verdict: 'repeat' });
  expect(await store.acquire(event('3'), store.clock + 1000)).toMatchObject({ verdict: 'apply' });
});

test('a released subject can be acquired at once, but not released by somebody else', async () => {
  const { event, fence } = store.subject();
  await store.acquire(event('1'), store.clock + 1000);
  await store.gate.release(event('1'), 99);
  expect(await store.acquire(event('1'), store.clock + 1000)).toMatchObject({ verdict: 'held' });
  await store.gate.release(event('1'), fence(1));
  expect(await store.acquire(event('1'), store.clock + 1000)).toMatchObject({ verdict: 'apply' });
});

test('a release that comes late leaves the lease of the next one alone', async () => {
  const { event, fence } = store.subject();
  await store.acquire(event('1'), store.clock + 1000);
  store.clock += 1001;
  await store.acquire(event('2'), store.clock + 1000);
  await store.gate.release(event('1'), fence(1));
  expect(await store.acquire(event('3'), store.clock + 1000)).toEqual({
    verdict: 'held',
    until: store.clock + 1000,
  });
});

test('a handler that ends late does not apply its event over a newer state', async () => {
  const { event, read, fence } = store.subject();
  await store.acquire(event('1'), store.clock + 1000);
  store.clock += 1001;
  // As after a change of configuration: the source has no handler any more, and nobody acquired the subject.
  expect(await store.gate.project(event('2'))).toEqual({ verdict: 'apply' });
  expect(await store.gate.commit(event('1'), fence(1))).toBe(false);
  expect(await read()).toMatchObject({ revision: { N: '2' } });
});

test('an event whose handler is at work when a newer state is kept has been applied, and is known by its copies', async () => {
  const { event, read } = store.subject();
  const acquired = await store.acquire(event('1'), store.clock + 60_000);
  if (acquired.verdict !== 'apply') throw new Error('not acquired');
  await store.gate.keep(event('2'));
  await store.gate.keep(event('3'));
  expect(await store.gate.commit(event('1'), acquired.fence)).toBe(true);
  // Its answer was lost.
  expect(await store.gate.commit(event('1'), acquired.fence)).toBe(true);
  expect(await read()).toMatchObject({ eventId: { S: event('3').facts.id }, revision: { N: '3' } });
  expect(await read()).not.toHaveProperty('leaseUntil');
  for (const revision of ['1', '2', '3']) {
    expect(await store.gate.look(event(revision))).toEqual({ verdict: 'repeat' });
  }
});

test('an event whose lease had run out when a newer state was kept is asked for again', async () => {
  const { event } = store.subject();
  const acquired = await store.acquire(event('1'), store.clock + 60_000);
  if (acquired.verdict !== 'apply') throw new Error('not acquired');
  store.clock += 60_001;
  await store.gate.keep(event('2'));
  expect(await store.gate.commit(event('1'), acquired.fence)).toBe(false);
});

test('a commit that finds its event applied by another attempt ends its own lease', async () => {
  const { event, read, fence } = store.subject();
  await store.acquire(event('1'), store.clock + 1000);
  // As when a copy of it had another place.
  await store.gate.keep(event('1'));
  expect(await store.gate.commit(event('1'), fence(1))).toBe(true);
  expect(await read()).not.toHaveProperty('leaseUntil');
});
