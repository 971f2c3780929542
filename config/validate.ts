import type { InletConfig } from '../functions/config/config.ts';
import { ConfigurationError } from '../functions/core/errors.ts';
import { isObject } from '../functions/core/is-object.ts';
import { providers } from '../functions/providers/index.ts';
import { problemsWithPack } from './against-pack.ts';
import { didYouMean } from './nearest.ts';
import { problemsOf } from './problems.ts';
import { configSchema } from './schema.ts';
import { toleranceProblems } from './tolerance.ts';

/**
 * Checks a configuration as it was loaded.
 * @param named handlers that a source may name. Default: any.
 * @throws ConfigurationError with every mistake at once, each with what to write instead.
 */
export function validateConfig(value: unknown, named?: readonly string[]): InletConfig {
  return checkConfig(value, [], named);
}

/**
 * As `validateConfig`.
 * @param before mistakes that were found elsewhere, to be named with these.
 */
export function checkConfig(
  value: unknown,
  before: readonly string[],
  named?: readonly string[],
): InletConfig {
  const { data: config, error } = configSchema.safeParse(value);
  const sources = Object.entries(isObject(value) && isObject(value.sources) ? value.sources : {});
  const problems = [
    ...before,
    ...problemsOf(error),
    ...sources.flatMap(([name, source]) => sourceProblems(name, source, named)),
  ];
  if (config === undefined || problems.length > 0) throw new ConfigurationError(problems);
  const tooLong = toleranceProblems(config);
  if (tooLong.length > 0) throw new ConfigurationError(tooLong);
  return config;
}

/** What a schema of the configuration alone cannot know: names, handlers, and packs. */
function sourceProblems(
  name: string,
  source: unknown,
  named: readonly string[] | undefined,
): readonly string[] {
  const problems: string[] = [];
  if (!/^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$/.test(name))
    problems.push(
      `sources.${name}: write the name in lower case letters, digits and hyphens, as it stands in the URL.`,
    );
  if (!isObject(source)) return problems;
  const { handler, provider } = source;
  if (named !== undefined && typeof handler === 'string' && handler !== '' && !named.includes(handler)) {
    const others = named.length > 0 ? ` or one of: ${named.join(', ')}` : '';
    problems.push(
      `sources.${name}.handler: there is no "${handler}"${didYouMean(handler, named)} Write a function, on({ … })${others}; or add it to handlers.`,
    );
  }
  const pack =
    typeof provider === 'string' && Object.hasOwn(providers, provider) ? providers[provider] : undefined;
  return pack === undefined ? problems : [...problems, ...problemsWithPack(name, source, pack)];
}
