/** What passes the gate without a handler: the newest revision of a subject, each event once. */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { decompress } from '../../../../functions/store/compress.ts';
import { LOCAL_TABLES } from '../../../../local/dynamodb.ts';
import { refusingWrites } from '../../../helpers/refusing-writes.ts';
import { OpenGate } from './open-gate.ts';

let store: OpenGate;

beforeAll(async () => {
  store = await OpenGate.open();
});

afterAll(() => store.close());

test('the first revision may be 0, and newer ones follow', async () => {
  const { event, read } = store.subject();
  expect(await store.gate.project(event('0'))).toEqual({ verdict: 'apply' });
  expect(await store.gate.project(event('2'))).toEqual({ verdict: 'apply' });
  const item = await read();
  expect(item).toMatchObject({
    revision: { N: '2' },
    state: { S: 'state-2' },
    eventId: { S: expect.any(String) },
  });
  expect(JSON.parse(decompress(item?.payload?.B ?? Buffer.alloc(0)))).toEqual({ revision: '2' });
});

test('an older revision is stale, and says which one won', async () => {
  const { event, read } = store.subject();
  await store.gate.project(event('2'));
  expect(await store.gate.project(event('1'))).toEqual({ verdict: 'older', revision: '2' });
  expect((await read())?.revision?.N).toBe('2');
});

test('the same event again is a repeat, and the subject keeps no list for it', async () => {
  const { event, read } = store.subject();
  await store.gate.project(event('1'));
  await store.gate.project(event('2'));
  expect(await store.gate.project(event('2'))).toEqual({ verdict: 'repeat' });
  expect(await read()).not.toHaveProperty('ties');
});

test('revisions compare as numbers of any length, not as text', async () => {
  const { event } = store.subject();
  await store.gate.project(event('9'));
  expect(await store.gate.project(event('10'))).toEqual({ verdict: 'apply' });
  expect(await store.gate.project(event('12345678901234567890'))).toEqual({ verdict: 'apply' });
  expect(await store.gate.project(event('12345678901234567891'))).toEqual({ verdict: 'apply' });
  expect(await store.gate.project(event('12345678901234567890.5'))).toMatchObject({ verdict: 'older' });
});

test('a deletion leaves a tombstone that older events cannot lift', async () => {
  const { event, read } = store.subject();
  await store.gate.project(event('1'));
  await store.gate.project(event('2', { deleted: true, state: 'deleted', payload: { revision: 'gone' } }));
  expect(await store.gate.project(event('1', { id: 'late' }))).toMatchObject({ verdict: 'older' });
  expect(await read()).toMatchObject({ state: { S: 'deleted' }, revision: { N: '2' } });
  expect((await read())?.payload).toBeUndefined();
  expect(await store.gate.project(event('3'))).toEqual({ verdict: 'apply' });
});

test('what an event does not have does not stay behind from an older one', async () => {
  const { event, read } = store.subject();
  await store.gate.project(event('1', { tenant: 'north' }));
  await store.gate.project(event('2', { type: undefined }));
  expect(await read()).not.toHaveProperty('tenant');
  expect(await read()).not.toHaveProperty('type');
});

test('only an event that is its own subject expires', async () => {
  const shared = store.subject();
  await store.gate.project(shared.event('1'));
  expect(await shared.read()).not.toHaveProperty('expiresAt');
  const own = store.subject();
  const event = own.event('1');
  const facts = { ...event.facts, id: event.facts.subject, ordered: false };
  await store.gate.project({ ...event, facts });
  expect(await own.read()).toMatchObject({ expiresAt: { N: String(store.clock / 1000 + 86_400) } });
});

test('an event about the subject that has its id for a name orders it as any other', async () => {
  const { event, read } = store.subject();
  const named = event('100');
  await store.gate.project(event('90'));
  await store.gate.project({ ...named, facts: { ...named.facts, id: named.facts.subject } });
  expect(await read()).not.toHaveProperty('expiresAt');
  expect(await store.gate.project(event('50'))).toEqual({ verdict: 'older', revision: '100' });
});

test('one of many copies at once applies', async () => {
  const { event } = store.subject();
  const results = await Promise.all(Array.from({ length: 20 }, () => store.gate.project(event('5'))));
  expect(results.filter(({ verdict }) => verdict === 'apply')).toHaveLength(1);
});

test('a subject remembers the last four events, so that each knows that it was applied', async () => {
  const { event } = store.subject();
  for (const revision of ['1', '2', '3', '4', '5']) await store.gate.project(event(revision));
  for (const revision of ['2', '3', '4', '5'])
    expect(await store.gate.look(event(revision))).toEqual({ verdict: 'repeat' });
  expect(await store.gate.look(event('1'))).toEqual({ verdict: 'older', revision: '5' });
});

test('a failure of DynamoDB is thrown, not taken for an outcome', async () => {
  const missing = store.through(store.client, 'no-such-table');
  await expect(missing.project(store.subject().event('1'))).rejects.toThrow();
  await store.client.send(
    new PutItemCommand({ TableName: LOCAL_TABLES.subjects, Item: { id: { S: 'alive' } } }),
  );
});

test('a write that DynamoDB refuses for another reason is neither stale nor busy', async () => {
  const { event } = store.subject();
  await store.gate.project(event('2'));
  const throttled = refusingWrites(store.tables.engine.endpoint);
  const other = store.through(throttled);
  await expect(other.project(event('1'))).rejects.toThrow('too many requests');
  await expect(other.acquire(event('3'), store.clock + 1_000)).rejects.toThrow('too many requests');
  throttled.destroy();
});
