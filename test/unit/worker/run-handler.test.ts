/** A handler between acquiring its subject and committing, on the real gate. */

import type { EventFacts } from '../../../functions/core/facts.ts';
import type { Handler } from '../../../functions/core/handler.ts';
import type { EffectStore } from '../../../functions/store/effects.ts';
import { Gate, type GatedEvent } from '../../../functions/store/gate/gate.ts';
import { throughSubject } from '../../../functions/worker/passage.ts';
import { runHandler } from '../../../functions/worker/run-handler.ts';
import { LOCAL_TABLES } from '../../../local/dynamodb.ts';
import { type OpenTables, openTables } from '../../proof/engines/tables.ts';

let tables: OpenTables;
let gate: Gate;
let clock = 1_000_000;
let counter = 0;
beforeAll(async () => {
  tables = await openTables();
  gate = new Gate(tables.client, LOCAL_TABLES.subjects, 86_400, () => clock);
});
afterAll(() => tables.close());

/** The first two events of a subject of its own. */
function events() {
  const subject = `s${counter++}`;
  const event = (revision: string) => {
    const facts: EventFacts = {
      id: `${subject}-${revision}`,
      type: undefined,
      subject,
      revision,
      state: '',
      deleted: false,
      ordered: true,
      gate: 'subject',
      tenant: undefined,
      quarantine: undefined,
      payload: {},
    };
    return { source: 'test', facts };
  };
  return [event('1'), event('2')] as const;
}

/** Runs a handler for an event, with a lease of a minute. */
function run({ source, facts }: GatedEvent, handle: Handler['handle'], timeoutMs = 60_000) {
  const event = { source, headers: {}, receivedAt: 1, ...facts };
  const times = { timeoutMs, leaseUntil: clock + 60_000, failures: 0 };
  const handler = { name: 'own', description: 'The own.', handle };
  const tools = {
    effects: {} as EffectStore,
    isNewest: async () => true,
    logger: { log: () => {} },
    now: () => clock,
  };
  return runHandler(throughSubject(gate, { source, facts }, undefined), handler, event, times, tools, facts);
}

test('a handler that takes too long is told so, and keeps its subject until its lease ends', async () => {
  const [first, second] = events();
  const told: unknown[] = [];
  const never = new Promise<void>(() => {});
  const handle: Handler['handle'] = (_event, { signal }) => {
    signal.addEventListener('abort', () => told.push(signal.reason));
    return never;
  };
  const attempt = await run(first, handle, 20);
  expect(attempt).toMatchObject({ end: 'failed', leaseUntil: clock + 60_000 });
  expect(told).toMatchObject([{ code: 'handler-timeout' }]);
  expect(await gate.acquire(second, clock + 1)).toEqual({ verdict: 'held', until: clock + 60_000 });
});

test('a handler that fails gives its subject back at once', async () => {
  const [first, second] = events();
  const attempt = await run(first, async () => {
    throw new Error('not now');
  });
  expect(attempt).toMatchObject({ end: 'failed' });
  expect(await gate.acquire(second, clock + 1)).toMatchObject({ verdict: 'apply' });
});

test('nothing is applied before the handler has done its work', async () => {
  const [first] = events();
  let before: unknown;
  await run(first, async () => {
    before = await gate.look(first);
  });
  expect(before).toMatchObject({ verdict: 'held' });
  expect(await gate.look(first)).toEqual({ verdict: 'repeat' });
});

test('an event whose commit is refused is not applied', async () => {
  const [first, second] = events();
  const attempt = await run(first, async () => {
    // It freezes for longer than its lease, and another one takes over.
    clock += 60_001;
    expect(await gate.acquire(second, clock + 60_000)).toMatchObject({ verdict: 'apply', fence: clock });
  });
  expect(attempt).toEqual({ end: 'lease-lost' });
  expect(await gate.look(first)).toMatchObject({ verdict: 'held' });
});
