import { Replay, Seeded } from './choices.ts';
import type { Limits } from './moves.ts';
import { DepthFirst, EarliestFirst } from './orders.ts';
import { type Outcome, runHistory, type Scenario } from './scenario.ts';
import type { World } from './world.ts';

/** Whether a history has failed in the way that is looked for. */
export type Wanted = (violations: readonly string[]) => boolean;

const anything: Wanted = (violations) => violations.length > 0;

/** How the histories of a scenario are gone through. */
export type Plan = Limits & {
  /** Every branch, or so many chosen at random from seeds. */
  readonly seeds?: number;
  /** Stop after so many histories, or so many milliseconds. */
  readonly most?: number;
  readonly milliseconds?: number;
};

export interface Findings {
  readonly scenario: Scenario;
  readonly plan: Plan;
  readonly histories: number;
  readonly faults: number;
  readonly calls: number;
  /** True when every branch within the limits has been taken. */
  readonly exhausted: boolean;
  readonly failures: readonly Outcome[];
  readonly milliseconds: number;
}

const FAILURES_KEPT = 3;

/**
 * Goes through histories until all are done, `most` are, or `enough` have failed.
 * @param tell is told after each how many there were.
 */
export async function explore(
  world: World,
  scenario: Scenario,
  plan: Plan,
  enough = FAILURES_KEPT,
  tell: (histories: number) => void = () => {},
): Promise<Findings> {
  const started = performance.now();
  const failures: Outcome[] = [];
  let [histories, faults, calls] = [0, 0, 0];
  const count = (outcome: Outcome) => {
    tell(++histories);
    faults += outcome.faults;
    calls += outcome.steps;
    if (outcome.violations.length > 0) failures.push(outcome);
    const inTime = performance.now() - started < (plan.milliseconds ?? Number.POSITIVE_INFINITY);
    return failures.length < enough && histories < (plan.most ?? Number.POSITIVE_INFINITY) && inTime;
  };
  let exhausted = false;
  if (plan.seeds !== undefined) {
    for (let seed = 1; seed <= plan.seeds; seed++) {
      if (!count(await runHistory(world, scenario, new Seeded(seed), plan))) break;
    }
  } else {
    const order = plan.most === undefined ? new DepthFirst() : new EarliestFirst();
    for (let branch = order.next(); branch; branch = order.next()) {
      const choices = new Replay(branch);
      const go = count(await runHistory(world, scenario, choices, plan));
      order.took(choices);
      if (!go) break;
    }
    exhausted = order.isEmpty;
  }
  const milliseconds = performance.now() - started;
  return { scenario, plan, histories, faults, calls, exhausted, failures, milliseconds };
}

/**
 * The failure that takes the fewest choices, among the first `most` histories: those that leave the ordinary course
 * early come first.
 */
export async function findShortest(
  world: World,
  scenario: Scenario,
  limits: Limits,
  most: number,
  wanted: Wanted = anything,
): Promise<Outcome | undefined> {
  const order = new EarliestFirst();
  let histories = 0;
  for (let branch = order.next(); branch && histories < most; branch = order.next()) {
    const choices = new Replay(branch);
    const outcome = await runHistory(world, scenario, choices, limits);
    if (wanted(outcome.violations)) return outcome;
    histories++;
    order.took(choices);
  }
  return undefined;
}

/** The trace of a failure, with the command that plays it again. */
export function explain(scenario: Scenario, plan: Limits, outcome: Outcome): string {
  const switches = Number.isFinite(plan.switches) ? plan.switches : 'all';
  return [
    `${scenario.name}: ${scenario.about}`,
    ...outcome.trace.map((line) => `  ${line}`),
    ...outcome.violations.map((violation) => `  VIOLATION ${violation}`),
    `  replay: npm run histories -- --scenario ${scenario.name} --faults ${plan.faults} --switches ${switches} --choices ${outcome.choices.join(',') || '0'}`,
  ].join('\n');
}

/** Sets as many choices as possible to "nothing goes wrong" while the history still fails. */
export async function reduce(
  world: World,
  scenario: Scenario,
  plan: Limits,
  failure: Outcome,
  wanted: Wanted = anything,
): Promise<Outcome> {
  let best = failure;
  for (let at = best.choices.length - 1; at >= 0; at--) {
    if (!best.choices[at]) continue;
    const choices = best.choices.map((choice, index) => (index === at ? 0 : choice));
    const outcome = await runHistory(world, scenario, new Replay(choices), plan);
    if (wanted(outcome.violations)) best = outcome;
  }
  return best;
}
