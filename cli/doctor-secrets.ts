/** Checks of `inlet doctor`: whether each source has a secret, and of the right form. */

import { shortSecretWarning } from '../config/short-secret.ts';
import type { InletConfig } from '../functions/config/config.ts';
import { optionsOf } from '../functions/config/sources.ts';
import type { Provider } from '../functions/pack/provider.ts';
import { providers } from '../functions/providers/index.ts';
import { schemeOf } from '../functions/verification/verify.ts';
import { readEnvironment } from '../local/environment.ts';
import type { Check } from './check.ts';
import { explainProblem } from './run.ts';
import { openSecrets, type SecretStore } from './secret-store.ts';

/** One line for each source. No line quotes a secret. */
export async function* secretChecks(
  config: InletConfig,
  stage: string | undefined,
  env: NodeJS.ProcessEnv,
): AsyncGenerator<Check> {
  let live: Pick<SecretStore, 'place' | 'get'>;
  try {
    live = await secretsOf(config, stage, env);
  } catch (error) {
    yield { name: 'secrets', verdict: 'wrong', message: 'cannot be read', advice: explainProblem(error) };
    return;
  }
  for (const [source, sourceConfig] of Object.entries(config.sources)) {
    const name = `secret ${source}`;
    const pack = providers[sourceConfig.provider];
    if (!pack) continue;
    const scheme = schemeOf(pack, optionsOf(sourceConfig));
    if (scheme.kind === 'unsigned') {
      yield {
        name,
        verdict: 'warn',
        message: 'unsigned: whoever knows the URL can send',
        advice: 'Remove "unsigned" as soon as the sender can prove its requests.',
      };
      continue;
    }
    try {
      const needsNone = scheme.kind === 'custom' && scheme.withoutSecret === true;
      const secrets = await live.get(source);
      yield secrets.length === 0
        ? judgeNone(source, pack, stage, live.place, needsNone)
        : judge(source, secrets, pack, stage);
    } catch (error) {
      yield { name, verdict: 'wrong', message: 'cannot be read', advice: explainProblem(error) };
    }
  }
}

function judgeNone(
  source: string,
  pack: Provider,
  stage: string | undefined,
  place: string,
  needsNone: boolean,
): Check {
  const name = `secret ${source}`;
  if (needsNone) return { name, verdict: 'ok', message: 'none needed: the provider signs with a public key' };
  const change = setCommand(source, stage);
  if (stage === undefined)
    return {
      name,
      verdict: 'ok',
      message: 'the development secret, good for inlet send only',
      advice: `For the provider's own requests: ${change}`,
    };
  return {
    name,
    verdict: 'wrong',
    message: `there is none in ${place}: every request gets 503`,
    advice: `${change}: ${pack.secret.description}`,
  };
}

function judge(source: string, secrets: readonly string[], pack: Provider, stage: string | undefined): Check {
  const name = `secret ${source}`;
  const change = setCommand(source, stage);
  const said = (say: (secret: string) => string | undefined) =>
    secrets.flatMap((secret, n) => {
      const problem = say(secret);
      return problem ? [`Secret ${n + 1}: ${problem}`] : [];
    });
  const problems = said((secret) => (secret === '' ? 'it is empty.' : pack.secret.check?.(secret)));
  if (problems.length > 0)
    return { name, verdict: 'wrong', message: problems.join(' '), advice: `${change} with the right one.` };
  const warnings = said(shortSecretWarning);
  if (warnings.length > 0)
    return { name, verdict: 'warn', message: warnings.join(' '), advice: `${change} with a longer one.` };
  const message = `${secrets.length} of the right form`;
  if (secrets.length < 2) return { name, verdict: 'ok', message };
  return {
    name,
    verdict: 'ok',
    message,
    advice: `When the provider uses the newest: inlet secret retire ${source}${stageOption(stage)}`,
  };
}

function setCommand(source: string, stage: string | undefined): string {
  return `inlet secret set ${source}${stageOption(stage)}`;
}

function stageOption(stage: string | undefined): string {
  return stage === undefined ? '' : ` --stage ${stage}`;
}

/** Of a stage: what its store has. Of the local server, in its order: what `inlet secret` has set, then INLET_SECRETS. */
async function secretsOf(
  config: InletConfig,
  stage: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<Pick<SecretStore, 'place' | 'get'>> {
  if (stage !== undefined) return openSecrets(stage, config, env);
  const given = readEnvironment(env).secrets;
  const store = env.INLET_DATA === 'memory' ? undefined : await openSecrets(undefined, config, env);
  return {
    place: store?.place ?? 'INLET_SECRETS',
    get: async (source) => {
      const set = (await store?.get(source)) ?? [];
      return set.length > 0 ? set : (Object.hasOwn(given, source) && given[source]) || [];
    },
  };
}
