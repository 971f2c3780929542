/** Secrets of the sources, from SSM parameters `<path>/<source>`. */
import { randomUUID } from 'node:crypto';
import type { Logger } from '../core/log.ts';
import { createCachedSecrets, type HandOver } from './cached.ts';
import type { SecretStore } from './secret-store.ts';
import type { Parameters, ReadParameter } from './ssm.ts';

export interface SsmSecretsOptions extends Partial<Omit<Parameters, 'read'>> {
  readonly path: string;
  readonly read: ReadParameter;
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Keys that a provider hands over in a handshake are taken where there is all of `Parameters`. */
export function createSsmSecrets({
  path,
  read,
  readVersion,
  write,
  log,
  now,
}: SsmSecretsOptions): SecretStore {
  const handOver = write &&
    readVersion && {
      write: (source: string, text: string) => write(`${path}/${source}`, text),
      window: windowInSsm(path, { readVersion, write }),
    };
  return createCachedSecrets({ read: (source) => read(`${path}/${source}`), handOver, log, now });
}

/**
 * The registration window is a parameter `<path>/<source>/window` that holds the time of its end (RFC 3339). Of several
 * who close it at once, one gets the version that follows the one that was read (docs/decisions/0043).
 */
export function windowInSsm(
  path: string,
  { readVersion, write }: Pick<Parameters, 'readVersion' | 'write'>,
): HandOver['window'] {
  return async (source) => {
    const name = `${path}/${source}/window`;
    const seen = await readVersion(name);
    return (
      seen && {
        end: Date.parse(seen.value.trim()),
        // SSM says that a changed value makes a new version: each of these is another.
        take: async () => (await write(name, `closed ${randomUUID()}`)) === seen.version + 1,
      }
    );
  };
}
