/**
 * The functions behind the local gateway and pollers, on stand-ins elsewhere: what `startLocal` composes, less the
 * stand-ins. This is the process that is killed.
 */
import { SQSClient } from '@aws-sdk/client-sqs';
import { composeApi } from '../../functions/api/compose.ts';
import { fixedToken } from '../../functions/api/token.ts';
import { composeIngest } from '../../functions/ingest/compose.ts';
import { createClients } from '../../functions/shared/clients.ts';
import type { Setup } from '../../functions/shared/setup.ts';
import { composeWorker } from '../../functions/worker/compose.ts';
import { LOCAL_TABLES } from '../../infra/local/dynamodb.ts';
import { openGateway } from '../../infra/local/http.ts';
import { startPoller } from '../../infra/local/poller.ts';
import { config, SECRETS } from './webhooks.ts';

const { ENDPOINTS = '{}', PORT = '0' } = process.env;
const { dynamodb, sqs, inboxQueueUrl, deadLetterQueueUrl, bucket } = JSON.parse(ENDPOINTS) as Record<
  'dynamodb' | 'sqs' | 'inboxQueueUrl' | 'deadLetterQueueUrl' | 'bucket',
  string
>;

const region = 'us-east-1';
const credentials = { accessKeyId: 'soak', secretAccessKey: 'soak' };
const log = { log: () => {} };
const setup: Setup = {
  config,
  ...createClients({ region, credentials, endpoints: { dynamodb, sqs, s3: sqs } }),
  tables: LOCAL_TABLES,
  inboxQueueUrl,
  bodiesBucket: bucket,
  secrets: { get: async (source) => [SECRETS[source as keyof typeof SECRETS]] },
  log,
  now: Date.now,
};
const gateway = await openGateway({ port: Number(PORT), log });
const authorize = fixedToken('soak');
gateway.serve({
  ingest: composeIngest(setup),
  api: composeApi({ ...setup, deadLetterQueueUrl, countsSettleMs: 0 }, authorize),
});
const client = new SQSClient({
  region,
  endpoint: sqs,
  credentials,
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 15_000, throwOnRequestTimeout: true },
});
const { worker, deadLetters } = composeWorker(setup);
// A short invocation makes short leases, which a killed worker leaves behind.
startPoller({ client, log, timeoutSeconds: 8, queueUrl: inboxQueueUrl, handler: worker });
startPoller({ client, log, timeoutSeconds: 8, queueUrl: deadLetterQueueUrl, handler: deadLetters });
process.on('disconnect', () => process.exit(0));
process.send?.({ url: gateway.url, port: gateway.port });
