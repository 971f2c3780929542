/** Secrets of the sources, from SSM parameters `<path>/<source>`. */
import { errorName, UnavailableError } from './errors.ts';
import type { Logger } from './log.ts';
import { learnThroughWindow } from './registration-window.ts';
import type { SecretStore } from './setup.ts';
import type { ReadParameter, WriteParameter } from './ssm.ts';

/** A changed secret is in use after this time at the latest. */
const LIFE_MS = 60_000;
/** A secret that was missing is looked for again after this time, so that setting it works within seconds. */
const MISSING_LIFE_MS = 5_000;
/** After a signature that did not match they are looked up again, unless that was so short a time ago. */
const REFRESH_MS = 10_000;
/** While SSM fails, the last known value serves, and SSM is left alone for this time. */
const RETRY_MS = 5_000;

export interface SsmSecretsOptions {
  readonly path: string;
  readonly read: ReadParameter;
  /** Stores keys that a provider hands over in a handshake. Default: none are taken. */
  readonly write?: WriteParameter;
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

interface Cached {
  /** Undefined until SSM has answered once. */
  secrets?: readonly string[];
  /** Epoch milliseconds until which `secrets` are taken as they are. */
  until: number;
  /** Epoch milliseconds of the last look-up, whether it succeeded or not. */
  asked?: number;
  /** The request under way, shared by everybody who asks meanwhile. */
  pending?: Promise<readonly string[]>;
}

/** A `SecretStore` that asks SSM at most once a minute for each source, and outlives its failures. */
export function createSsmSecrets({ path, read, write, log, now }: SsmSecretsOptions): SecretStore {
  const cache = new Map<string, Cached>();

  async function load(source: string, entry: Cached): Promise<readonly string[]> {
    entry.asked = now();
    try {
      const value = await read(`${path}/${source}`);
      entry.secrets = value === undefined ? [] : parseSecrets(value);
      entry.until = now() + (entry.secrets.length > 0 ? LIFE_MS : MISSING_LIFE_MS);
      return entry.secrets;
    } catch (error) {
      const known = entry.secrets;
      log.log(known ? 'WARN' : 'ERROR', {
        event: 'secrets-unavailable',
        source,
        error: errorName(error),
        ...codeOf(error),
      });
      if (!known) throw new UnavailableError('secrets', { cause: error });
      entry.until = now() + RETRY_MS;
      return known;
    }
  }

  /** The look-up that is under way, or a new one. */
  function pending(source: string, entry: Cached): Promise<readonly string[]> {
    entry.pending ??= load(source, entry).finally(() => {
      entry.pending = undefined;
    });
    return entry.pending;
  }

  return {
    async get(source, signal) {
      const entry = cache.get(source) ?? { until: 0 };
      cache.set(source, entry);
      if (entry.secrets && now() < entry.until) return entry.secrets;
      return untilAborted(pending(source, entry), signal);
    },
    async refresh(source, signal) {
      const entry = cache.get(source);
      if (!entry?.secrets || now() - (entry.asked ?? 0) < REFRESH_MS) return undefined;
      const before = JSON.stringify(entry.secrets);
      const after = await untilAborted(pending(source, entry), signal);
      return JSON.stringify(after) === before ? undefined : after;
    },
    ...(write && {
      learn: (source, secret, signal) =>
        untilAborted(learnFromHandshake({ path, read, write, now }, source, secret, cache), signal),
    }),
  };
}

/**
 * The window is a parameter `<path>/<source>/window` that holds the time of its end (RFC 3339). Nothing here comes
 * from the cache: another instance may have used the window.
 */
async function learnFromHandshake(
  { path, read, write, now }: Required<Omit<SsmSecretsOptions, 'log'>>,
  source: string,
  secret: string,
  cache: Map<string, Cached>,
): Promise<'learnt' | 'known' | 'closed'> {
  const name = `${path}/${source}`;
  const shelf = {
    secrets: async () => parseSecrets((await read(name)) ?? ''),
    windowEnd: async () => Date.parse((await read(`${name}/window`))?.trim() ?? ''),
    // SSM holds no empty text.
    closeWindow: () => write(`${name}/window`, 'closed'),
    store: (secrets: readonly string[]) => write(name, JSON.stringify(secrets)),
  };
  try {
    const outcome = await learnThroughWindow(shelf, secret, now());
    const cached = cache.get(source);
    if (cached && outcome === 'learnt') cached.until = 0;
    return outcome;
  } catch (error) {
    throw new UnavailableError('secrets', { cause: error });
  }
}

/**
 * Reads a parameter's value: a JSON array of secrets, the current one first, or one secret as it is.
 * @throws SyntaxError for what was meant to be an array of secrets and is none: taken for one secret, it would
 * make every signature wrong.
 */
export function parseSecrets(value: string): readonly string[] {
  // `aws ssm put-parameter --value file://…` brings the file's last line break along.
  const text = value.replace(/\r?\n$/, '');
  const list = parseArray(text);
  if (!list && !/^\s*\[\s*"/.test(text)) return text === '' ? [] : [text];
  // Not the parser's own error, which quotes the text.
  if (!list?.every((secret) => typeof secret === 'string' && secret !== ''))
    throw new SyntaxError('no list of secrets');
  return list as string[];
}

function parseArray(text: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** One caller giving up does not end the request that others share. */
async function untilAborted<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return promise;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const giveUp = () => reject(new UnavailableError('secrets', { cause: signal.reason }));
  if (signal.aborted) giveUp();
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

function codeOf(error: unknown): { code?: string } {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? { code } : {};
}
