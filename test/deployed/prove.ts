/**
 * `npm run prove:template`: removes each environment variable, index, right and event source from the template, one at
 * a time, and runs the deployed form without it. Every removal must be noticed. Takes some minutes.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '../helpers/environment.ts';
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
    const { problems } = await runScenario({ ...deployment, template });
    counts[kind] ??= { noticed: 0, of: 0 };
    counts[kind].of += 1;
    if (problems.length > 0) counts[kind].noticed += 1;
    console.log(
      `${problems.length > 0 ? 'noticed' : 'MISSED '} ${kind} ${name}: ${problems[0] ?? ''}`.slice(0, 200),
    );
    if (problems.length === 0) process.exitCode = 1;
  }
  for (const [kind, { noticed, of }] of Object.entries(counts))
    console.log(`${kind}: ${noticed} of ${of} removals noticed`);
} finally {
  rmSync(assets, { recursive: true });
}
