/**
 * Takes the place of `@smithy/core/config`: settings from `~/.aws/config` and `~/.aws/credentials`, profiles, SSO
 * sessions and the region from instance metadata. A function has no such files; its settings stand in environment
 * variables (`AWS_REGION`, `AWS_ENDPOINT_URL_SQS`, …), which are read as before. Saves 7 KB, and two reads of files
 * that are not there on every cold start. The S3 client's own file keeps the original.
 *
 * Proof: test/unit/bundle/ingest.test.ts sets region, endpoints and an application id by environment variables.
 */
type Environment = Readonly<Record<string, string | undefined>>;
type Provider<T> = () => Promise<T>;

interface Setting<T> {
  readonly environmentVariableSelector: (environment: Environment, options?: unknown) => T | undefined;
  readonly default?: T | (() => T | Promise<T>);
}

/** The setting's environment variable, else its default. Read once, as in the original. */
export function loadConfig<T>(setting: Setting<T>, options: unknown = {}): Provider<T | undefined> {
  let value: Promise<T | undefined> | undefined;
  return () => {
    value ??= read(setting, options);
    return value;
  };
}

async function read<T>({ environmentVariableSelector, default: fallback }: Setting<T>, options: unknown) {
  try {
    const value = environmentVariableSelector(process.env, options);
    if (value !== undefined) return value;
  } catch {
    // A value that makes no sense counts as none, as in the original.
  }
  return typeof fallback === 'function' ? (fallback as () => T | Promise<T>)() : fallback;
}

export const CONFIG_PREFIX_SEPARATOR = '.';
export const SelectorType = { ENV: 'env', CONFIG: 'shared config entry' } as const;

export function booleanSelector(values: Environment, key: string, type: string): boolean | undefined {
  const value = values[key];
  if (value === undefined) return undefined;
  if (value !== 'true' && value !== 'false')
    throw new Error(`Cannot load ${type} "${key}": it is neither true nor false`);
  return value === 'true';
}

const flag = (variable: string): Setting<boolean> => ({
  environmentVariableSelector: (environment) => booleanSelector(environment, variable, SelectorType.ENV),
  default: false,
});
export const NODE_USE_DUALSTACK_ENDPOINT_CONFIG_OPTIONS = flag('AWS_USE_DUALSTACK_ENDPOINT');
export const NODE_USE_FIPS_ENDPOINT_CONFIG_OPTIONS = flag('AWS_USE_FIPS_ENDPOINT');

export const REGION_ENV_NAME = 'AWS_REGION';
export const REGION_INI_NAME = 'region';
export const NODE_REGION_CONFIG_FILE_OPTIONS = {};
export const NODE_REGION_CONFIG_OPTIONS: Setting<string> = {
  environmentVariableSelector: (environment) => environment[REGION_ENV_NAME],
  default: () => {
    throw new Error('Region is missing');
  },
};

interface RegionConfig {
  region?: string | Provider<string>;
  useFipsEndpoint?: boolean | Provider<boolean>;
}

export function resolveRegionConfig<T extends RegionConfig>(config: T) {
  const { region, useFipsEndpoint } = config;
  return Object.assign(config, {
    region: async () => (typeof region === 'function' ? region() : (region ?? '')),
    useFipsEndpoint: async () =>
      typeof useFipsEndpoint === 'function' ? useFipsEndpoint() : Boolean(useFipsEndpoint),
  });
}

/** `legacy` unless a client says otherwise: ours set every time-out themselves. */
export function resolveDefaultsModeConfig({
  defaultsMode = 'legacy',
}: {
  defaultsMode?: string | Provider<string>;
} = {}) {
  return async () => (typeof defaultsMode === 'function' ? defaultsMode() : defaultsMode);
}

export class ProviderError extends Error {
  override name = 'ProviderError';
}
export class CredentialsProviderError extends ProviderError {
  override name = 'CredentialsProviderError';
}
