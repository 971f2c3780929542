/** Checks of `inlet doctor`: whether each source has a secret, and of the right form. */
import { providers } from '#providers';
import type { Provider } from '../../functions/providers/provider.ts';
import type { InletConfig } from '../../functions/shared/config.ts';
import { optionsOf } from '../../functions/shared/sources.ts';
import { schemeOf } from '../../functions/verification/verify.ts';
import { readEnvironment } from '../local/environment.ts';
import type { Check } from './doctor.ts';
import { explainProblem } from './run.ts';
import { openSecrets, type SecretStore } from './secret-store.ts';

/** One line for each source. No line quotes a secret. */
export async function* secretChecks(
  config: InletConfig,
  stage: string | undefined,
  env: NodeJS.ProcessEnv,
): AsyncGenerator<Check> {
  let live: (source: string) => Promise<readonly string[]>;
  try {
    live = await secretsOf(stage, env);
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
      yield judge(source, await live(source), pack, stage, needsNone);
    } catch (error) {
      yield { name, verdict: 'wrong', message: 'cannot be read', advice: explainProblem(error) };
    }
  }
}

function judge(
  source: string,
  secrets: readonly string[],
  pack: Provider,
  stage: string | undefined,
  needsNone: boolean,
): Check {
  const name = `secret ${source}`;
  const where = stage === undefined ? '' : ` --stage ${stage}`;
  const change = `inlet secret set ${source}${where}`;
  if (secrets.length === 0) {
    if (needsNone)
      return { name, verdict: 'ok', message: 'none needed: the provider signs with a public key' };
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
      message: 'there is none: every request gets 503',
      advice: `${change}: ${pack.secret.description}`,
    };
  }
  const problems = secrets.flatMap((secret, n) => {
    const problem = secret === '' ? 'it is empty.' : pack.secret.check?.(secret);
    return problem ? [`Secret ${n + 1}: ${problem}`] : [];
  });
  if (problems.length > 0)
    return { name, verdict: 'wrong', message: problems.join(' '), advice: `${change} with the right one.` };
  const message = `${secrets.length} of the right form`;
  if (secrets.length < 2) return { name, verdict: 'ok', message };
  return {
    name,
    verdict: 'ok',
    message,
    advice: `When the provider uses the newest: inlet secret retire ${source}${where}`,
  };
}

/** In the order in which the local server looks: what `inlet secret` has set, then INLET_SECRETS. */
async function secretsOf(stage: string | undefined, env: NodeJS.ProcessEnv) {
  if (stage !== undefined) {
    const store = await openSecrets(stage, env);
    return (source: string) => store.get(source);
  }
  const given = readEnvironment(env).secrets;
  const store: SecretStore | undefined =
    env.INLET_DATA === 'memory' ? undefined : await openSecrets(undefined, env);
  return async (source: string) => {
    const set = (await store?.get(source)) ?? [];
    return set.length > 0 ? set : (Object.hasOwn(given, source) && given[source]) || [];
  };
}
