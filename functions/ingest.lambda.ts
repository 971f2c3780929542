import { composeIngest } from './ingest/compose.ts';
import { lambdaSetup } from './shared/lambda-setup.ts';
import { Env } from './shared/names.ts';
import { createManagedSecrets, createSecretsManager } from './shared/secrets-manager.ts';
import { createSsmSecrets } from './shared/secrets-ssm.ts';
import { createParameters } from './shared/ssm.ts';

/** The configuration as JSON: `infra/bundle.ts` puts it in. */
declare const __INLET_CONFIG__: string;

const environment = process.env;

/** Receives webhooks from the HTTP API. */
export const handler = composeIngest(
  lambdaSetup({
    name: 'ingest',
    environment,
    config: __INLET_CONFIG__,
    uses: ['ledgerTable', 'inboxQueueUrl', 'bodiesBucket', 'secretsPath'],
    secrets: ({ region, clients, setup: { config, log, now } }) => {
      const path = environment[Env.secretsPath] ?? '';
      const { credentials } = clients.dynamodb.config;
      const parameters = createParameters({
        region,
        credentials,
        endpoint: environment.AWS_ENDPOINT_URL_SSM,
      });
      if (config.secrets !== 'secrets-manager') return createSsmSecrets({ path, ...parameters, log, now });
      const manager = createSecretsManager({
        region,
        credentials,
        endpoint: environment.AWS_ENDPOINT_URL_SECRETS_MANAGER,
      });
      return createManagedSecrets({ path, ...manager, parameters, log, now });
    },
  }),
  environment[Env.frontSecrets]?.split(','),
);
