import type { Bug } from './bug.ts';
import { Field, type JestReport, type Plot } from './plant.ts';

/** What became of a bug. */
export interface Verdict {
  /** undefined: nothing was planted, and nothing may fail. */
  readonly bug: Bug | undefined;
  /** The first test that noticed it. */
  readonly caughtBy: string | undefined;
  /** Why this run says nothing: a file that does not even load catches no bug. */
  readonly problem: string | undefined;
  readonly seconds: number;
}

/** Errors of a planted text that is no sound code, and of a machine that is slow: noticed for the wrong reason. */
const UNSOUND =
  /SyntaxError|ReferenceError|is not a function|is not defined|ValidationException|Exceeded timeout|ERR_MODULE_NOT_FOUND/;

/** Plants bugs, each in a copy of its own beside one without any, and runs the tests that must notice them. */
export async function judge(bugs: readonly Bug[]): Promise<readonly Verdict[]> {
  const field = new Field();
  try {
    field.plant(undefined, [...new Set(bugs.flatMap(({ by }) => by))]);
    for (const bug of bugs) field.plant(bug, bug.by);
    const report = await field.run();
    return field.plots.map((plot) => verdictOf(plot, report));
  } finally {
    field.remove();
  }
}

function verdictOf({ folder, bug, tests }: Plot, { testResults }: JestReport): Verdict {
  const files = testResults.filter(({ name }) => name.includes(`${folder}/`));
  const milliseconds = files.reduce((sum, { startTime, endTime }) => sum + endTime - startTime, 0);
  const broken = files.find(({ assertionResults }) => assertionResults.length === 0);
  const failed = files.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'failed'),
  );
  const caught = failed.find(({ failureMessages }) => !UNSOUND.test(failureMessages.join('\n')));
  const unsound = caught ? undefined : failed[0]?.failureMessages[0];
  return {
    bug,
    caughtBy: caught?.fullName,
    problem:
      broken?.message ?? unsound ?? (files.length < tests.length ? 'a test file is missing' : undefined),
    seconds: milliseconds / 1000,
  };
}

/** Whether everything is as it must be: each bug noticed, and nothing else. */
export function isGood({ bug, caughtBy, problem }: Verdict): boolean {
  return problem === undefined && (caughtBy !== undefined) === (bug !== undefined);
}

export function describeVerdict(verdict: Verdict): string {
  const { bug, caughtBy, problem, seconds } = verdict;
  const name = bug?.name ?? '(nothing planted)';
  const found = problem ?? caughtBy ?? (bug ? 'NOTHING' : 'nothing');
  return `| ${isGood(verdict) ? '' : '!! '}${name} | ${found} | ${seconds.toFixed(1)} |`;
}
