/**
 * `npm run histories`: goes through the histories and prints a table; exit status 1 when one breaks the promise.
 * `--kind ingest|worker|both` and `--scenario <name>` choose, `--deep` takes every pair of faults, and
 * `--faults`, `--switches` and `--choices` play one history again.
 */
import { parseArgs } from 'node:util';
import { Replay } from './choices.ts';
import { explain, explore, reduce } from './explore.ts';
import { deepRuns, fullRuns } from './plans.ts';
import { runHistory } from './scenario.ts';
import { scenarioNamed } from './scenarios.ts';
import { formatRow, formatTotal, HEADER } from './table.ts';
import { catchVariant, variants } from './variants.ts';
import { World } from './world.ts';

const { values } = parseArgs({
  options: {
    kind: { type: 'string' },
    scenario: { type: 'string' },
    deep: { type: 'boolean', default: false },
    faults: { type: 'string', default: '1' },
    switches: { type: 'string', default: '0' },
    choices: { type: 'string' },
  },
});
const write = (text: string) => void process.stdout.write(`${text}\n`);
const world = await World.start();
const failed = values.choices === undefined ? await goThrough() : await playAgain(values.choices);
world.stop();
// Abandoned invocations wait for ever; nothing else is left.
process.exit(failed ? 1 : 0);

async function playAgain(choices: string): Promise<boolean> {
  const scenario = scenarioNamed(values.scenario ?? '');
  const limits = {
    faults: Number(values.faults),
    switches: values.switches === 'all' ? Number.POSITIVE_INFINITY : Number(values.switches),
  };
  const outcome = await runHistory(world, scenario, new Replay(choices.split(',').map(Number)), limits);
  write(explain(scenario, limits, outcome));
  return outcome.violations.length > 0;
}

/** A sign of life on stderr: every pair of faults takes hours. */
function tell(histories: number): void {
  if (histories % 5_000 === 0) process.stderr.write(`… ${histories} histories\n`);
}

async function goThrough(): Promise<boolean> {
  const runs = (values.deep ? deepRuns : fullRuns).filter(
    ({ scenario }) =>
      (values.scenario === undefined || scenario.name === values.scenario) &&
      (values.kind === undefined || scenario.kind === values.kind),
  );
  const all = [];
  write(HEADER);
  for (const { scenario, plan } of runs) {
    const findings = await explore(world, scenario, plan, undefined, tell);
    all.push(findings);
    write(formatRow(findings));
    const first = findings.failures[0];
    if (first) write(explain(scenario, plan, await reduce(world, scenario, plan, first)));
  }
  for (const kind of ['ingest', 'worker', 'both'] as const) {
    write(
      formatTotal(
        kind,
        all.filter(({ scenario }) => scenario.kind === kind),
      ),
    );
  }
  const missed = values.kind === undefined && values.scenario === undefined ? await missedVariants() : 0;
  return missed > 0 || all.some(({ failures }) => failures.length > 0);
}

/** The mistakes that others have made must be noticed. */
async function missedVariants(): Promise<number> {
  let caught = 0;
  for (const variant of variants) {
    const trace = await catchVariant(world, variant);
    if (trace !== undefined) caught++;
    write(`\n${trace === undefined ? 'NOT NOTICED' : 'noticed'}: ${variant.name}\n${trace ?? ''}`);
  }
  write(`\n${caught} of ${variants.length} deliberate mistakes noticed`);
  return variants.length - caught;
}
