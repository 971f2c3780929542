/** Secrets of the sources from a store that is asked over the network, whichever it is. */
import { errorName, UnavailableError } from '../core/errors.ts';
import type { Logger } from '../core/log.ts';
import { learnThroughWindow, type RegistrationWindow, type SeenSecrets } from './registration-window.ts';
import type { SecretStore } from './secret-store.ts';
import { parseSecrets } from './text.ts';

/**
 * A changed secret is in use, and a retired one is not any more, after this time at the latest. Each look-up of a
 * SecureString is billed as a call of KMS (docs/decisions/0034).
 */
export const LIFE_MS = 15 * 60_000;
/** A secret that was missing is looked for again after this time, so that setting it works within seconds. */
const MISSING_LIFE_MS = 5_000;
/** After a signature that did not match they are looked up again, unless that was so short a time ago. */
const REFRESH_MS = 10_000;
/** Twice as long after each look-up that brought nothing new, up to this: forged requests cost little. */
export const MAX_REFRESH_MS = 5 * 60_000;
/** While the store fails, the last known value serves, and the store is left alone for this time. */
const RETRY_MS = 5_000;

/**
 * For so long nobody looks again for a key that is handed over: whoever calls makes these look-ups, and has proven
 * nothing. A window that was opened meanwhile is seen after it.
 */
const LOOK_MS = 5_000;

/** What takes in a key that a provider hands over in a handshake. */
export interface HandOver {
  /** Puts a text in place of what the source has. */
  write(source: string, text: string): Promise<unknown>;
  /** The source's registration window; undefined when it never had one. */
  window(source: string): Promise<RegistrationWindow | undefined>;
}

export interface CachedSecretsOptions {
  /** The text that holds the secrets of a source; undefined when there is none. */
  readonly read: (source: string) => Promise<string | undefined>;
  /** Default: no keys are taken. */
  readonly handOver?: HandOver | undefined;
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

interface Cached {
  /** Undefined until the store has answered once. */
  secrets?: readonly string[];
  /** Epoch milliseconds until which `secrets` are taken as they are. */
  until: number;
  /** Epoch milliseconds of the last look-up, whether it succeeded or not. */
  asked?: number;
  /** Look-ups after wrong signatures that brought nothing new, since one that did or since a quiet life. */
  useless: number;
  /** The request under way, shared by everybody who asks meanwhile. */
  pending?: Promise<readonly string[]>;
}

/** A `SecretStore` that asks its store for each source now and then, and outlives its failures. */
export function createCachedSecrets({ read, handOver, log, now }: CachedSecretsOptions): SecretStore {
  const cache = new Map<string, Cached>();
  const looks = new Map<string, { readonly seen: Promise<SeenSecrets>; readonly until: number }>();

  async function load(source: string, entry: Cached): Promise<readonly string[]> {
    entry.asked = now();
    try {
      entry.secrets = parseSecrets((await read(source)) ?? '');
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
      // A look-up that was early takes nothing from the time for which the last answer is good.
      entry.until = Math.max(entry.until, now() + RETRY_MS);
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

  const readNow = async (source: string) => parseSecrets((await read(source)) ?? '');

  /** Not from the cache of `get`: another instance may have used the window. One look serves all handshakes for a while. */
  function look(source: string, handOver: HandOver): Promise<SeenSecrets> {
    const last = looks.get(source);
    if (last && now() < last.until) return last.seen;
    const seen = Promise.all([readNow(source), handOver.window(source)]).then(([secrets, window]) => ({
      secrets,
      window: window && onceOnly(window),
    }));
    looks.set(source, { seen, until: now() + LOOK_MS });
    return seen;
  }

  async function learn(
    handOver: HandOver,
    source: string,
    secret: string,
  ): Promise<'learnt' | 'known' | 'closed'> {
    try {
      return await learnThroughWindow(
        {
          look: () => look(source, handOver),
          secrets: () => readNow(source),
          async store(secrets) {
            await handOver.write(source, JSON.stringify(secrets));
            looks.delete(source);
            const cached = cache.get(source);
            if (cached) cached.until = 0;
          },
        },
        secret,
        now(),
      );
    } catch (error) {
      throw new UnavailableError('secrets', { cause: error });
    }
  }

  return {
    async get(source, signal) {
      const entry = cache.get(source) ?? { until: 0, useless: 0 };
      cache.set(source, entry);
      if (entry.secrets && now() < entry.until) return entry.secrets;
      entry.useless = 0;
      return untilAborted(pending(source, entry), signal);
    },
    async refresh(source, signal) {
      const entry = cache.get(source);
      if (!entry?.secrets) return undefined;
      const wait = Math.min(REFRESH_MS * 2 ** entry.useless, MAX_REFRESH_MS);
      if (now() - (entry.asked ?? 0) < wait) return undefined;
      const before = JSON.stringify(entry.secrets);
      const after = await untilAborted(pending(source, entry), signal);
      const isNew = JSON.stringify(after) !== before;
      entry.useless = isNew ? 0 : entry.useless + 1;
      return isNew ? after : undefined;
    },
    ...(handOver && {
      learn: (source, secret, signal) => untilAborted(learn(handOver, source, secret), signal),
    }),
  };
}

/** Those who share a look share its window, too. */
function onceOnly({ end, take }: RegistrationWindow): RegistrationWindow {
  let isTaken = false;
  return {
    end,
    async take() {
      if (isTaken) return false;
      isTaken = true;
      return take();
    },
  };
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
