import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { decide, decideForced, type Subject, type Verdict } from '../../functions/core/decide.ts';
import { Gate } from '../../functions/gate/gate.ts';
import { readSubject, subjectId } from '../../functions/gate/subject.ts';
import type { Item } from '../../functions/shared/dynamodb.ts';
import { LOCAL_TABLES } from '../../infra/local/dynamodb.ts';
import { type OpenTables, openTables } from '../engines/tables.ts';

const NOW = 1_000;
const event = { id: 'e1', revision: '5' };

describe('decide', () => {
  test.each<readonly [string, Subject | undefined, Verdict]>([
    ['nothing is known', undefined, { verdict: 'apply' }],
    ['nothing was applied', {}, { verdict: 'apply' }],
    ['this event was applied last', { revision: '5', eventId: 'e1' }, { verdict: 'repeat' }],
    ['this event was applied with another revision', { revision: '4', eventId: 'e1' }, { verdict: 'repeat' }],
    ['another event had the revision', { revision: '5', eventId: 'e2' }, { verdict: 'older', revision: '5' }],
    ['a newer one was applied', { revision: '6', eventId: 'e2' }, { verdict: 'older', revision: '6' }],
    [
      'this event was applied, and newer ones since',
      { revision: '7', eventId: 'e3', recent: ['e2', 'e1'] },
      { verdict: 'repeat' },
    ],
    ['an older one was applied', { revision: '4', eventId: 'e2' }, { verdict: 'apply' }],
    [
      'an older one was applied, and a handler has it',
      { revision: '4', eventId: 'e2', leaseUntil: NOW },
      { verdict: 'held', until: NOW },
    ],
    ['a handler has it for the first time', { leaseUntil: 2_000 }, { verdict: 'held', until: 2_000 }],
    ['a handler had it', { leaseUntil: NOW - 1 }, { verdict: 'apply' }],
    [
      'a newer one was applied, and a handler has it',
      { revision: '6', eventId: 'e2', leaseUntil: 2_000 },
      { verdict: 'older', revision: '6' },
    ],
  ])('%s', (_what, subject, verdict) => {
    expect(decide(subject, event, NOW)).toEqual(verdict);
  });
});

describe('decideForced', () => {
  test.each<readonly [string, Subject | undefined, Verdict]>([
    ['nothing is known', undefined, { verdict: 'older', revision: 'none' }],
    ['nothing was applied', { leaseUntil: 2_000 }, { verdict: 'older', revision: 'none' }],
    ['a newer one was applied', { revision: '6', eventId: 'e2' }, { verdict: 'older', revision: '6' }],
    ['another event had the revision', { revision: '5', eventId: 'e2' }, { verdict: 'older', revision: '5' }],
    ['ours, with another revision', { revision: '4', eventId: 'e1' }, { verdict: 'older', revision: '4' }],
    ['ours', { revision: '5', eventId: 'e1' }, { verdict: 'apply' }],
    [
      'ours, and a handler has it',
      { revision: '5', eventId: 'e1', leaseUntil: 2_000 },
      { verdict: 'held', until: 2_000 },
    ],
    ['ours, and done', { revision: '5', eventId: 'e1', forcedBy: 'f' }, { verdict: 'repeat' }],
    ['done, and a newer one since', { revision: '6', eventId: 'e2', forcedBy: 'f' }, { verdict: 'repeat' }],
    [
      'a newer one, done by another request',
      { revision: '6', eventId: 'e2', forcedBy: 'g' },
      { verdict: 'older', revision: '6' },
    ],
  ])('%s', (_what, subject, verdict) => {
    expect(decideForced(subject, event, 'f', NOW)).toEqual(verdict);
  });
});

describe('the rule and the conditional write say the same', () => {
  let tables: OpenTables;
  let gate: Gate;
  let counter = 0;
  beforeAll(async () => {
    tables = await openTables();
    gate = new Gate(tables.client, LOCAL_TABLES.subjects, 86_400, () => NOW);
  });
  afterAll(() => tables.close());

  const some = <T>(...values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
  const subjects = fc.record({
    revision: some('0', '1', '1.5', '2', '10'),
    eventId: some('a', 'b'),
    recent1: some('', 'a', 'b'),
    recent2: some('', 'c'),
    leaseUntil: some('0', String(NOW - 1), String(NOW), String(NOW + 1)),
    forcedBy: some('f', 'g'),
  });
  const events = fc.record({
    id: fc.constantFrom('a', 'b', 'c'),
    revision: fc.constantFrom('0', '1', '1.5', '2', '3', '10'),
  });
  const numbers = ['revision', 'leaseUntil'];

  /** Stores the subject and gives the event that belongs to it. */
  async function store(values: Readonly<Record<string, string | undefined>>, { id, revision }: typeof event) {
    const facts = { id, revision, subject: `s${counter++}`, state: '', deleted: false, payload: {} };
    const gated = {
      source: 'test',
      facts: { ...facts, type: undefined, tenant: undefined, quarantine: undefined },
    };
    const known = Object.entries(values).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, numbers.includes(name) ? { N: value } : { S: value }] as const],
    );
    const Item = { ...Object.fromEntries(known), id: { S: subjectId(gated) } } as Item;
    await tables.client.send(new PutItemCommand({ TableName: LOCAL_TABLES.subjects, Item }));
    return { gated, subject: readSubject(Item) };
  }

  test('for state projection, for a handler, and for one that only looks', async () => {
    await fc.assert(
      fc.asyncProperty(subjects, events, fc.boolean(), async (values, candidate, projects) => {
        const { gated, subject } = await store(values, candidate);
        const rule = decide(subject, candidate, NOW);
        expect(await gate.look(gated)).toEqual(rule);
        const answer = projects ? await gate.project(gated) : await gate.acquire(gated, NOW + 500);
        expect(answer).toMatchObject(rule);
        if (answer.verdict !== 'apply') return;
        if ('fence' in answer) expect(await gate.commit(gated, Number(answer.fence))).toBe(true);
        expect(await gate.look(gated)).toEqual({ verdict: 'repeat' });
      }),
      { numRuns: 120 },
    );
  }, 120_000);

  test('for a handler that is to run again', async () => {
    await fc.assert(
      fc.asyncProperty(subjects, events, async (values, candidate) => {
        const { gated, subject } = await store(values, candidate);
        const rule = decideForced(subject, candidate, 'f', NOW);
        expect(await gate.acquireAgain(gated, 'f', NOW + 500)).toMatchObject(rule);
      }),
      { numRuns: 120 },
    );
  }, 120_000);
});
