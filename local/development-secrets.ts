import { shortSecretWarning } from '../config/short-secret.ts';
import type { InletConfig, SourceConfig } from '../functions/config/config.ts';
import { providers } from '../functions/providers/index.ts';
import type { DataFolder } from './data-folder.ts';
import { type DevelopmentKeys, developmentKeys } from './development-keys.ts';
import { StartError } from './start-error.ts';

export type Secrets = Readonly<Record<string, readonly string[]>>;

export interface LocalSecrets {
  /** The configuration, with the public development key for sources whose requests only a private key can sign. */
  readonly config: InletConfig;
  /** Live secrets of every source. */
  readonly secrets: Secrets;
  /** Those of them that Inlet made up and may show: never one that was given. */
  readonly development: Readonly<Record<string, string>>;
}

/** Fills in a development secret for each source that has none, so that samples can be signed at once. */
export function localSecrets(config: InletConfig, given: Secrets, data: DataFolder): LocalSecrets {
  const sources: Record<string, SourceConfig> = {};
  const secrets: Record<string, readonly string[]> = {};
  const development: Record<string, string> = {};
  let keys: DevelopmentKeys | undefined;
  for (const [name, source] of Object.entries(config.sources)) {
    sources[name] = source;
    const own = given[name];
    const provider = providerOf(source);
    if (own) {
      secrets[name] = own;
    } else if (!verifiesWithoutSecret(source)) {
      development[name] = provider.secret.development;
    } else if (source.options?.jwks === undefined) {
      keys ??= developmentKeys(data.at('development-keys.json'));
      development[name] = keys.privateKey;
      sources[name] = { ...source, options: { ...source.options, developmentJwks: keys.jwks } };
    }
    const made = development[name];
    secrets[name] ??= made === undefined ? [] : [made];
  }
  return { config: { ...config, sources }, secrets, development };
}

/**
 * Checks what INLET_SECRETS gave against the configuration. No message quotes a secret.
 * @returns what to warn of: secrets that work, but are short.
 * @throws StartError that names every mistake.
 */
export function checkSecrets(config: InletConfig, given: Secrets): readonly string[] {
  const known = Object.keys(config.sources);
  const warnings: string[] = [];
  const problems = Object.entries(given).flatMap(([name, values]) => {
    const source = Object.hasOwn(config.sources, name) ? config.sources[name] : undefined;
    if (!source) return [`"${name}" is not a source. The sources are: ${known.join(', ')}.`];
    const { check } = providerOf(source).secret;
    return values.flatMap((value, index) => {
      const which = `Secret ${index + 1} of "${name}"`;
      const problem = check?.(value);
      if (problem) return [`${which}: ${problem}`];
      const warning = shortSecretWarning(value);
      if (warning) warnings.push(`${which}: ${warning}`);
      return [];
    });
  });
  if (problems.length > 0) throw new StartError(`INLET_SECRETS cannot be used:\n- ${problems.join('\n- ')}`);
  return warnings;
}

function verifiesWithoutSecret(source: SourceConfig): boolean {
  const { verification } = providerOf(source);
  const scheme = typeof verification === 'function' ? verification(source.options ?? {}) : verification;
  return scheme.kind === 'custom' && scheme.withoutSecret === true;
}

function providerOf(source: SourceConfig) {
  const provider = providers[source.provider];
  if (!provider) throw new StartError(`There is no provider "${source.provider}".`);
  return provider;
}
