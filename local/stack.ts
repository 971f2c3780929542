import { randomUUID } from 'node:crypto';
import { SQSClient } from '@aws-sdk/client-sqs';
import { fixedToken } from '../functions/api/token.ts';
import { createClients } from '../functions/aws/clients.ts';
import { type InletConfig, workerTimes } from '../functions/config/config.ts';
import type { Handlers } from '../functions/core/handler.ts';
import type { Logger } from '../functions/core/log.ts';
import { composeIngest } from '../functions/ingest/compose.ts';
import { providers } from '../functions/providers/index.ts';
import { createLogger } from '../functions/setup/create-logger.ts';
import type { Setup } from '../functions/setup/setup.ts';
import { composeWorker } from '../functions/worker/compose.ts';
import { localConsole, watchSecrets } from './console.ts';
import { countAccepted, withCounted } from './counted.ts';
import { openDataFolder } from './data-folder.ts';
import { type LocalSecrets, localSecrets, type Secrets } from './development-secrets.ts';
import { createTables, LOCAL_TABLES, type LocalDynamoDB, startDynamoDB } from './dynamodb.ts';
import { type Gateway, openGateway } from './http.ts';
import { type Poller, startPoller, WAIT_SECONDS } from './poller.ts';
import { dropLeases } from './recover.ts';
import { withRegistration } from './registration-api.ts';
import { localShelf } from './secret-shelf.ts';
import { LOCAL_REGION, type LocalSqs, startSqs } from './sqs.ts';
import { localToken } from './token.ts';

export interface LocalOptions {
  readonly config: InletConfig;
  /** Secrets by source, the current one first. A source without any gets a development secret. */
  readonly secrets?: Secrets;
  /** Bearer token of the read API. Default: random. */
  readonly token?: string;
  /** Folder for persistent state, or `memory`. */
  readonly data: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  readonly log?: Logger;
  /** Default: none. */
  readonly handlers?: Handlers;
}

export interface LocalInlet {
  readonly url: string;
  readonly port: number;
  readonly token: string;
  /** What the functions were composed from. */
  readonly setup: Setup;
  readonly developmentSecrets: LocalSecrets['development'];
  readonly sqs: LocalSqs;
  readonly dynamodb: LocalDynamoDB;
  /** What both take, made anew at each start. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly deadLetterQueueUrl: string;
  /** Lets requests and batches under way end, then closes everything. Takes at most about 4 s. */
  stop(): Promise<void>;
}

/** Together with closing the stores this stays within the 5 s that SIGTERM may take. */
const GRACE_MS = 1_500;

/**
 * The deployed topology on embedded stand-ins: HTTP → ingest, queue → worker, dead letters → their handler.
 * @throws StartError and the socket's error (`EADDRINUSE`) when it cannot start; nothing is left open then.
 */
export async function startLocal(options: LocalOptions): Promise<LocalInlet> {
  const opened = new AsyncDisposableStack();
  try {
    return await openAll(options, opened);
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
}

/** @param opened takes what has been opened, to be closed in the opposite order. */
async function openAll(options: LocalOptions, opened: AsyncDisposableStack): Promise<LocalInlet> {
  const { now = Date.now } = options;
  // Each function's lines carry its name, as on AWS.
  const logOf = (name: string) => options.log ?? createLogger(name);
  const log = logOf('local');
  // The gateway comes first: a port in use is the likeliest mistake, and the functions must know their URL.
  const gateway = opened.adopt(await openGateway({ port: options.port, log, now }), (it) => it.stop(0));
  const folder = opened.adopt(openDataFolder(options.data), (it) => it.release());
  const local = localSecrets(options.config, options.secrets ?? {}, folder);
  const config = {
    ...local.config,
    publicUrl: local.config.publicUrl ?? gateway.url,
    errors: 'full' as const,
  };
  const shelf = localShelf(local.secrets, folder.at('handed-over-secrets.json'), now);
  // Another one each time: the stand-ins check nothing else of a signature.
  const credentials = { accessKeyId: randomUUID(), secretAccessKey: 'local' };
  const { accessKeyId } = credentials;
  const dynamodb = opened.adopt(await startDynamoDB(folder.at('dynamodb'), accessKeyId), (it) => it.close());
  const sqs = opened.adopt(await startSqs(config, folder.at('sqs'), accessKeyId), (it) => it.close());
  const clients = createClients({
    region: LOCAL_REGION,
    endpoints: { dynamodb: dynamodb.endpoint, sqs: sqs.endpoint, s3: sqs.endpoint },
    credentials,
  });
  opened.defer(() => {
    clients.dynamodb.destroy();
    clients.sqs.destroy();
  });
  const receiver = opened.adopt(createReceiver(sqs.endpoint, credentials), (it) => it.destroy());
  await createTables(clients.dynamodb);
  for (const table of [LOCAL_TABLES.subjects, LOCAL_TABLES.ledger]) await dropLeases(clients.dynamodb, table);
  sqs.releaseInFlight();
  const setup: Setup = {
    config,
    packs: providers,
    ...(options.handlers && { handlers: options.handlers }),
    ...clients,
    tables: LOCAL_TABLES,
    inboxQueueUrl: sqs.queueUrls.inbox,
    bodiesBucket: sqs.bucket,
    secrets: shelf.store,
    log,
    now,
  };
  const token = options.token ?? localToken(folder.at('token'));
  const accepted = countAccepted(logOf('ingest'), now);
  const watched = watchSecrets(accepted.log);
  gateway.serve({
    ingest: composeIngest({ ...setup, log: watched.log }),
    api: withRegistration({
      sources: Object.keys(config.sources),
      shelf,
      authorize: fixedToken(token),
      api: withCounted(
        accepted.counted,
        fixedToken(token),
        localConsole(
          {
            ...setup,
            log: logOf('console'),
            deadLetterQueueUrl: sqs.queueUrls.deadLetters,
            // The stand-in counts exactly.
            countsSettleMs: 0,
          },
          token,
          gateway.url,
          watched.position,
        ),
      ),
      now,
    }),
  });
  const pollers = startPollers({ ...setup, log: logOf('worker') }, sqs, receiver);
  return {
    url: gateway.url,
    port: gateway.port,
    token,
    setup,
    developmentSecrets: local.development,
    sqs,
    dynamodb,
    credentials,
    deadLetterQueueUrl: sqs.queueUrls.deadLetters,
    stop: async () => {
      await endTraffic(gateway, pollers);
      await opened.disposeAsync();
    },
  };
}

/** A client for long polling: an answer may take as long as the queue is asked to wait. */
function createReceiver(endpoint: string, credentials: LocalInlet['credentials']): SQSClient {
  const requestTimeout = (WAIT_SECONDS + 5) * 1000;
  return new SQSClient({
    region: LOCAL_REGION,
    endpoint,
    credentials,
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 1000, requestTimeout, throwOnRequestTimeout: true },
  });
}

function startPollers(setup: Setup, sqs: LocalSqs, client: SQSClient): Poller[] {
  const { worker, deadLetters } = composeWorker(setup);
  const common = { client, log: setup.log, timeoutSeconds: workerTimes(setup.config).functionTimeout };
  return [
    startPoller({ ...common, queueUrl: sqs.queueUrls.inbox, handler: worker }),
    startPoller({ ...common, queueUrl: sqs.queueUrls.deadLetters, handler: deadLetters }),
  ];
}

/** Requests end before the pollers do, so that what they have just enqueued may still be processed. */
async function endTraffic(gateway: Gateway, pollers: readonly Poller[]): Promise<void> {
  await gateway.stop(GRACE_MS);
  await Promise.all(pollers.map((poller) => poller.stop(GRACE_MS)));
}
