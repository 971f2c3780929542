/** Where the secrets of a deployment lie: SSM for a stage, a file in the data folder for the local Inlet. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SQSClient } from '@aws-sdk/client-sqs';
import { parseSecrets } from '../../functions/shared/secrets-ssm.ts';
import { createParameters } from '../../functions/shared/ssm.ts';
import { DEFAULT_DATA } from '../local/environment.ts';
import { SET_SECRETS_FILE } from '../local/secret-shelf.ts';
import { stageOf } from '../stage.ts';
import { CliError } from './cli-error.ts';

export interface SecretStore {
  /** For messages: where they lie. */
  readonly place: string;
  get(source: string): Promise<readonly string[]>;
  put(source: string, secrets: readonly string[]): Promise<void>;
}

/** @throws CliError when there is nowhere to store them. */
export async function openSecrets(stage: string | undefined, env = process.env): Promise<SecretStore> {
  return stage === undefined ? localStore(env.INLET_DATA || DEFAULT_DATA) : stageStore(stage, env);
}

async function stageStore(name: string, env: NodeJS.ProcessEnv): Promise<SecretStore> {
  const path = `/inlet/${stageOf(name).name}`;
  // Any client of the SDK knows the region and the credentials of the environment, of profiles and of single sign-on.
  const { config } = new SQSClient({});
  const region = await config.region().catch(() => {
    throw new CliError('Which region? Set AWS_REGION, or AWS_PROFILE to a profile that has one.');
  });
  const { read, write } = createParameters({
    region,
    credentials: () => config.credentials(),
    endpoint: env.AWS_ENDPOINT_URL_SSM,
  });
  const explained = async <T>(action: Promise<T>): Promise<T> => {
    try {
      return await action;
    } catch (error) {
      throw new CliError(
        `SSM in ${region} did not do it: ${error instanceof Error ? error.message : error}`,
        1,
      );
    }
  };
  return {
    place: `SSM ${path}/<source> in ${region}`,
    get: async (source) => parseSecrets((await explained(read(`${path}/${source}`))) ?? ''),
    put: (source, secrets) => explained(write(`${path}/${source}`, JSON.stringify(secrets))),
  };
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
