/** Puts webhooks through ingest, queue and worker on the stand-ins and meters what they use. */

import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { createClients } from '../../functions/aws/clients.ts';
import type { InletConfig } from '../../functions/config/config.ts';
import type { Handler } from '../../functions/core/handler.ts';
import { warningsOnly } from '../../functions/core/log.ts';
import { composeIngest } from '../../functions/ingest/compose.ts';
import { providers } from '../../functions/providers/index.ts';
import { createLogger } from '../../functions/setup/create-logger.ts';
import type { Setup } from '../../functions/setup/setup.ts';
import { composeWorker } from '../../functions/worker/compose.ts';
import { createTables, LOCAL_TABLES, startDynamoDB } from '../../local/dynamodb.ts';
import { LOCAL_REGION, startSqs } from '../../local/sqs.ts';
import { handlers as builtIn } from '../../test/fixtures/handlers/index.ts';
import { Meter, type Usage } from './meter.ts';
import { gatewayEvent, sqsEvent, type Webhook } from './webhooks.ts';

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

export interface Consumption {
  readonly events: number;
  readonly ingest: Usage;
  readonly worker: Usage;
  readonly logs: { readonly ingest: Logged; readonly worker: Logged };
  /** Bytes of the messages of one event. */
  readonly messageBytes: number;
}

export interface Logged {
  lines: number;
  bytes: number;
}

/**
 * @param chunkBytes what SQS bills as one request
 * @param batch messages that the worker gets at once
 * @param handlers beside those that Inlet brings
 */
export async function consume(
  config: InletConfig,
  webhooks: readonly Webhook[],
  secrets: Readonly<Record<string, readonly string[]>>,
  chunkBytes: number,
  batch = 10,
  handlers: Readonly<Record<string, Handler>> = {},
): Promise<Consumption> {
  const dynamodb = await startDynamoDB();
  const sqs = await startSqs(config);
  const endpoints = { dynamodb: dynamodb.endpoint, sqs: sqs.endpoint, s3: sqs.endpoint };
  const clients = createClients({ region: LOCAL_REGION, endpoints, credentials });
  await createTables(clients.dynamodb);
  const meter = new Meter(clients.dynamodb, clients.sqs, dynamodb.endpoint, chunkBytes);
  const logs = { ingest: { lines: 0, bytes: 0 }, worker: { lines: 0, bytes: 0 } };
  const loggerOf = (name: keyof typeof logs) =>
    createLogger(name, (line) => {
      logs[name].lines += 1;
      // CloudWatch takes the line without its break.
      logs[name].bytes += Buffer.byteLength(line) - 1;
    });
  const setupOf = (name: keyof typeof logs): Setup => ({
    config,
    ...clients,
    packs: providers,
    tables: LOCAL_TABLES,
    inboxQueueUrl: sqs.queueUrls.inbox,
    bodiesBucket: sqs.bucket,
    secrets: { get: async (source) => secrets[source] ?? [] },
    log: config.economy ? warningsOnly(loggerOf(name)) : loggerOf(name),
    now: Date.now,
  });
  const receiver = new SQSClient({ region: LOCAL_REGION, endpoint: sqs.endpoint, credentials });
  try {
    const ingest = composeIngest(setupOf('ingest'));
    const { worker } = composeWorker(setupOf('worker'), { ...builtIn, ...handlers });
    for (const webhook of webhooks) {
      const { headers, statusCode } = await ingest(gatewayEvent(webhook));
      if (headers?.['inlet-outcome'] !== 'accepted') throw new Error(`${webhook.source}: ${statusCode}`);
    }
    const ofIngest = meter.take();
    const messageBytes = await work(receiver, sqs.queueUrls.inbox, worker, batch);
    return { events: webhooks.length, ingest: ofIngest, worker: meter.take(), logs, messageBytes };
  } finally {
    receiver.destroy();
    meter.close();
    clients.dynamodb.destroy();
    clients.sqs.destroy();
    await dynamodb.close();
    await sqs.close();
  }
}

/** Empties the queue, so many messages at once. @returns the bytes of a message */
async function work(
  receiver: SQSClient,
  QueueUrl: string,
  worker: ReturnType<typeof composeWorker>['worker'],
  batch: number,
): Promise<number> {
  const sizes: number[] = [];
  for (;;) {
    const command = new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: batch,
      VisibilityTimeout: 300,
    });
    const { Messages = [] } = await receiver.send(command);
    if (Messages.length === 0) break;
    const event: SQSEvent = sqsEvent(Messages.map(({ Body = '' }) => Body));
    const { batchItemFailures } = await worker(event, { getRemainingTimeInMillis: () => 80_000 });
    if (batchItemFailures.length > 0) throw new Error('an event did not go through');
    sizes.push(...Messages.map(({ Body = '' }) => Buffer.byteLength(Body)));
  }
  return sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
}
