/** What every `*.lambda.ts` does first: environment → `Setup`. Everything here runs once per cold start. */
import { type Clients, createClients } from '../aws/clients.ts';
import { ConfigurationError } from '../core/errors.ts';
import { warningsOnly } from '../core/log.ts';
import { Env } from '../core/names.ts';
import type { SecretStore } from '../secrets/secret-store.ts';
import { createLogger } from './create-logger.ts';
import type { Deployment } from './deployment.ts';
import type { Setup } from './setup.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface LambdaSetupOptions {
  /** Name of the function in its log lines. */
  readonly name: string;
  readonly environment: Environment;
  readonly deployment: Deployment;
  /** The variables that this function is given; the stack gives each together with the right to use it. */
  readonly uses: readonly (keyof typeof Env)[];
  /** How often a call to AWS is tried. Default: twice. */
  readonly attempts?: number;
  /** Default: none. Only ingest verifies. */
  readonly secrets?: (context: {
    clients: Clients;
    region: string;
    setup: Omit<Setup, 'secrets'>;
  }) => SecretStore;
}

/** @throws ConfigurationError that names every missing variable, so that a wrong deployment fails at init. */
export function lambdaSetup({
  name,
  environment,
  deployment,
  uses,
  attempts,
  secrets,
}: LambdaSetupOptions): Setup {
  const region = environment.AWS_REGION;
  const missing = ['AWS_REGION', ...uses.map((key) => Env[key])].filter((variable) => !environment[variable]);
  if (missing.length > 0 || !region)
    throw new ConfigurationError(
      missing.map((variable) => `the environment variable ${variable} is missing`),
    );
  /** What a function is not given, it must not use: AWS refuses this name, and the message says why. */
  const value = (key: keyof typeof Env): string =>
    uses.includes(key) ? (environment[Env[key]] ?? '') : `not-given-${Env[key]}`;

  const clients = createClients({
    region,
    attempts,
    endpoints: {
      dynamodb: environment.AWS_ENDPOINT_URL_DYNAMODB,
      sqs: environment.AWS_ENDPOINT_URL_SQS,
      s3: environment.AWS_ENDPOINT_URL_S3,
    },
  });
  const log = createLogger(name);
  const setup = {
    ...clients,
    ...deployment,
    tables: {
      ledger: value('ledgerTable'),
      subjects: value('subjectsTable'),
      archive: value('archiveTable'),
      effects: value('effectsTable'),
    },
    inboxQueueUrl: value('inboxQueueUrl'),
    bodiesBucket: value('bodiesBucket'),
    log: deployment.config.economy ? warningsOnly(log) : log,
    now: Date.now,
  };
  return { ...setup, secrets: secrets?.({ clients, region, setup }) ?? noSecrets };
}

const noSecrets: SecretStore = {
  get: () => Promise.reject(new ConfigurationError(['this function is given no secrets'])),
};
