/** Messages that are none of Inlet's: put on a queue, and taken away again. */
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { MINUTE, type Pace, SECOND } from './pace.ts';
import { type Queues, search } from './search.ts';

/** How every foreign message begins, so that a later run knows it again. */
export const MARK = 'inlet drill: ';

export async function putForeign({ sqs }: Queues, QueueUrl: string, count: number): Promise<void> {
  for (let n = 1; n <= count; n++)
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: `${MARK}no message of Inlet's, ${n}` }));
}

/**
 * Takes one foreign message and keeps it hidden.
 * @returns its receipt handle; undefined when none came in a quarter of a minute.
 */
export async function hold(
  { sqs }: Queues,
  pace: Pace,
  QueueUrl: string,
  VisibilityTimeout: number,
): Promise<string | undefined> {
  let held: string | undefined;
  await search({ sqs }, pace, QueueUrl, { enough: 1, limit: 15 * SECOND }, async (message) => {
    const { Body, ReceiptHandle } = message;
    if (!isForeign(Body ?? '')) return false;
    await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }));
    held = ReceiptHandle;
    return true;
  });
  return held;
}

export async function release({ sqs }: Queues, QueueUrl: string, ReceiptHandle: string): Promise<void> {
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
}

/**
 * Deletes those messages of a queue that `take` takes. The queue's event source is off.
 * @returns how many they were.
 */
export async function goThrough(
  { sqs }: Queues,
  pace: Pace,
  QueueUrl: string,
  enough: number,
  take: (body: string) => boolean | Promise<boolean>,
  limit = 3 * MINUTE,
): Promise<number> {
  const visit = async ({ Body = '', ReceiptHandle = '' }: Message) => {
    if (!(await take(Body))) return false;
    await release({ sqs }, QueueUrl, ReceiptHandle);
    return true;
  };
  return search({ sqs }, pace, QueueUrl, { enough, limit }, visit);
}

export function isForeign(body: string): boolean {
  return body.startsWith(MARK);
}
