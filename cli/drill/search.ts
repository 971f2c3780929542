/** Looking for messages on a queue that real events wait on, too. */
import {
  ChangeMessageVisibilityBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { MAX_RECEIVES } from '../../functions/core/names.ts';
import { MINUTE, type Pace, SECOND } from './pace.ts';
import type { DrillStage } from './stage.ts';

export type Queues = Pick<DrillStage, 'sqs'>;

export interface Scope {
  /** Of how many messages it is the end when they were found. Infinity: of all that there are. */
  readonly enough: number;
  /** Milliseconds after which it ends anyway: a message that failed is hidden for seconds to minutes. */
  readonly limit: number;
}

/** A message that was received as often ends a search: SQS gives it up at twice as many receives. */
const WORN_AT = MAX_RECEIVES / 2;
/** No search hides more: SQS hands out nothing more when 120,000 messages are hidden. */
const MOST_HIDDEN = 10_000;

/**
 * Goes through the messages of a queue whose event source is off. SQS gives up whatever was received too often, real
 * events, too. So each message is received once: it stays hidden until the search ends, and is released then. If the
 * search is killed, it comes out by itself a minute after the search would have ended.
 * @param visit is given each message, and says whether it was one of those wanted and has been dealt with.
 * @returns how many were.
 */
export async function search(
  { sqs }: Queues,
  pace: Pace,
  QueueUrl: string,
  { enough, limit }: Scope,
  visit: (message: Message) => Promise<boolean>,
): Promise<number> {
  const hidden = new Map<string, string>();
  const started = pace.now();
  const deadline = started + limit;
  let found = 0;
  let isWorn = false;
  try {
    while (found < enough && !isWorn && hidden.size < MOST_HIDDEN) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: 10,
          VisibilityTimeout: Math.ceil(Math.max(0, deadline - pace.now() + MINUTE) / SECOND),
          MessageSystemAttributeNames: ['ApproximateReceiveCount'],
          // Anything above 0 asks all of SQS's servers, not some
          // (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html).
          WaitTimeSeconds: 1,
        }),
      );
      for (const { MessageId = '', ReceiptHandle = '' } of Messages) hidden.set(MessageId, ReceiptHandle);
      for (const message of Messages) {
        if (found < enough && (await visit(message))) {
          hidden.delete(message.MessageId ?? '');
          found += 1;
        } else isWorn ||= Number(message.Attributes?.ApproximateReceiveCount) >= WORN_AT;
      }
      if (pace.now() >= deadline) break;
      if (Messages.length > 0) continue;
      // What has just been sent may not be counted yet.
      const isCounted = enough === Number.POSITIVE_INFINITY || pace.now() - started >= MINUTE;
      if (isCounted && (await isAll({ sqs }, QueueUrl, hidden.size))) break;
      await pace.pause(5 * SECOND);
    }
  } finally {
    await releaseAll({ sqs }, QueueUrl, [...hidden.values()]);
  }
  return found;
}

/** Whether nothing is on the queue that could come out yet. Delayed messages count for nothing: no drill sends any. */
async function isAll(queues: Queues, QueueUrl: string, hidden: number): Promise<boolean> {
  const depth = await depthOf(queues, QueueUrl);
  return depth.visible === 0 && depth.hidden <= hidden;
}

async function releaseAll({ sqs }: Queues, QueueUrl: string, handles: readonly string[]): Promise<void> {
  for (let first = 0; first < handles.length; first += 10) {
    const Entries = handles
      .slice(first, first + 10)
      .map((ReceiptHandle, n) => ({ Id: String(n), ReceiptHandle, VisibilityTimeout: 0 }));
    // Entries that fail come out by themselves.
    await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
  }
}

export interface Depth {
  /** To be had now. */
  readonly visible: number;
  readonly hidden: number;
  /** With the delayed ones. */
  readonly all: number;
}

/** Messages on a queue; about right, on AWS. */
export async function depthOf({ sqs }: Queues, QueueUrl: string): Promise<Depth> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      ],
    }),
  );
  const all = Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
  const visible = Number(Attributes.ApproximateNumberOfMessages ?? 0);
  return { visible, hidden: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0), all };
}
