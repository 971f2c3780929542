import { composeIngest } from './ingest/compose.ts';
import { lambdaSetup } from './shared/lambda-setup.ts';
import { Env } from './shared/names.ts';
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
    secrets: ({ region, clients, setup: { log, now } }) =>
      createSsmSecrets({
        path: environment[Env.secretsPath] ?? '',
        ...createParameters({
          region,
          credentials: clients.dynamodb.config.credentials,
          endpoint: environment.AWS_ENDPOINT_URL_SSM,
        }),
        log,
        now,
      }),
  }),
);
