import { Env } from './core/names.ts';
import { composeIngest } from './ingest/compose.ts';
import { createSsmSecrets } from './secrets/parameters.ts';
import { createManagedSecrets, createSecretsManager } from './secrets/secrets-manager.ts';
import { createParameters } from './secrets/ssm.ts';
import type { Deployment } from './setup/deployment.ts';
import { lambdaSetup } from './setup/lambda-setup.ts';

const environment = process.env;

/** Receives webhooks from the HTTP API. */
export default (deployment: Deployment) =>
  composeIngest(
    lambdaSetup({
      name: 'ingest',
      environment,
      deployment,
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
