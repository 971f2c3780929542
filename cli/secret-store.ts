/** Where the secrets of a deployment lie: SSM or Secrets Manager for a stage, a file in the data folder locally. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { AwsOptions } from '../functions/aws/aws-json.ts';
import type { InletConfig } from '../functions/config/config.ts';
import { InletError } from '../functions/core/errors.ts';
import { createSecretsManager, managedName } from '../functions/secrets/secrets-manager.ts';
import { createParameters } from '../functions/secrets/ssm.ts';
import { parseSecrets } from '../functions/secrets/text.ts';
import { stageOf } from '../infra/stage.ts';
import { DEFAULT_DATA } from '../local/environment.ts';
import { SET_SECRETS_FILE } from '../local/secret-shelf.ts';
import { CliError } from './cli-error.ts';

export interface SecretStore {
  /** For messages: where they lie. */
  readonly place: string;
  get(source: string): Promise<readonly string[]>;
  put(source: string, secrets: readonly string[]): Promise<void>;
}

/**
 * @param config says which store the stage has, deployed or not.
 * @throws CliError when there is nowhere to store them.
 */
export async function openSecrets(
  stage: string | undefined,
  config: Pick<InletConfig, 'secrets'>,
  env = process.env,
): Promise<SecretStore> {
  return stage === undefined
    ? localStore(env.INLET_DATA || DEFAULT_DATA)
    : stageStore(stage, config.secrets ?? 'ssm', env);
}

async function stageStore(
  name: string,
  kind: NonNullable<InletConfig['secrets']>,
  env: NodeJS.ProcessEnv,
): Promise<SecretStore> {
  // Any client of the SDK knows the region and the credentials of the environment, of profiles and of single sign-on.
  const { config } = new SQSClient({});
  const region = await config.region().catch(() => {
    throw new CliError('Which region? Set AWS_REGION, or AWS_PROFILE to a profile that has one.');
  });
  const options = { region, credentials: () => config.credentials() };
  const { title, nameOf, read, write } = textsOf(kind, `/inlet/${stageOf(name).name}`, options, env);
  const explained = async <T>(action: Promise<T>): Promise<T> => {
    try {
      return await action;
    } catch (error) {
      throw new CliError(`${title} in ${region} did not do it: ${reasonOf(error)}`, 1);
    }
  };
  return {
    place: `${title} ${nameOf('<source>')} in ${region}`,
    get: async (source) => parseSecrets((await explained(read(nameOf(source)))) ?? ''),
    put: async (source, secrets) =>
      void (await explained<unknown>(write(nameOf(source), JSON.stringify(secrets)))),
  };
}

/** The service behind a stage's secrets. */
function textsOf(
  kind: NonNullable<InletConfig['secrets']>,
  path: string,
  options: AwsOptions,
  env: NodeJS.ProcessEnv,
) {
  if (kind === 'ssm')
    return {
      title: 'SSM',
      nameOf: (source: string) => `${path}/${source}`,
      ...createParameters({ ...options, endpoint: env.AWS_ENDPOINT_URL_SSM }),
    };
  return {
    title: 'Secrets Manager',
    nameOf: (source: string) => managedName(path, source),
    ...createSecretsManager({ ...options, endpoint: env.AWS_ENDPOINT_URL_SECRETS_MANAGER }),
  };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Only writing meets this: nothing can be put into what is marked for deletion.
  const deleted = error instanceof InletError && error.code === 'secretsmanager-InvalidRequestException';
  return deleted
    ? `${error.message}. If it is marked for deletion, restore it first: aws secretsmanager restore-secret.`
    : error.message;
}

function localStore(folder: string): SecretStore {
  if (folder === 'memory')
    throw new CliError('The local Inlet keeps nothing (INLET_DATA=memory): set INLET_SECRETS instead.');
  const file = join(folder, SET_SECRETS_FILE);
  const all = (): Record<string, readonly string[]> => {
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as Record<string, readonly string[]>;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
      // Not the parser's message, which quotes the text.
      throw new CliError(`${file} cannot be read: delete it, and set the secrets again.`);
    }
  };
  return {
    place: file,
    get: async (source) => {
      const secrets = all();
      return Object.hasOwn(secrets, source) ? (secrets[source] ?? []) : [];
    },
    put: async (source, secrets) => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      // In one step, so that the server never reads half a file.
      writeFileSync(`${file}.new`, JSON.stringify({ ...all(), [source]: secrets }), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    },
  };
}
