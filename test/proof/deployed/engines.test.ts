/** The deployed form on other DynamoDBs: every event gets its fate, by the same calls as on dynalite but for a few. */
import { dynalite, type EngineKind } from '../engines/engine.ts';
import { dynamoDBLocal, dynoxide } from '../engines/programs.ts';
import { isMissing } from '../engines/tables.ts';
import { prepared } from './prepared.ts';
import { type Result, runScenario } from './scenario.ts';
import type { Deployment } from './site.ts';

/**
 * What only dynalite needs: it does not return the item that made a condition fail, so that item is read. docs/proof.md
 * has the list, too.
 */
const ONLY_ON_DYNALITE: Readonly<Record<string, number>> = {
  'DeadLetters GetItem LedgerTable': 2,
  'Ingest GetItem LedgerTable': 31,
  'Worker GetItem LedgerTable': 15,
  'Worker GetItem SubjectsTable': 2,
};

/** Calls of the worker that the speed of the machine decides: a message that meets a lease comes back, or does not. */
const A_FEW = 3;

/** In CI only Amazon's own (`npm run engines` has both). */
const others = process.env.CI ? [dynamoDBLocal] : [dynamoDBLocal, dynoxide];
const engines = others.filter((kind) => !isMissing(kind));
const onEngines = engines.length > 0 ? test : test.skip;
const results = new Map<EngineKind, Result>();
let deployment: Deployment;

beforeAll(async () => {
  if (engines.length > 0) deployment = await prepared();
}, 120_000);

const SCENARIO_MS = 180_000;

for (const kind of [dynalite, ...engines])
  onEngines(
    `${kind.name}: the whole scenario without a problem`,
    async () => {
      const result = await runScenario(deployment, { startTables: kind.start });
      results.set(kind, result);
      expect(result.problems).toEqual([]);
    },
    SCENARIO_MS,
  );

for (const kind of engines)
  test(`${kind.name}: the calls differ from those on dynalite in what is known`, () => {
    // What timed out was called twice.
    for (const run of [dynalite, kind]) expect(results.get(run)?.problems).toEqual([]);
    const [here, there] = [countCalls(kind), countCalls(dynalite)];
    for (const [call, count] of Object.entries(there)) {
      const known = ONLY_ON_DYNALITE[call] ?? 0;
      const difference = count - (here[call] ?? 0);
      const isKnown = Math.abs(difference - known) <= (call.startsWith('Worker ') ? A_FEW : 0);
      expect(isKnown ? [] : [call, difference, known]).toEqual([]);
    }
    expect(Object.keys(here).filter((call) => !(call in there))).toEqual([]);
  });

/**
 * How often each role called each operation of DynamoDB on each table or index. What a busy machine adds is left out: a
 * call that the SDK repeated counts once, and a batch as its items, which may come in several.
 */
function countCalls(kind: EngineKind): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [role, calls] of Object.entries(results.get(kind)?.calls ?? {}))
    for (const { action, resource, again, items = 1 } of calls) {
      const [service, operation] = action.split(':');
      if (service !== 'dynamodb' || again) continue;
      const call = `${role} ${operation} ${resource.split('table/inlet-')[1]}`;
      counts[call] = (counts[call] ?? 0) + items;
    }
  return counts;
}
