/**
 * `npm run prove:template`: removes each environment variable, layer, index, right, event source and metric filter
 * from the template, one at a time, and runs the deployed form without it. Every removal must be noticed. Takes some
 * minutes.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '../../helpers/environment.ts';
import { prepare } from './prepare.ts';
import { removalsFrom } from './removals.ts';
import { runScenario } from './scenario.ts';

const assets = mkdtempSync(join(tmpdir(), 'inlet-deployed-'));
try {
  const deployment = prepare(assets);
  const whole = await runScenario(deployment);
  if (whole.problems.length > 0) throw new Error(`the whole template fails:\n${whole.problems.join('\n')}`);
  const counts: Record<string, { noticed: number; of: number }> = {};
  // `npm run prove:template -- index` tries one kind, or what has a word in its name.
  const [, , only = ''] = process.argv;
  for (const { kind, name, template } of removalsFrom(deployment.template)) {
    if (!`${kind} ${name}`.includes(only)) continue;
    const { problems } = await runScenario({ ...deployment, template }, { isOverAtFirst: true });
    counts[kind] ??= { noticed: 0, of: 0 };
    counts[kind].of += 1;
    if (problems.length > 0) counts[kind].noticed += 1;
    const verdict = problems.length > 0 ? 'noticed' : 'MISSED ';
    console.log(`${verdict} ${kind} ${name}: ${sentence(problems[0] ?? '')}`.slice(0, 200));
    if (problems.length === 0) process.exitCode = 1;
  }
  for (const [kind, { noticed, of }] of Object.entries(counts))
    console.log(`${kind}: ${noticed} of ${of} removals noticed`);
} finally {
  rmSync(assets, { recursive: true });
}

/** Of what a process wrote when it ended: the error, without the code and the stack that Node shows around it. */
function sentence(problem: string): string {
  const [found = problem] = /^\w+: .+?(?=\n {4}at )/ms.exec(problem.replace(/^Error: /, '')) ?? [];
  return found.replaceAll('\n', ' ');
}
