/**
 * The functions behind the local gateway and pollers, on stand-ins elsewhere: what `startLocal` composes, less the
 * stand-ins. This is the process that is killed.
 */

import { SQSClient } from '@aws-sdk/client-sqs';
import { composeApi } from '../../../functions/api/compose.ts';
import { fixedToken } from '../../../functions/api/token.ts';
import { createClients } from '../../../functions/aws/clients.ts';
import type { InletConfig } from '../../../functions/config/config.ts';
import { composeIngest } from '../../../functions/ingest/compose.ts';
import { providers } from '../../../functions/providers/index.ts';
import type { Setup } from '../../../functions/setup/setup.ts';
import { composeWorker } from '../../../functions/worker/compose.ts';
import { LOCAL_TABLES } from '../../../local/dynamodb.ts';
import { openGateway } from '../../../local/http.ts';
import { startPoller } from '../../../local/poller.ts';
import { handlers } from '../../fixtures/handlers/index.ts';
import { CLIENT, SECRETS, type SourceName, TOKEN } from './config.ts';
import { soakHandler } from './handler.ts';
import { RunsFile } from './runs.ts';

/** What the process is told at its start. */
export interface AppOptions {
  readonly config: InletConfig;
  readonly endpoints: Readonly<Record<'dynamodb' | 'sqs' | 's3', string>>;
  readonly inboxQueueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly bucket: string;
  readonly runsFile: string;
  /** 0 picks a free one. */
  readonly port: number;
}

const options = JSON.parse(process.env.OPTIONS ?? '{}') as AppOptions;
const { config, endpoints, inboxQueueUrl, deadLetterQueueUrl, bucket, runsFile, port } = options;
const log = { log: () => {} };
const setup: Setup = {
  config,
  ...createClients({ ...CLIENT, endpoints }),
  packs: providers,
  tables: LOCAL_TABLES,
  inboxQueueUrl,
  bodiesBucket: bucket,
  secrets: { get: async (source) => [SECRETS[source as SourceName]] },
  log,
  now: Date.now,
};
const gateway = await openGateway({ port, log });
gateway.serve({
  ingest: composeIngest(setup),
  api: composeApi({ ...setup, deadLetterQueueUrl, countsSettleMs: 0 }, fixedToken(TOKEN)),
});
const client = new SQSClient({
  ...CLIENT,
  endpoint: endpoints.sqs,
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 15_000, throwOnRequestTimeout: true },
});
const { worker, deadLetters } = composeWorker(setup, {
  ...handlers,
  soak: soakHandler(new RunsFile(runsFile)),
});
// A short invocation makes short leases, which a killed worker leaves behind.
startPoller({ client, log, timeoutSeconds: 8, queueUrl: inboxQueueUrl, handler: worker });
startPoller({ client, log, timeoutSeconds: 8, queueUrl: deadLetterQueueUrl, handler: deadLetters });
process.on('disconnect', () => process.exit(0));
process.send?.({ url: gateway.url, port: gateway.port });
