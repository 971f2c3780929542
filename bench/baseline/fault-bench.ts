/** Inlet and the baseline on one pair of stand-ins, and the ways to make their surroundings fail. */
import { once as occurrence } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CreateTableCommand, DynamoDBClient, GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { InletConfig } from '../../functions/config/config.ts';
import { Env } from '../../functions/core/names.ts';
import { createTables, LOCAL_TABLES, startDynamoDB } from '../../local/dynamodb.ts';
import { startSqs } from '../../local/sqs.ts';
import { inletBundle, temporaryFolder } from '../lib/bundles.ts';
import { functionEnvironment, startCannedAws } from '../lib/canned-process.ts';
import { FreshProcess } from '../lib/fresh-process.ts';
import { gatewayEvent, SECRET, sqsEvent, type Webhook } from '../lib/webhooks.ts';
import { baselineBundle, baselineEnvironment } from './variants.ts';

export type System = 'inlet' | 'baseline';

const config: InletConfig = { sources: { dotdigital: { provider: 'dotdigital' } } };
const client = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

export async function openFaultBench() {
  const folder = temporaryFolder();
  const ssm = await startCannedAws(SECRET);
  const dynamodb = await startDynamoDB();
  const sqs = await startSqs(config);
  const tables = new DynamoDBClient({ ...client, endpoint: dynamodb.endpoint });
  const queues = new SQSClient({ ...client, endpoint: sqs.endpoint });
  await createTables(tables);
  for (const TableName of ['idempotency', 'state'])
    await tables.send(new CreateTableCommand(keyed(TableName)));
  await queues.send(new CreateQueueCommand({ QueueName: 'baseline' }));
  const hanging = createServer(() => {}).listen(0, '127.0.0.1');
  await occurrence(hanging, 'listening');
  const nowhere = `http://127.0.0.1:${(hanging.address() as AddressInfo).port}`;
  const files = {
    inlet: {
      ingest: inletBundle('functions/ingest.lambda.ts', config, join(folder, 'ingest')).file,
      worker: inletBundle('functions/worker.lambda.ts', config, join(folder, 'worker')).file,
    },
    baseline: {
      ingest: baselineBundle('ingest', folder).file,
      worker: baselineBundle('worker', folder).file,
    },
  };
  const queueOf = { inlet: sqs.queueUrls.inbox, baseline: new URL('baseline', sqs.queueUrls.inbox).href };
  /** `without`: the service that does not answer. */
  const environment = (without?: 'dynamodb' | 'sqs', remainingMs = 10_000): Record<string, string> => {
    const queue = (url: string) => (without === 'sqs' ? url.replace(sqs.endpoint, nowhere) : url);
    return {
      ...functionEnvironment(ssm.endpoint),
      ...baselineEnvironment(sqs.endpoint),
      AWS_ENDPOINT_URL_DYNAMODB: without === 'dynamodb' ? nowhere : dynamodb.endpoint,
      AWS_ENDPOINT_URL_SQS: without === 'sqs' ? nowhere : sqs.endpoint,
      [Env.ledgerTable]: LOCAL_TABLES.ledger,
      [Env.subjectsTable]: LOCAL_TABLES.subjects,
      [Env.archiveTable]: LOCAL_TABLES.archive,
      [Env.effectsTable]: LOCAL_TABLES.effects,
      [Env.inboxQueueUrl]: queue(queueOf.inlet),
      QUEUE_URL: queue(queueOf.baseline),
      BENCH_REMAINING_MS: String(remainingMs),
    };
  };
  const once = async (file: string, env: Record<string, string>, event: unknown) => {
    const fresh = await FreshProcess.start(file, env);
    const answered = await fresh.invoke(event);
    await fresh.kill();
    return answered;
  };
  const statusOf = ({ answer }: { answer: { statusCode?: number } }) => answer.statusCode ?? 0;

  return {
    async deliver(system: System, webhook: Webhook, remainingMs?: number): Promise<number> {
      return statusOf(
        await once(files[system].ingest, environment(undefined, remainingMs), gatewayEvent(webhook)),
      );
    },
    async deliverTogether(system: System, webhook: Webhook): Promise<readonly number[]> {
      const both = await Promise.all(
        [1, 2].map(() => FreshProcess.start(files[system].ingest, environment())),
      );
      const answers = await Promise.all(both.map((fresh) => fresh.invoke(gatewayEvent(webhook))));
      await Promise.all(both.map((fresh) => fresh.kill()));
      return answers.map(statusOf);
    },
    /** The process dies while it waits for SQS: the record has been written by then. */
    async crashBeforeQueue(system: System, webhook: Webhook, remainingMs: number): Promise<void> {
      const TableName = system === 'inlet' ? LOCAL_TABLES.ledger : 'idempotency';
      const records = async () => (await tables.send(new ScanCommand({ TableName }))).Count ?? 0;
      const before = await records();
      const fresh = await FreshProcess.start(files[system].ingest, environment('sqs', remainingMs));
      fresh.invoke(gatewayEvent(webhook)).catch(() => {});
      while ((await records()) === before) await pause(20);
      await fresh.kill();
    },
    /** @returns undefined when Lambda would end the function by its time limit, and the gateway answer 503. */
    async deliverToHanging(
      system: System,
      webhook: Webhook,
      limitMs: number,
    ): Promise<{ status: number; seconds: number } | undefined> {
      const fresh = await FreshProcess.start(files[system].ingest, environment('dynamodb', limitMs));
      const late = new Promise<undefined>((resolve) => setTimeout(resolve, limitMs, undefined));
      const answered = await Promise.race([fresh.invoke(gatewayEvent(webhook)), late]);
      await fresh.kill();
      return answered && { status: statusOf(answered), seconds: answered.milliseconds / 1000 };
    },
    /** Takes all messages off the queue. */
    async queued(system: System): Promise<readonly string[]> {
      const url = { QueueUrl: queueOf[system] };
      const bodies: string[] = [];
      for (;;) {
        const { Messages = [] } = await queues.send(
          new ReceiveMessageCommand({ ...url, MaxNumberOfMessages: 10 }),
        );
        if (Messages.length === 0) return bodies;
        for (const { Body = '', ReceiptHandle } of Messages) {
          bodies.push(Body);
          await queues.send(new DeleteMessageCommand({ ...url, ReceiptHandle }));
        }
      }
    },
    async work(system: System, messages: readonly string[]): Promise<void> {
      await once(files[system].worker, environment(undefined, 80_000), sqsEvent(messages));
    },
    async revision(system: System, event: { apiSpaceId: string; payload: { id: string } }): Promise<string> {
      const TableName = system === 'inlet' ? LOCAL_TABLES.subjects : 'state';
      const { apiSpaceId, payload } = event;
      const id =
        system === 'inlet' ? `dotdigital#${apiSpaceId}:message:${payload.id}` : `${apiSpaceId}:${payload.id}`;
      const { Item } = await tables.send(
        new GetItemCommand({ TableName, Key: { id: { S: id } }, ConsistentRead: true }),
      );
      return Item?.revision?.N ?? 'none';
    },
    async close(): Promise<void> {
      tables.destroy();
      queues.destroy();
      ssm.stop();
      hanging.close();
      hanging.closeAllConnections();
      await dynamodb.close();
      await sqs.close();
    },
  };
}

function keyed(TableName: string): ConstructorParameters<typeof CreateTableCommand>[0] {
  return {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  };
}
