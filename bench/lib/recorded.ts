/** The SDK calls that Inlet makes for given webhooks, caught instead of sent: the floor sends the same contents. */

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import type { InletConfig } from '../../functions/config/config.ts';
import { composeIngest } from '../../functions/ingest/compose.ts';
import { providers } from '../../functions/providers/index.ts';
import type { Setup } from '../../functions/setup/setup.ts';
import { composeWorker } from '../../functions/worker/compose.ts';
import type { ThreeCalls } from '../entries/three-calls.lambda.ts';
import type { WorkerCalls } from '../entries/worker-calls.lambda.ts';
import { gatewayEvent, SECRET, type Webhook } from './webhooks.ts';

type Input = Record<string, unknown>;

function recorder(config: InletConfig): { readonly setup: Setup; take(): Input[] } {
  let inputs: Input[] = [];
  const send = async ({ input }: { input: Input }) => {
    inputs.push(input);
    return {};
  };
  const client = { send } as unknown;
  return {
    setup: {
      config,
      dynamodb: client as DynamoDBClient,
      sqs: client as SQSClient,
      s3: () => Promise.reject(new Error('no body here is that large')),
      packs: providers,
      tables: { ledger: 'ledger', subjects: 'subjects', archive: 'archive', effects: 'effects' },
      inboxQueueUrl: 'inbox',
      bodiesBucket: 'bodies',
      secrets: { get: async () => [SECRET] },
      log: { log: () => {} },
      now: Date.now,
    },
    take: () => {
      const taken = inputs;
      inputs = [];
      return taken;
    },
  };
}

/** Claim, message and confirmation of each webhook. */
export async function recordAccepts(
  config: InletConfig,
  webhooks: readonly Webhook[],
): Promise<ThreeCalls[]> {
  const { setup, take } = recorder(config);
  const ingest = composeIngest(setup);
  const recorded: ThreeCalls[] = [];
  for (const webhook of webhooks) {
    await ingest(gatewayEvent(webhook));
    const [put, send, update] = take();
    if (!put || !send || !update) throw new Error('an accepted webhook makes three calls');
    // A table of its own: what Inlet has claimed before would refuse the put.
    const TableName = 'bare';
    const bare = { put: { ...put, TableName }, message: send.MessageBody, update: { ...update, TableName } };
    recorded.push(bare as unknown as ThreeCalls);
  }
  return recorded;
}

/** Archive, gates and settlements of each batch. */
export async function recordBatches(
  config: InletConfig,
  batches: readonly SQSEvent[],
): Promise<WorkerCalls[]> {
  const { setup, take } = recorder(config);
  const { worker } = composeWorker(setup);
  const recorded: WorkerCalls[] = [];
  for (const batch of batches) {
    await worker(batch, { getRemainingTimeInMillis: () => 60_000 });
    const [archive, ...updates] = take();
    const inTable = (name: string) => updates.filter(({ TableName }) => TableName === name);
    const settles = inTable('ledger');
    const events = inTable('subjects').map((gate, index) => ({ gate, settle: settles[index] }));
    recorded.push({ archive, events } as unknown as WorkerCalls);
  }
  return recorded;
}
