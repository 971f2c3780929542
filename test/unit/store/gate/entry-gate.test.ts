/** The gate of an event by itself, on real tables: who may have it, and what its fence is worth. */
import { GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { decideByItself } from '../../../../functions/core/decide.ts';
import { STATES, type State } from '../../../../functions/core/states.ts';
import type { Acquired } from '../../../../functions/store/gate/answers.ts';
import { EntryGate, readOwn } from '../../../../functions/store/gate/entry-gate.ts';
import { claimItem, ledgerId, type NewEntry } from '../../../../functions/store/ledger/entry.ts';
import { Ledger } from '../../../../functions/store/ledger/ledger.ts';
import { LOCAL_TABLES } from '../../../../local/dynamodb.ts';
import { type OpenTables, openTables } from '../../../proof/engines/tables.ts';

const RETENTION = 86_400;
const MINUTE = 60_000;
let tables: OpenTables;
let ledger: Ledger;
let gate: EntryGate;
let clock = Date.parse('2026-01-01T00:00:00Z');
let counter = 0;
beforeAll(async () => {
  tables = await openTables();
  ledger = new Ledger(tables.client, LOCAL_TABLES.ledger, RETENTION, () => clock);
  gate = new EntryGate(tables.client, LOCAL_TABLES.ledger, ledger, RETENTION, () => clock);
});
afterAll(() => tables.close());

function newEntry(): NewEntry {
  const id = `e${counter++}`;
  return { source: 'test', id, kind: 'event', receivedAt: clock, place: { gate: 'entry' } };
}

async function claimed(): Promise<NewEntry> {
  const entry = newEntry();
  await ledger.claim(entry);
  return entry;
}

const keyOf = ({ source, id }: NewEntry) => ({ id: { S: ledgerId(source, id) } });

async function itemOf(entry: NewEntry) {
  const { Item = {} } = await tables.client.send(
    new GetItemCommand({ TableName: LOCAL_TABLES.ledger, Key: keyOf(entry), ConsistentRead: true }),
  );
  return Item;
}

async function acquire(entry: NewEntry): Promise<Acquired> {
  const acquired = await gate.acquire(entry, clock + MINUTE);
  if (acquired.verdict !== 'apply') throw new Error(`not acquired: ${acquired.verdict}`);
  return acquired;
}

const applied = { state: 'applied' } as const;

test('a lease confirms the claim, and moves the time of its entry', async () => {
  const entry = await claimed();
  clock += MINUTE;
  await acquire(entry);
  expect(await itemOf(entry)).toMatchObject({
    state: { S: 'queued' },
    gate: { S: 'entry' },
    expiresAt: { N: String(Math.floor(clock / 1000) + RETENTION) },
  });
  expect(await ledger.claim(entry)).toEqual({ claim: 'duplicate' });
});

test('one handler at a time has the event, until its lease ends', async () => {
  const entry = await claimed();
  const first = await acquire(entry);
  expect(await gate.acquire(entry, clock + MINUTE)).toEqual({ verdict: 'held', until: clock + MINUTE });
  clock += MINUTE + 1;
  const second = await acquire(entry);
  expect(second.fence).toBeGreaterThan(first.fence);
});

test('an outcome needs the fence: whoever has lost the lease writes none', async () => {
  const entry = await claimed();
  const { fence: lost } = await acquire(entry);
  clock += MINUTE + 1;
  const { fence } = await acquire(entry);
  expect(await ledger.settle(entry, applied, undefined, { fence: lost })).toBe(false);
  expect(await ledger.recordFailure(entry, 'too late', undefined, { fence: lost })).toBeUndefined();
  expect(await itemOf(entry)).toMatchObject({ state: { S: 'queued' }, leaseUntil: expect.anything() });
  expect(await ledger.settle(entry, applied, undefined, { fence })).toBe(true);
  expect(await itemOf(entry)).not.toHaveProperty('leaseUntil');
});

test('a failure gives the event back with the write that counts it, unless its handler hangs', async () => {
  const entry = await claimed();
  const { fence } = await acquire(entry);
  expect(await ledger.recordFailure(entry, 'not now', undefined, { fence })).toBe(1);
  expect(await itemOf(entry)).not.toHaveProperty('leaseUntil');
  const { fence: second } = await acquire(entry);
  const hanging = { fence: second, keepsLease: true };
  expect(await ledger.recordFailure(entry, 'hangs', undefined, hanging)).toBe(2);
  expect(await gate.acquire(entry, clock + MINUTE)).toMatchObject({ verdict: 'held' });
  // What ends it for good takes nothing from a handler that may still be running.
  await ledger.settle(entry, { state: 'dead', reason: 'hangs', counted: true });
  expect(await itemOf(entry)).toHaveProperty('leaseUntil');
});

test('an entry that is claimed anew after its time goes on from the old fence', async () => {
  const entry = await claimed();
  const { fence } = await acquire(entry);
  clock += (RETENTION + 10) * 1000;
  // DynamoDB deletes what has expired days late: the claim takes its place.
  expect(await ledger.claim(entry)).toEqual({ claim: 'new' });
  const { fence: next } = await acquire(entry);
  expect(next).toBeGreaterThan(fence);
  expect(await ledger.settle(entry, applied, undefined, { fence })).toBe(false);
});

test('a missing entry is claimed anew, and is no outcome', async () => {
  const entry = newEntry();
  const { fence } = await acquire(entry);
  expect(await ledger.settle(entry, applied, undefined, { fence })).toBe(true);
  const gone = newEntry();
  expect(await ledger.settle(gone, applied, undefined, { fence })).toBe(false);
  expect(await itemOf(gone)).toEqual({});
});

test('what is over is not run again, what was given up may go through after all', async () => {
  const done = await claimed();
  await ledger.settle(done, applied);
  expect(await gate.acquire(done, clock + MINUTE)).toEqual({ verdict: 'repeat' });
  const dead = await claimed();
  await ledger.settle(dead, { state: 'dead', reason: 'gone' });
  const { fence } = await acquire(dead);
  expect(await itemOf(dead)).toMatchObject({ state: { S: 'dead' } });
  expect(await ledger.settle(dead, applied, undefined, { fence })).toBe(true);
  expect(await itemOf(dead)).toMatchObject({ state: { S: 'applied' } });
});

test('an operator runs the handler again, once for each request, and only of what was applied', async () => {
  const entry = await claimed();
  expect(await gate.acquireAgain(entry, 'f1', clock + MINUTE)).not.toMatchObject({ verdict: 'apply' });
  const { fence: first } = await acquire(entry);
  await ledger.settle(entry, applied, undefined, { fence: first });
  const again = (await gate.acquireAgain(entry, 'f1', clock + MINUTE)) as Acquired;
  expect(again.fence).toBeGreaterThan(first);
  expect(await gate.acquireAgain(entry, 'f2', clock + MINUTE)).toMatchObject({ verdict: 'held' });
  expect(await gate.finishAgain(entry, 'f1', first)).toBe(false);
  expect(await gate.finishAgain(entry, 'f1', again.fence)).toBe(true);
  expect(await gate.acquireAgain(entry, 'f1', clock + MINUTE)).toEqual({ verdict: 'repeat' });
  const second = (await gate.acquireAgain(entry, 'f2', clock + MINUTE)) as Acquired;
  await gate.release(entry, second.fence);
  expect(await gate.acquireAgain(entry, 'f2', clock + MINUTE)).toMatchObject({ verdict: 'apply' });
});

test('the SDK repeats a request whose answer was lost, and the repeat knows its own', async () => {
  const { client } = tables;
  let sent = 0;
  const lossy = {
    send: async (command: UpdateItemCommand, options: object) => {
      const answer = await client.send(command, options);
      // Only what succeeds is sent again, as the SDK does when the answer does not come.
      return command instanceof UpdateItemCommand && sent++ === 0 ? client.send(command, options) : answer;
    },
  } as unknown as typeof client;
  const repeating = new EntryGate(lossy, LOCAL_TABLES.ledger, ledger, RETENTION, () => clock);
  expect(await repeating.acquire(await claimed(), clock + MINUTE)).toMatchObject({ verdict: 'apply' });
});

test('the write and the rule decide alike, in every state', async () => {
  const states = Object.keys(STATES) as State[];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...states),
      fc.option(fc.integer({ min: -2, max: 2 }), { nil: undefined }),
      async (state, lease) => {
        const entry = newEntry();
        const item = {
          ...claimItem(entry, Math.floor(clock / 1000) + RETENTION),
          state: { S: state },
          ...(lease !== undefined && { leaseUntil: { N: String(clock + lease) }, fence: { N: '7' } }),
        };
        await tables.client.send(new PutItemCommand({ TableName: LOCAL_TABLES.ledger, Item: item }));
        const rule = decideByItself(readOwn(item), clock);
        const written = await gate.acquire(entry, clock + MINUTE);
        expect(written.verdict).toBe(rule.verdict);
        if (written.verdict !== 'apply') expect(await itemOf(entry)).toEqual(item);
      },
    ),
    { numRuns: 100 },
  );
});
