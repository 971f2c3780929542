/** Secrets of the sources, from Secrets Manager: one secret for each source, `inlet/<stage>/<source>`. */
import { randomUUID } from 'node:crypto';
import { type AwsOptions, type AwsService, createCall, textIn } from '../aws/aws-json.ts';
import type { Logger } from '../core/log.ts';
import { createCachedSecrets } from './cached.ts';
import { windowInSsm } from './parameters.ts';
import type { SecretStore } from './secret-store.ts';
import type { Parameters } from './ssm.ts';

const SECRETS_MANAGER: AwsService = {
  name: 'secretsmanager',
  title: 'Secrets Manager',
  target: 'secretsmanager',
};

/** There is none of that name, or it has no value yet. */
const NOT_FOUND = 'ResourceNotFoundException';
/** Marked for deletion (https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html). */
const DELETED = 'InvalidRequestException';

export interface SecretsManager {
  /**
   * Reads a secret; undefined when there is none, or when it is marked for deletion.
   * @throws InletError `secretsmanager-…` when it is refused, or whatever the connection failed with.
   */
  read(name: string): Promise<string | undefined>;
  /**
   * Puts a value in place of what is there. Creates the secret, under the account's own key, when there is none.
   * @throws InletError likewise; `secretsmanager-InvalidRequestException` when it is marked for deletion.
   */
  write(name: string, value: string): Promise<void>;
}

export function createSecretsManager(options: AwsOptions): SecretsManager {
  const call = createCall(SECRETS_MANAGER, options);
  return {
    async read(name) {
      const answer = await call('GetSecretValue', name, { SecretId: name }, [NOT_FOUND, DELETED]);
      return answer && textIn(answer.SecretString, SECRETS_MANAGER, name);
    },
    async write(name, SecretString) {
      // The SDK makes this token up, a plain request has to bring it. With it, a second attempt writes nothing twice
      // (https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html).
      const value = { SecretString, ClientRequestToken: randomUUID() };
      const put = await call('PutSecretValue', name, { SecretId: name, ...value }, [NOT_FOUND]);
      if (!put) await call('CreateSecret', name, { Name: name, ...value });
    },
  };
}

/** Name of a source's secret. @param path `/inlet/<stage>`; a secret's name begins without the slash. */
export function managedName(path: string, source: string): string {
  return `${path.replace(/^\//, '')}/${source}`;
}

export interface ManagedSecretsOptions extends SecretsManager {
  /** As for SSM: `/inlet/<stage>`. */
  readonly path: string;
  /** Hold the registration windows: one in Secrets Manager would cost $0.40 a month for ten minutes of use. */
  readonly parameters: Pick<Parameters, 'readVersion' | 'write'>;
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export function createManagedSecrets({
  path,
  read,
  write,
  parameters,
  log,
  now,
}: ManagedSecretsOptions): SecretStore {
  const handOver = {
    write: (source: string, text: string) => write(managedName(path, source), text),
    window: windowInSsm(path, parameters),
  };
  return createCachedSecrets({ read: (source) => read(managedName(path, source)), handOver, log, now });
}
