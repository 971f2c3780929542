import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { learnThroughWindow, type RegistrationWindow } from '../functions/secrets/registration-window.ts';
import type { SecretStore } from '../functions/secrets/secret-store.ts';
import type { Secrets } from './development-secrets.ts';

/** The secrets of the local server, those among them that providers handed over, and the registration windows. */
export interface LocalShelf {
  readonly store: SecretStore;
  /** Lets the next handshake of a source hand its key over. `end` in epoch milliseconds. */
  open(source: string, end: number): void;
  /** End of the window that is open now, and the newest key that was handed over: Notion wants it pasted. */
  status(source: string): { readonly until?: number; readonly learnt?: string };
}

/**
 * @param configured secrets of each source, from INLET_SECRETS or made up.
 * @param file that keeps keys that were handed over; undefined keeps them in memory. A window never outlives the
 * process.
 */
export function localShelf(configured: Secrets, file: string | undefined, now: () => number): LocalShelf {
  const learnt: Record<string, readonly string[]> = file ? readLearnt(file) : {};
  const windows = new Map<string, number>();
  const own = (source: string) => (Object.hasOwn(learnt, source) ? (learnt[source] ?? []) : []);
  const set = setSecrets(file && join(dirname(file), SET_SECRETS_FILE));
  const given = (source: string) => set(source) ?? configured[source] ?? [];
  const live = (source: string) => [...own(source), ...given(source)];

  function store(source: string, secrets: readonly string[]): void {
    learnt[source] = secrets.filter((secret) => !given(source).includes(secret));
    if (file) writeLearnt(file, learnt);
  }

  function windowOf(source: string): RegistrationWindow | undefined {
    const end = windows.get(source);
    if (end === undefined) return undefined;
    return { end, take: async () => windows.get(source) === end && windows.delete(source) };
  }

  return {
    store: {
      get: async (source) => live(source),
      learn: (source, secret) => {
        const shelf = {
          look: async () => ({ secrets: live(source), window: windowOf(source) }),
          secrets: async () => live(source),
          store: async (secrets: readonly string[]) => store(source, secrets),
        };
        return learnThroughWindow(shelf, secret, now());
      },
    },
    open: (source, end) => void windows.set(source, end),
    status(source) {
      const until = windows.get(source);
      const newest = own(source)[0];
      return {
        ...(until !== undefined && until > now() && { until }),
        ...(newest !== undefined && { learnt: newest }),
      };
    },
  };
}

/** What `inlet secret` has set, in the data folder: JSON, the secrets of each source. */
export const SET_SECRETS_FILE = 'secrets.json';

/** Reads the file again whenever it has changed, so that a new secret is in use at once. */
function setSecrets(file: string | undefined): (source: string) => readonly string[] | undefined {
  let read = { changed: 0, secrets: {} as Readonly<Record<string, readonly string[]>> };
  return (source) => {
    const changed = (file && statSync(file, { throwIfNoEntry: false })?.mtimeMs) || 0;
    if (changed !== read.changed) read = { changed, secrets: changed && file ? readLearnt(file) : {} };
    return Object.hasOwn(read.secrets, source) ? read.secrets[source] : undefined;
  };
}

/** A file that cannot be read counts as none: the provider hands over another key. */
function readLearnt(file: string): Record<string, readonly string[]> {
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const entries = Object.entries(content as Record<string, unknown>).filter(
      ([, secrets]) => Array.isArray(secrets) && secrets.every((secret) => typeof secret === 'string'),
    );
    return Object.fromEntries(entries) as Record<string, readonly string[]>;
  } catch {
    return {};
  }
}

/** In one step, so that a crash leaves the old file or the new one. */
function writeLearnt(file: string, learnt: Readonly<Record<string, readonly string[]>>): void {
  writeFileSync(`${file}.new`, JSON.stringify(learnt), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
