import { DeleteItemCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { MAX_TIES } from '../../../../functions/core/decide.ts';
import type { EventFacts } from '../../../../functions/core/facts.ts';
import { decompress } from '../../../../functions/store/compress.ts';
import { Gate, type GatedEvent } from '../../../../functions/store/gate/gate.ts';
import { endLease, leaseOf } from '../../../../functions/store/gate/lease.ts';
import { liftRevision, standingOf } from '../../../../functions/store/gate/reset.ts';
import { LOCAL_TABLES } from '../../../../local/dynamodb.ts';
import { startFaultyProxy } from '../../../helpers/faulty-proxy.ts';
import { refusingWrites } from '../../../helpers/refusing-writes.ts';
import { type OpenTables, openTables } from '../../../proof/engines/tables.ts';

let tables: OpenTables;
let client: DynamoDBClient;
let clock = 1_000_000;
let gate: Gate;
let counter = 0;

beforeAll(async () => {
  tables = await openTables();
  ({ client } = tables);
  gate = new Gate(client, LOCAL_TABLES.subjects, 86_400, () => clock);
});

afterAll(() => tables.close());

/** The fencing numbers that were given out, by subject. */
const fences = new Map<string, number[]>();

/** Every number is larger than all before it. */
function noted<Answer extends object>({ facts: { subject } }: GatedEvent, answer: Answer): Answer {
  if (!('fence' in answer)) return answer;
  const before = fences.get(subject) ?? [];
  expect(answer.fence).toBeGreaterThan(Math.max(0, ...before));
  fences.set(subject, [...before, Number(answer.fence)]);
  return answer;
}

const acquire = async (event: GatedEvent, leaseUntil: number, by = gate) =>
  noted(event, await by.acquire(event, leaseUntil));
const acquireAgain = async (event: GatedEvent, force: string, leaseUntil: number, by = gate) =>
  noted(event, await by.acquire(event, leaseUntil, force));

/** A subject of its own for each test. `fence`: the number of its nth lease. */
function subject() {
  const name = `subject-${counter++}`;
  const fence = (n: number) => fences.get(name)?.[n - 1] ?? Number.NaN;
  const event = (revision: string, more: Partial<EventFacts> = {}) => ({
    source: 'test',
    facts: {
      id: `${name}-${revision}`,
      type: 'thing.changed',
      subject: name,
      revision,
      state: `state-${revision}`,
      deleted: false,
      ordered: true,
      gate: 'subject' as const,
      tenant: undefined,
      quarantine: undefined,
      payload: { revision },
      ...more,
    },
  });
  const read = async () => {
    const id = { S: `test#${name}` };
    const { Item } = await client.send(
      new GetItemCommand({ TableName: LOCAL_TABLES.subjects, Key: { id }, ConsistentRead: true }),
    );
    return Item;
  };
  return { event, read, fence };
}

test('the first revision may be 0, and newer ones follow', async () => {
  const { event, read } = subject();
  expect(await gate.project(event('0'))).toEqual({ verdict: 'apply' });
  expect(await gate.project(event('2'))).toEqual({ verdict: 'apply' });
  const item = await read();
  expect(item).toMatchObject({
    revision: { N: '2' },
    state: { S: 'state-2' },
    eventId: { S: expect.any(String) },
  });
  expect(JSON.parse(decompress(item?.payload?.B ?? Buffer.alloc(0)))).toEqual({ revision: '2' });
});

test('an older revision is stale, and says which one won', async () => {
  const { event, read } = subject();
  await gate.project(event('2'));
  expect(await gate.project(event('1'))).toEqual({ verdict: 'older', revision: '2' });
  expect((await read())?.revision?.N).toBe('2');
});

test('the same event again is a repeat, and the subject keeps no list for it', async () => {
  const { event, read } = subject();
  await gate.project(event('1'));
  await gate.project(event('2'));
  expect(await gate.project(event('2'))).toEqual({ verdict: 'repeat' });
  expect(await read()).not.toHaveProperty('ties');
});

describe('several events of one revision', () => {
  const tie = (n: number) => ({ id: `tie-${n}`, state: `state-${n}` });

  test('are applied in the order in which they come, and a copy of each is a repeat', async () => {
    const { event, read } = subject();
    for (const n of [1, 2, 3]) expect(await gate.project(event('5', tie(n)))).toEqual({ verdict: 'apply' });
    for (const n of [1, 2, 3]) expect(await gate.project(event('5', tie(n)))).toEqual({ verdict: 'repeat' });
    expect(await read()).toMatchObject({ state: { S: 'state-3' }, eventId: { S: 'tie-3' } });
    expect((await read())?.ties?.SS?.toSorted()).toEqual(['tie-1', 'tie-2', 'tie-3']);
    expect(await gate.project(event('4', { id: 'late' }))).toEqual({ verdict: 'older', revision: '5' });
  });

  test('are forgotten one by one when a newer one comes, the last four applied are not', async () => {
    const { event, read } = subject();
    for (const n of [1, 2, 3, 4]) await gate.project(event('5', tie(n)));
    expect(await gate.project(event('6'))).toEqual({ verdict: 'apply' });
    expect(await read()).not.toHaveProperty('ties');
    for (const n of [2, 3, 4]) expect(await gate.look(event('5', tie(n)))).toEqual({ verdict: 'repeat' });
    expect(await gate.look(event('5', tie(1)))).toEqual({ verdict: 'older', revision: '6' });
  });

  test('may be 32, and the next one is told so', async () => {
    const { event, read } = subject();
    const { subject: name } = event('5').facts;
    const Item = {
      id: { S: `test#${name}` },
      revision: { N: '5' },
      eventId: { S: 'tie-1' },
      ties: { SS: Array.from({ length: MAX_TIES - 1 }, (_, n) => `tie-${n + 1}`) },
    };
    await client.send(new PutItemCommand({ TableName: LOCAL_TABLES.subjects, Item }));
    expect(await gate.project(event('5', tie(32)))).toEqual({ verdict: 'apply' });
    const full = { verdict: 'full', revision: '5' };
    expect(await gate.project(event('5', tie(33)))).toEqual(full);
    expect(await acquire(event('5', tie(33)), clock + 1000)).toEqual(full);
    expect(await gate.project(event('5', tie(1)))).toEqual({ verdict: 'repeat' });
    expect((await read())?.ties?.SS).toHaveLength(MAX_TIES);
    expect(await gate.project(event('6', tie(33)))).toEqual({ verdict: 'apply' });
  });

  test('run their handlers one after the other, each once', async () => {
    const { event, fence } = subject();
    for (const n of [1, 2, 3]) {
      expect(await acquire(event('5', tie(n)), clock + 1000)).toMatchObject({ verdict: 'apply' });
      expect(await acquire(event('5', tie(9)), clock + 1000)).toMatchObject({ verdict: 'held' });
      expect(await gate.commit(event('5', tie(n)), fence(n))).toBe(true);
    }
    for (const n of [1, 2, 3])
      expect(await acquire(event('5', tie(n)), clock + 1000)).toEqual({ verdict: 'repeat' });
  });

  test('do not let in whoever has lost the lease', async () => {
    const { event, read, fence } = subject();
    await gate.project(event('5', tie(1)));
    await acquire(event('5', tie(2)), clock + 1000);
    clock += 2000;
    await acquire(event('5', tie(3)), clock + 1000);
    expect(await gate.commit(event('5', tie(2)), fence(1))).toBe(false);
    expect(await gate.commit(event('5', tie(3)), fence(2))).toBe(true);
    expect((await read())?.ties?.SS?.toSorted()).toEqual(['tie-1', 'tie-3']);
  });

  test('all pass when they come at once', async () => {
    const { event, read } = subject();
    const all = Array.from({ length: 20 }, (_, n) => gate.project(event('5', tie(n))));
    expect((await Promise.all(all)).filter(({ verdict }) => verdict !== 'apply')).toEqual([]);
    expect((await read())?.ties?.SS).toHaveLength(20);
  });

  test('of a subject that 0.1.0 has written: its last event is the one that was applied', async () => {
    const { event } = subject();
    const { id, subject: name } = event('5').facts;
    const Item = { id: { S: `test#${name}` }, revision: { N: '5' }, eventId: { S: id }, state: { S: 'old' } };
    await client.send(new PutItemCommand({ TableName: LOCAL_TABLES.subjects, Item }));
    expect(await gate.project(event('5'))).toEqual({ verdict: 'repeat' });
    expect(await gate.project(event('5', tie(1)))).toEqual({ verdict: 'apply' });
    expect(await gate.project(event('5'))).toEqual({ verdict: 'repeat' });
  });

  test('may each be run again by force', async () => {
    const { event, fence } = subject();
    for (const n of [1, 2]) await gate.project(event('5', tie(n)));
    expect(await acquireAgain(event('5', tie(1)), 'f1', clock + 1000)).toMatchObject({ verdict: 'apply' });
    expect(await gate.finishAgain(event('5', tie(1)), 'f1', fence(1))).toBe(true);
    expect(await acquireAgain(event('5', tie(3)), 'f2', clock + 1000)).toEqual({
      verdict: 'older',
      revision: '5',
    });
  });
});

test('revisions compare as numbers of any length, not as text', async () => {
  const { event } = subject();
  await gate.project(event('9'));
  expect(await gate.project(event('10'))).toEqual({ verdict: 'apply' });
  expect(await gate.project(event('12345678901234567890'))).toEqual({ verdict: 'apply' });
  expect(await gate.project(event('12345678901234567891'))).toEqual({ verdict: 'apply' });
  expect(await gate.project(event('12345678901234567890.5'))).toMatchObject({ verdict: 'older' });
});

test('a deletion leaves a tombstone that older events cannot lift', async () => {
  const { event, read } = subject();
  await gate.project(event('1'));
  await gate.project(event('2', { deleted: true, state: 'deleted', payload: { revision: 'gone' } }));
  expect(await gate.project(event('1', { id: 'late' }))).toMatchObject({ verdict: 'older' });
  expect(await read()).toMatchObject({ state: { S: 'deleted' }, revision: { N: '2' } });
  expect((await read())?.payload).toBeUndefined();
  expect(await gate.project(event('3'))).toEqual({ verdict: 'apply' });
});

test('what an event does not have does not stay behind from an older one', async () => {
  const { event, read } = subject();
  await gate.project(event('1', { tenant: 'north' }));
  await gate.project(event('2', { type: undefined }));
  expect(await read()).not.toHaveProperty('tenant');
  expect(await read()).not.toHaveProperty('type');
});

test('only an event that is its own subject expires', async () => {
  const shared = subject();
  await gate.project(shared.event('1'));
  expect(await shared.read()).not.toHaveProperty('expiresAt');
  const own = subject();
  const event = own.event('1');
  const facts = { ...event.facts, id: event.facts.subject, ordered: false };
  await gate.project({ ...event, facts });
  expect(await own.read()).toMatchObject({ expiresAt: { N: String(clock / 1000 + 86_400) } });
});

test('an event about the subject that has its id for a name orders it as any other', async () => {
  const { event, read } = subject();
  const named = event('100');
  await gate.project(event('90'));
  await gate.project({ ...named, facts: { ...named.facts, id: named.facts.subject } });
  expect(await read()).not.toHaveProperty('expiresAt');
  expect(await gate.project(event('50'))).toEqual({ verdict: 'older', revision: '100' });
});

test('one of many copies at once applies', async () => {
  const { event } = subject();
  const results = await Promise.all(Array.from({ length: 20 }, () => gate.project(event('5'))));
  expect(results.filter(({ verdict }) => verdict === 'apply')).toHaveLength(1);
});

test('a lease keeps others out until it ends, and fencing numbers grow', async () => {
  const { event } = subject();
  expect(await acquire(event('1'), clock + 1000)).toMatchObject({ verdict: 'apply' });
  expect(await acquire(event('1'), clock + 1000)).toEqual({ verdict: 'held', until: clock + 1000 });
  clock += 1;
  expect(await acquire(event('2'), clock + 1000)).toMatchObject({ verdict: 'held' });
  expect(await gate.project(event('3'))).toMatchObject({ verdict: 'held' });
  clock += 1001;
  expect(await acquire(event('2'), clock + 1000)).toMatchObject({ verdict: 'apply' });
});

test('fencing numbers go on from the old ones where a subject that was only held has expired', async () => {
  const { event } = subject();
  const hold = await gate.hold(event('1'), clock + 1000);
  if (!('token' in hold)) throw new Error('not held');
  await gate.letGo(event('1'), hold.token);
  const before = await acquire(event('1'), clock + 1000);
  const id = { S: `test#${event('1').facts.subject}` };
  await client.send(new DeleteItemCommand({ TableName: LOCAL_TABLES.subjects, Key: { id } }));
  clock += 86_400_000;
  const after = await acquire(event('1'), clock + 1000);
  if (before.verdict !== 'apply' || after.verdict !== 'apply') throw new Error('not acquired');
  expect(after.fence).toBeGreaterThan(before.fence);
});

test('an answer that is lost leaves no lease behind that its own event waits for', async () => {
  const proxy = await startFaultyProxy(tables.engine.endpoint);
  const dynamodb = new DynamoDBClient({
    region: 'us-east-1',
    endpoint: proxy.endpoint,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  try {
    const lossy = new Gate(dynamodb, LOCAL_TABLES.subjects, 86_400, () => clock);
    const { event, read, fence } = subject();
    proxy.faults.push('lost');
    expect(await acquire(event('1'), clock + 1000, lossy)).toMatchObject({ verdict: 'apply' });
    // A copy of the same event at the same moment is somebody else.
    expect(await acquire(event('1'), clock + 1000, lossy)).toEqual({ verdict: 'held', until: clock + 1000 });
    proxy.faults.push('lost');
    expect(await lossy.commit(event('1'), fence(1))).toBe(true);
    clock += 1;
    proxy.faults.push('lost');
    expect(await acquireAgain(event('1'), 'f', clock + 1000, lossy)).toMatchObject({ verdict: 'apply' });
    expect(await acquireAgain(event('1'), 'f', clock + 1000, lossy)).toMatchObject({ verdict: 'held' });
    expect(await lossy.finishAgain(event('1'), 'f', fence(2))).toBe(true);
    expect(Object.keys((await read()) ?? {}).filter((name) => name.startsWith('lease'))).toEqual([]);
    expect(proxy.passed.filter(({ operation }) => operation === 'UpdateItem')).toHaveLength(9);
  } finally {
    dynamodb.destroy();
    await proxy.close();
  }
});

test('whoever has lost the lease cannot commit', async () => {
  const { event, read, fence } = subject();
  await acquire(event('1'), clock + 1000);
  clock += 1001;
  await acquire(event('2'), clock + 1000);
  expect(await gate.commit(event('1'), fence(1))).toBe(false);
  expect((await read())?.revision).toBeUndefined();
  expect(await gate.commit(event('2'), fence(2))).toBe(true);
  expect(await read()).toMatchObject({ revision: { N: '2' } });
  expect(await read()).not.toHaveProperty('leaseUntil');
});

describe('an operator lifts the revision of a subject', () => {
  /** It stands at 9, and should not. */
  async function wrong(more: Partial<EventFacts> = {}) {
    const { event, read, fence } = subject();
    await gate.project(event('1'));
    await gate.project(event('9', more));
    const item = { client, table: LOCAL_TABLES.subjects, id: `test#${event('9').facts.subject}` };
    const standing = await standingOf(item);
    if (typeof standing !== 'object') throw new Error('no standing');
    return { event, read, item, standing, fence };
  }

  test('and the next event is applied whatever its own; a copy of the wrong one is not', async () => {
    const { event, read, item, standing } = await wrong();
    const before = await read();
    expect(standing).toMatchObject({ revision: '9', event: event('9').facts.id, state: 'state-9' });
    expect(await liftRevision(item, standing, clock)).toBe('lifted');
    const { revision: _, ...kept } = before ?? {};
    const record = { resetAt: { N: String(clock) }, resetFrom: { N: '9' } };
    expect(await read()).toEqual({ ...kept, fence: { N: '1' }, ...record });
    expect(await gate.project(event('9'))).toEqual({ verdict: 'repeat' });
    expect(await gate.project(event('2'))).toEqual({ verdict: 'apply' });
    expect(await read()).toMatchObject({ revision: { N: '2' }, ...record });
  });

  test('not while a handler has it, and not from another revision than was seen', async () => {
    const { event, item, standing, fence } = await wrong();
    await acquire(event('10'), clock + 1000);
    expect(await liftRevision(item, standing, clock)).toBe('held');
    expect(await gate.commit(event('10'), fence(1))).toBe(true);
    expect(await liftRevision(item, standing, clock)).toBe('moved');
  });

  test('and a handler whose lease has run out cannot commit any more', async () => {
    const { event, item, standing, fence } = await wrong();
    await acquire(event('10'), clock + 1000);
    clock += 2000;
    expect(await liftRevision(item, standing, clock)).toBe('lifted');
    expect(await gate.commit(event('10'), fence(1))).toBe(false);
  });

  test('and a copy of each of several wrong ones stays a copy', async () => {
    const { event, item, standing } = await wrong();
    await gate.project(event('9', { id: 'tie' }));
    expect(await liftRevision(item, { ...standing, event: 'tie' }, clock)).toBe('lifted');
    for (const id of [event('9').facts.id, 'tie'])
      expect(await gate.project(event('9', { id }))).toEqual({ verdict: 'repeat' });
  });

  test('the highest that ever was lifted stays on record', async () => {
    const { event, read, item, standing } = await wrong();
    await liftRevision(item, standing, clock);
    await gate.project(event('3'));
    const again = await standingOf(item);
    expect(again).toMatchObject({ revision: '3', liftedBefore: '9' });
    if (typeof again === 'object') await liftRevision(item, again, clock);
    expect(await read()).toMatchObject({ resetFrom: { N: '9' } });
    expect(await standingOf(item)).toBe('none');
  });
});

describe('an operator takes a subject from its handler', () => {
  /** The handler of revision 1 is at work. */
  async function held(through = client) {
    const { event, read, fence } = subject();
    await acquire(event('1'), clock + 1000);
    const item = { client: through, table: LOCAL_TABLES.subjects, id: `test#${event('1').facts.subject}` };
    const lease = await leaseOf(item, clock);
    if (typeof lease !== 'object') throw new Error('no lease');
    return { event, read, item, lease, fence };
  }

  test('who cannot commit, release or finish any more, and the next one comes in', async () => {
    const { event, read, item, lease, fence } = await held();
    expect(lease).toEqual({ event: event('1').facts.id, until: clock + 1000, fence: fence(1) });
    expect(await endLease(item, lease)).toBe(true);
    expect(await leaseOf(item, clock)).toBe('none');
    expect(await gate.commit(event('1'), fence(1))).toBe(false);
    expect(await gate.finishAgain(event('1'), 'f', fence(1))).toBe(false);
    expect(await acquire(event('2'), clock + 1000)).toMatchObject({ verdict: 'apply' });
    await gate.release(event('1'), fence(1));
    expect(await read()).toMatchObject({ leaseEvent: { S: event('2').facts.id } });
  });

  test('and no lease that was taken afterwards', async () => {
    const { event, item, lease, fence } = await held();
    clock += 1001;
    await acquire(event('2'), clock + 1000);
    // Whoever had it is shut out, which is what was asked for.
    expect(await endLease(item, lease)).toBe(true);
    expect(await gate.commit(event('2'), fence(2))).toBe(true);
  });

  test('and says so when it has ended by itself', async () => {
    const { event, item, lease, fence } = await held();
    await gate.commit(event('1'), fence(1));
    expect(await endLease(item, lease)).toBe(false);
    expect(await leaseOf({ ...item, id: 'test#nobody' }, clock)).toBeUndefined();
  });

  test('once, when the answer is lost and the SDK asks again', async () => {
    const proxy = await startFaultyProxy(tables.engine.endpoint);
    const dynamodb = new DynamoDBClient({
      region: 'us-east-1',
      endpoint: proxy.endpoint,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    try {
      const { event, item, lease } = await held(dynamodb);
      proxy.faults.push('lost');
      expect(await endLease(item, lease)).toBe(true);
      expect(await acquire(event('2'), clock + 1000)).toMatchObject({ verdict: 'apply' });
    } finally {
      dynamodb.destroy();
      await proxy.close();
    }
  });
});

test('a commit frees the subject for the next revision, and shuts it for older ones', async () => {
  const { event, fence } = subject();
  await acquire(event('2'), clock + 1000);
  await gate.commit(event('2'), fence(1));
  expect(await acquire(event('1'), clock + 1000)).toEqual({ verdict: 'older', revision: '2' });
  expect(await acquire(event('2'), clock + 1000)).toEqual({ verdict: 'repeat' });
  expect(await acquire(event('3'), clock + 1000)).toMatchObject({ verdict: 'apply' });
});

test('a released subject can be acquired at once, but not released by somebody else', async () => {
  const { event, fence } = subject();
  await acquire(event('1'), clock + 1000);
  await gate.release(event('1'), 99);
  expect(await acquire(event('1'), clock + 1000)).toMatchObject({ verdict: 'held' });
  await gate.release(event('1'), fence(1));
  expect(await acquire(event('1'), clock + 1000)).toMatchObject({ verdict: 'apply' });
});

test('a release that comes late leaves the lease of the next one alone', async () => {
  const { event, fence } = subject();
  await acquire(event('1'), clock + 1000);
  clock += 1001;
  await acquire(event('2'), clock + 1000);
  await gate.release(event('1'), fence(1));
  expect(await acquire(event('3'), clock + 1000)).toEqual({ verdict: 'held', until: clock + 1000 });
});

test('a handler that ends late does not apply its event over a newer state', async () => {
  const { event, read, fence } = subject();
  await acquire(event('1'), clock + 1000);
  clock += 1001;
  // As after a change of configuration: the source has no handler any more, and nobody acquired the subject.
  expect(await gate.project(event('2'))).toEqual({ verdict: 'apply' });
  expect(await gate.commit(event('1'), fence(1))).toBe(false);
  expect(await read()).toMatchObject({ revision: { N: '2' } });
});

test('a subject remembers the last four events, so that each knows that it was applied', async () => {
  const { event } = subject();
  for (const revision of ['1', '2', '3', '4', '5']) await gate.project(event(revision));
  for (const revision of ['2', '3', '4', '5'])
    expect(await gate.look(event(revision))).toEqual({ verdict: 'repeat' });
  expect(await gate.look(event('1'))).toEqual({ verdict: 'older', revision: '5' });
});

test('a forced run acquires the event applied last, once for each request', async () => {
  const { event, read, fence } = subject();
  await gate.project(event('2'));
  const before = await read();
  expect(await acquireAgain(event('2'), 'f1', clock + 1000)).toMatchObject({ verdict: 'apply' });
  expect(await acquireAgain(event('2'), 'f1', clock + 1000)).toEqual({
    verdict: 'held',
    until: clock + 1000,
  });
  expect(await gate.finishAgain(event('2'), 'f1', fence(1))).toBe(true);
  expect(await read()).toEqual({
    ...before,
    fence: { N: String(fence(1)) },
    forcedBy: { S: 'f1' },
    forcedBefore: { S: '' },
  });
  expect(await acquireAgain(event('2'), 'f1', clock + 1000)).toEqual({ verdict: 'repeat' });
  expect(await acquireAgain(event('2'), 'f2', clock + 1000)).toMatchObject({ verdict: 'apply' });
});

test('a message of a forced run that comes back after the next request was carried out runs nothing', async () => {
  const { event, read, fence } = subject();
  await gate.project(event('2'));
  for (const [at, force] of ['f1', 'f2'].entries()) {
    await acquireAgain(event('2'), force, clock + 1000);
    expect(await gate.finishAgain(event('2'), force, fence(at + 1))).toBe(true);
  }
  // As when the answer was lost and the SDK makes the call again.
  expect(await gate.finishAgain(event('2'), 'f2', fence(2))).toBe(true);
  for (const force of ['f1', 'f2'])
    expect(await acquireAgain(event('2'), force, clock + 1000)).toEqual({ verdict: 'repeat' });
  expect(await read()).toMatchObject({ fence: { N: String(fence(2)) } });
});

test('a forced run is refused to everything but the event applied last', async () => {
  const { event, read } = subject();
  expect(await acquireAgain(event('1'), 'f', clock + 1000)).toEqual({
    verdict: 'older',
    revision: 'none',
  });
  expect(await read()).toBeUndefined();
  await gate.project(event('1'));
  await gate.project(event('2'));
  const stale = { verdict: 'older', revision: '2' };
  expect(await acquireAgain(event('1'), 'f', clock + 1000)).toEqual(stale);
  expect(await acquireAgain(event('2', { id: 'another' }), 'f', clock + 1000)).toEqual(stale);
  expect(await acquireAgain(event('3', { id: event('2').facts.id }), 'f', clock + 1000)).toEqual(stale);
});

test('a forced run that has lost its lease is not finished', async () => {
  const { event, read, fence } = subject();
  await gate.project(event('1'));
  await acquireAgain(event('1'), 'f', clock + 1000);
  clock += 1001;
  await acquire(event('2'), clock + 1000);
  expect(await gate.finishAgain(event('1'), 'f', fence(1))).toBe(false);
  expect(await gate.commit(event('2'), fence(2))).toBe(true);
  expect(await read()).toMatchObject({ revision: { N: '2' } });
  expect(await read()).not.toHaveProperty('forcedBy');
});

test('a failure of DynamoDB is thrown, not taken for an outcome', async () => {
  const missing = new Gate(client, 'no-such-table', 86_400, () => clock);
  await expect(missing.project(subject().event('1'))).rejects.toThrow();
  await client.send(new PutItemCommand({ TableName: LOCAL_TABLES.subjects, Item: { id: { S: 'alive' } } }));
});

test('a write that DynamoDB refuses for another reason is neither stale nor busy', async () => {
  const { event } = subject();
  await gate.project(event('2'));
  const throttled = refusingWrites(tables.engine.endpoint);
  const other = new Gate(throttled, LOCAL_TABLES.subjects, 86_400, () => clock);
  await expect(other.project(event('1'))).rejects.toThrow('too many requests');
  await expect(other.acquire(event('3'), clock + 1_000)).rejects.toThrow('too many requests');
  throttled.destroy();
});

test('an event whose handler is at work when a newer state is kept has been applied, and is known by its copies', async () => {
  const { event, read } = subject();
  const acquired = await acquire(event('1'), clock + 60_000);
  if (acquired.verdict !== 'apply') throw new Error('not acquired');
  await gate.keep(event('2'));
  await gate.keep(event('3'));
  expect(await gate.commit(event('1'), acquired.fence)).toBe(true);
  // Its answer was lost.
  expect(await gate.commit(event('1'), acquired.fence)).toBe(true);
  expect(await read()).toMatchObject({ eventId: { S: event('3').facts.id }, revision: { N: '3' } });
  expect(await read()).not.toHaveProperty('leaseUntil');
  for (const revision of ['1', '2', '3']) {
    expect(await gate.look(event(revision))).toEqual({ verdict: 'repeat' });
  }
});

test('an event whose lease had run out when a newer state was kept is asked for again', async () => {
  const { event } = subject();
  const acquired = await acquire(event('1'), clock + 60_000);
  if (acquired.verdict !== 'apply') throw new Error('not acquired');
  clock += 60_001;
  await gate.keep(event('2'));
  expect(await gate.commit(event('1'), acquired.fence)).toBe(false);
});

test('a commit that finds its event applied by another attempt ends its own lease', async () => {
  const { event, read, fence } = subject();
  await acquire(event('1'), clock + 1000);
  // As when a copy of it had another place.
  await gate.keep(event('1'));
  expect(await gate.commit(event('1'), fence(1))).toBe(true);
  expect(await read()).not.toHaveProperty('leaseUntil');
});
