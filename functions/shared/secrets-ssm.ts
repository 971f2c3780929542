/** Secrets of the sources, from SSM parameters `<path>/<source>`. */
import type { Logger } from './log.ts';
import { createCachedSecrets, type HandOver } from './secrets-cached.ts';
import type { SecretStore } from './setup.ts';
import type { Parameters, ReadParameter, WriteParameter } from './ssm.ts';

export interface SsmSecretsOptions {
  readonly path: string;
  readonly read: ReadParameter;
  /** Stores keys that a provider hands over in a handshake. Default: none are taken. */
  readonly write?: WriteParameter;
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export function createSsmSecrets({ path, read, write, log, now }: SsmSecretsOptions): SecretStore {
  const handOver = write && {
    write: (source: string, text: string) => write(`${path}/${source}`, text),
    ...windowInSsm(path, { read, write }),
  };
  return createCachedSecrets({ read: (source) => read(`${path}/${source}`), handOver, log, now });
}

/** The registration window is a parameter `<path>/<source>/window` that holds the time of its end (RFC 3339). */
export function windowInSsm(path: string, { read, write }: Parameters): Omit<HandOver, 'write'> {
  const name = (source: string) => `${path}/${source}/window`;
  return {
    windowEnd: async (source) => Date.parse((await read(name(source)))?.trim() ?? ''),
    // SSM holds no empty text.
    closeWindow: (source) => write(name(source), 'closed'),
  };
}
