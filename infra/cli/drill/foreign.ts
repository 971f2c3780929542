/** Messages that are none of Inlet's: put on a queue, and taken away again. */
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { MINUTE, type Pace, SECOND } from './pace.ts';
import type { DrillStage } from './stage.ts';

/** How every foreign message begins, so that a later run knows it again. */
export const MARK = 'inlet drill: ';

type Queues = Pick<DrillStage, 'sqs'>;

export async function putForeign({ sqs }: Queues, QueueUrl: string, count: number): Promise<void> {
  for (let n = 1; n <= count; n++)
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: `${MARK}no message of Inlet's, ${n}` }));
}

/**
 * Takes one foreign message and keeps it hidden; what else it meets is put back at once.
 * @returns its receipt handle; undefined when there was none.
 */
export async function hold(
  { sqs }: Queues,
  QueueUrl: string,
  VisibilityTimeout: number,
): Promise<string | undefined> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 5 }),
  );
  const held = Messages.find(({ Body }) => isForeign(Body ?? ''));
  for (const message of Messages)
    await sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl,
        ReceiptHandle: message.ReceiptHandle,
        VisibilityTimeout: message === held ? VisibilityTimeout : 0,
      }),
    );
  return held?.ReceiptHandle;
}

export async function release({ sqs }: Queues, QueueUrl: string, ReceiptHandle: string): Promise<void> {
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
}

/** Messages on a queue: those to be had now, and all with the hidden and delayed ones. About right, on AWS. */
export async function depthOf({ sqs }: Queues, QueueUrl: string): Promise<{ visible: number; all: number }> {
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
  return { visible: Number(Attributes.ApproximateNumberOfMessages ?? 0), all };
}

/**
 * Goes through the messages of a queue whose event source is off. One that `take` takes is deleted; others are put
 * back at once. A message that failed is hidden for seconds to minutes, so it looks again for a while.
 * @returns how many were taken.
 */
export async function goThrough(
  { sqs }: Queues,
  pace: Pace,
  QueueUrl: string,
  enough: number,
  take: (body: string) => boolean | Promise<boolean>,
  limit = 3 * MINUTE,
): Promise<number> {
  let taken = 0;
  const deadline = pace.now() + limit;
  while (taken < enough) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 30 }),
    );
    const others: string[] = [];
    for (const { Body = '', ReceiptHandle = '' } of Messages) {
      if (taken < enough && (await take(Body))) {
        await release({ sqs }, QueueUrl, ReceiptHandle);
        taken += 1;
      } else others.push(ReceiptHandle);
    }
    for (const ReceiptHandle of others)
      await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    if (taken >= enough || pace.now() >= deadline) break;
    if (Messages.length === others.length) await pace.pause(5 * SECOND);
  }
  return taken;
}

export function isForeign(body: string): boolean {
  return body.startsWith(MARK);
}
