import { setTimeout as pause } from 'node:timers/promises';
import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { errorName } from '../functions/core/errors.ts';
import type { Logger } from '../functions/core/log.ts';
import { LOCAL_REGION, queueArn } from './sqs.ts';
import { before } from './time-limit.ts';

/** Seconds that one receive call waits for a message. */
export const WAIT_SECONDS = 10;
const BATCH_SIZE = 10;
const PAUSE_MS = 250;

export type QueueHandler = (
  event: SQSEvent,
  context: { getRemainingTimeInMillis(): number },
) => Promise<SQSBatchResponse | undefined>;

export interface PollerOptions {
  /** Its request timeout must be longer than `WAIT_SECONDS`. */
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly handler: QueueHandler;
  /** The function's timeout: a batch that takes longer has failed as a whole. */
  readonly timeoutSeconds: number;
  /** Batches processed at the same time. */
  readonly concurrency?: number;
  readonly log: Logger;
}

export interface Poller {
  /** Receives no more and waits for the batches under way, at most so many milliseconds. */
  stop(graceMs: number): Promise<void>;
}

/**
 * Does what the SQS event source of Lambda does: receives batches, calls the function, deletes the messages
 * that it did not report as failed, and leaves the others to their visibility.
 * One receive call is open at a time, because a message wakes all that wait for it.
 */
export function startPoller(options: PollerOptions): Poller {
  const { client, queueUrl, log, concurrency = 5 } = options;
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  let reachable = true;

  async function receive(): Promise<readonly Message[]> {
    const command = new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: BATCH_SIZE,
      WaitTimeSeconds: WAIT_SECONDS,
      MessageSystemAttributeNames: ['All'],
    });
    const { Messages = [] } = await client.send(command, { abortSignal: stopping.signal });
    if (!reachable) log.log('INFO', { outcome: 'queue-back' });
    reachable = true;
    return Messages;
  }

  async function receiveFailed(error: unknown): Promise<void> {
    if (stopping.signal.aborted) return;
    if (reachable) log.log('WARN', { outcome: 'queue-unreachable', error: errorName(error) });
    reachable = false;
    await pause(PAUSE_MS, undefined, { signal: stopping.signal }).catch(() => {});
  }

  async function poll(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        const messages = await receive();
        if (messages.length > 0) start(messages);
      } catch (error) {
        await receiveFailed(error);
      }
      if (running.size >= concurrency) await Promise.race(running);
    }
  }

  function start(messages: readonly Message[]): void {
    const batch = processBatch(options, messages)
      .catch((error: unknown) => log.log('WARN', { outcome: 'batch-failed', error: errorName(error) }))
      .finally(() => running.delete(batch));
    running.add(batch);
  }

  const polling = poll();
  return {
    async stop(graceMs) {
      stopping.abort();
      await before(
        graceMs,
        polling.then(() => Promise.all(running)),
      );
    },
  };
}

async function processBatch(options: PollerOptions, messages: readonly Message[]): Promise<void> {
  const { client, queueUrl, handler, timeoutSeconds } = options;
  const deadline = Date.now() + timeoutSeconds * 1000;
  const context = { getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()) };
  const arn = queueArn(queueUrl.slice(queueUrl.lastIndexOf('/') + 1));
  const event = { Records: messages.map((message) => toRecord(message, arn)) };
  const result = await before(timeoutSeconds * 1000, handler(event, context));
  if (result === 'timeout') throw new Error('the function ran into its timeout');
  const failed = failures(result.value, messages);
  const done = messages.filter(({ MessageId }) => !failed.has(MessageId ?? ''));
  if (done.length === 0) return;
  const Entries = done.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  await client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
}

/**
 * The failed messages of a batch.
 * @throws Error when an identifier is empty or unknown: Lambda then takes the whole batch for failed
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html).
 */
function failures(response: SQSBatchResponse | undefined, messages: readonly Message[]): Set<string> {
  const known = new Set(messages.map(({ MessageId }) => MessageId));
  const failed = new Set((response?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier));
  for (const id of failed) {
    if (!id || !known.has(id)) throw new Error('the function reported a message that is not in its batch');
  }
  return failed;
}

function toRecord(message: Message, eventSourceARN: string): SQSRecord {
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    attributes: message.Attributes as unknown as SQSRecord['attributes'],
    messageAttributes: {},
    md5OfBody: message.MD5OfBody ?? '',
    eventSource: 'aws:sqs',
    eventSourceARN,
    awsRegion: LOCAL_REGION,
  };
}
