/** The rule of `functions/core/decide.ts` beside the gate's conditional writes, over random subjects. */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import type { Item } from '../../../functions/aws/dynamodb.ts';
import { decide, decideForced, MAX_TIES } from '../../../functions/core/decide.ts';
import { Gate } from '../../../functions/store/gate/gate.ts';
import { readSubject, subjectId } from '../../../functions/store/gate/subject.ts';
import { LOCAL_TABLES } from '../../../local/dynamodb.ts';
import { type OpenTables, openTables } from '../../proof/engines/tables.ts';

const NOW = 1_000;

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
  const others = (count: number) => Array.from({ length: count }, (_, n) => `t${n}`);
  const subjects = fc.record({
    revision: some('0', '1', '1.5', '2', '10'),
    eventId: some('a', 'b'),
    ties: fc.option(
      fc.oneof(
        { weight: 3, arbitrary: fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1 }) },
        fc.constantFrom(others(MAX_TIES - 1), others(MAX_TIES), [...others(MAX_TIES - 1), 'a']),
      ),
      { nil: undefined },
    ),
    recent1: some('', 'a', 'b'),
    recent2: some('', 'c'),
    expiresAt: some('4000000000'),
    leaseUntil: some('0', String(NOW - 1), String(NOW), String(NOW + 1)),
    forcedBy: some('f', 'g'),
    forcedBefore: some('', 'f', 'h'),
  });
  const events = fc.record({
    id: fc.constantFrom('a', 'b', 'c'),
    revision: fc.constantFrom('0', '1', '1.5', '2', '3', '10'),
  });
  const numbers = ['revision', 'leaseUntil', 'expiresAt'];

  /** Stores the subject and gives the event that belongs to it. */
  async function store(
    values: Readonly<Record<string, string | readonly string[] | undefined>>,
    { id, revision }: { readonly id: string; readonly revision: string },
  ) {
    const ordered = { ordered: true, gate: 'subject' } as const;
    const facts = {
      id,
      revision,
      subject: `s${counter++}`,
      state: '',
      deleted: false,
      payload: {},
      ...ordered,
    };
    const gated = {
      source: 'test',
      facts: { ...facts, type: undefined, tenant: undefined, quarantine: undefined },
    };
    const attribute = (name: string, value: string | readonly string[]) =>
      typeof value !== 'string' ? { SS: value } : numbers.includes(name) ? { N: value } : { S: value };
    const known = Object.entries(values).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, attribute(name, value)] as const],
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
      { numRuns: 200 },
    );
  }, 120_000);

  test('for a handler that is to run again', async () => {
    await fc.assert(
      fc.asyncProperty(subjects, events, async (values, candidate) => {
        const { gated, subject } = await store(values, candidate);
        const rule = decideForced(subject, candidate, 'f', NOW);
        expect(await gate.acquire(gated, NOW + 500, 'f')).toMatchObject(rule);
      }),
      { numRuns: 200 },
    );
  }, 120_000);
});
