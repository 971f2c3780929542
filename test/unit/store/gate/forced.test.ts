/** A handler is run again for an event that was applied. */
import { OpenGate } from './open-gate.ts';

let store: OpenGate;

beforeAll(async () => {
  store = await OpenGate.open();
});

afterAll(() => store.close());

test('a forced run acquires the event applied last, once for each request', async () => {
  const { event, read, fence } = store.subject();
  await store.gate.project(event('2'));
  const before = await read();
  expect(await store.acquireAgain(event('2'), 'f1', store.clock + 1000)).toMatchObject({ verdict: 'apply' });
  expect(await store.acquireAgain(event('2'), 'f1', store.clock + 1000)).toEqual({
    verdict: 'held',
    until: store.clock + 1000,
  });
  expect(await store.gate.finishAgain(event('2'), 'f1', fence(1))).toBe(true);
  expect(await read()).toEqual({
    ...before,
    fence: { N: String(fence(1)) },
    forcedBy: { S: 'f1' },
    forcedBefore: { S: '' },
  });
  expect(await store.acquireAgain(event('2'), 'f1', store.clock + 1000)).toEqual({ verdict: 'repeat' });
  expect(await store.acquireAgain(event('2'), 'f2', store.clock + 1000)).toMatchObject({ verdict: 'apply' });
});

test('a message of a forced run that comes back after the next request was carried out runs nothing', async () => {
  const { event, read, fence } = store.subject();
  await store.gate.project(event('2'));
  for (const [at, force] of ['f1', 'f2'].entries()) {
    await store.acquireAgain(event('2'), force, store.clock + 1000);
    expect(await store.gate.finishAgain(event('2'), force, fence(at + 1))).toBe(true);
  }
  // As when the answer was lost and the SDK makes the call again.
  expect(await store.gate.finishAgain(event('2'), 'f2', fence(2))).toBe(true);
  for (const force of ['f1', 'f2'])
    expect(await store.acquireAgain(event('2'), force, store.clock + 1000)).toEqual({ verdict: 'repeat' });
  expect(await read()).toMatchObject({ fence: { N: String(fence(2)) } });
});

test('a forced run is refused to everything but the event applied last', async () => {
  const { event, read } = store.subject();
  expect(await store.acquireAgain(event('1'), 'f', store.clock + 1000)).toEqual({
    verdict: 'older',
    revision: 'none',
  });
  expect(await read()).toBeUndefined();
  await store.gate.project(event('1'));
  await store.gate.project(event('2'));
  const stale = { verdict: 'older', revision: '2' };
  expect(await store.acquireAgain(event('1'), 'f', store.clock + 1000)).toEqual(stale);
  expect(await store.acquireAgain(event('2', { id: 'another' }), 'f', store.clock + 1000)).toEqual(stale);
  expect(await store.acquireAgain(event('3', { id: event('2').facts.id }), 'f', store.clock + 1000)).toEqual(
    stale,
  );
});

test('a forced run that has lost its lease is not finished', async () => {
  const { event, read, fence } = store.subject();
  await store.gate.project(event('1'));
  await store.acquireAgain(event('1'), 'f', store.clock + 1000);
  store.clock += 1001;
  await store.acquire(event('2'), store.clock + 1000);
  expect(await store.gate.finishAgain(event('1'), 'f', fence(1))).toBe(false);
  expect(await store.gate.commit(event('2'), fence(2))).toBe(true);
  expect(await read()).toMatchObject({ revision: { N: '2' } });
  expect(await read()).not.toHaveProperty('forcedBy');
});
