import { loadConfig } from '../config/load.ts';
import type { Check } from './check.ts';
import { CliError } from './cli-error.ts';
import { auditCheck, configurationCheck, dataCheck, nodeCheck } from './doctor-checks.ts';
import { locksCheck } from './doctor-locks.ts';
import { clockCheck, serverCheck, webhookChecks } from './doctor-network.ts';
import { concurrencyCheck } from './doctor-quota.ts';
import { secretChecks } from './doctor-secrets.ts';
import { type Output, printable, printDocument } from './output.ts';
import { explainProblem } from './run.ts';
import { green, red, yellow } from './table.ts';
import { findTarget, openBackend, type TargetOptions } from './target.ts';

const PAINT = { ok: green, warn: yellow, wrong: red };

/**
 * `inlet doctor`: one line a check.
 * @throws CliError with exit code 1 when something is wrong.
 */
export async function doctor(
  output: Output,
  options: TargetOptions,
  env: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const checks: Check[] = [];
  for await (const check of examine(options, env)) {
    checks.push(check);
    // Line by line, because an address that does not answer takes its time.
    if (output.human) printCheck(output, check);
  }
  const wrong = checks.filter(({ verdict }) => verdict === 'wrong').length;
  if (output.json) printDocument(output, { ok: wrong === 0, checks }, () => {});
  else if (!output.human)
    for (const { verdict, name, message, advice = '' } of checks)
      output.line([verdict, name, message, advice].map(oneLine).join('\t'));
  if (wrong > 0) throw new CliError(`${wrong} of ${checks.length} checks are wrong.`, 1);
}

async function* examine(options: TargetOptions, env: NodeJS.ProcessEnv): AsyncGenerator<Check> {
  yield nodeCheck(process.versions.node);
  const config = await loadConfig().catch((error: unknown) => error as Error);
  yield configurationCheck(config);
  const { stage } = options;
  if (!(config instanceof Error)) yield* secretChecks(config, stage, env);
  if (stage === undefined) yield dataCheck(env);
  else if (!(config instanceof Error)) yield await concurrencyCheck(config);

  // From here on every question needs an answer from outside.
  try {
    if (stage !== undefined && !(config instanceof Error)) yield await locksCheck(stage, config);
    const backend = await openBackend(options);
    const token = stage === undefined ? findTarget(options).token : undefined;
    // A stage is asked through AWS: its console takes no token but that of a login.
    const { check, date, asked } = await serverCheck(backend.origin, token, stage === undefined);
    yield check;
    if (check.verdict === 'wrong') return;
    yield clockCheck(date, asked);
    const origin = (stage === undefined && !(config instanceof Error) && config.publicUrl) || backend.origin;
    const sources = await backend.sources();
    yield* webhookChecks(
      origin.replace(/\/$/, ''),
      sources.map(({ source }) => source),
      stage !== undefined,
    );
    yield auditCheck(await backend.audit());
  } catch (error) {
    yield {
      name: stage === undefined ? 'server' : 'stage',
      verdict: 'wrong',
      message: 'could not be asked',
      advice: explainProblem(error),
    };
  }
}

function printCheck(output: Output, { verdict, name, message, advice }: Check): void {
  const text = `${name.padEnd(14)} ${oneLine(message)}`;
  output.line(`${PAINT[verdict](verdict.padEnd(5))} ${text}`);
  if (advice) output.line(`      ${''.padEnd(14)} ${oneLine(advice)}`);
}

function oneLine(text: string): string {
  return printable(text).replaceAll('\n', ' ');
}
