/** Plays Lambda's event source, without its pauses: what a function gives back is handed out again soon. */
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSBatchResponse } from 'aws-lambda';
import type { FunctionProcess } from '../../helpers/function-process.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const INVOCATION_MS = 80_000;

export interface Pump {
  /** Ends when the batch under way is through. What was given back is visible again. */
  stop(): Promise<void>;
}

/**
 * Hands the messages of a queue to a function until it is stopped. What comes back is handed out again when nothing else
 * waits, to whoever pumps then.
 * @param sees every message, before it is handed over.
 */
export function startPump(
  client: SQSClient,
  QueueUrl: string,
  target: FunctionProcess,
  sees: (message: Message) => void = () => {},
): Pump {
  let stopped = false;
  const held: string[] = [];
  const release = async () => {
    for (const ReceiptHandle of held.splice(0))
      await client.send(
        new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }),
      );
  };
  const pumping = (async () => {
    while (!stopped) {
      // What is held is not waited for.
      const Messages = await receive(client, QueueUrl, held.length > 0 ? 0 : 1);
      if (Messages.length === 0) {
        await release();
        continue;
      }
      Messages.forEach(sees);
      held.push(...(await handOver(client, QueueUrl, target, Messages)));
    }
    await release();
  })();
  return {
    stop() {
      stopped = true;
      return pumping;
    },
  };
}

export async function receive(
  client: SQSClient,
  QueueUrl: string,
  WaitTimeSeconds: number,
): Promise<readonly Message[]> {
  const asked = {
    QueueUrl,
    MaxNumberOfMessages: 10,
    WaitTimeSeconds,
    MessageSystemAttributeNames: ['All' as const],
  };
  return (await client.send(new ReceiveMessageCommand(asked))).Messages ?? [];
}

/** The format that a message says. */
export function formatOf({ Body = '' }: Message): number {
  return (JSON.parse(Body) as { version: number }).version;
}

/** @returns the receipt handles of what comes back. The rest is deleted. */
export async function handOver(
  client: SQSClient,
  QueueUrl: string,
  target: FunctionProcess,
  messages: readonly Message[],
): Promise<readonly string[]> {
  const Records = messages.map(({ MessageId, ReceiptHandle, Body, Attributes }) => ({
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: Attributes,
  }));
  const { answer } = await target.invoke({ Records }, INVOCATION_MS);
  const { batchItemFailures } = answer as unknown as SQSBatchResponse;
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  const returned: string[] = [];
  for (const { MessageId = '', ReceiptHandle = '' } of messages)
    if (failed.has(MessageId)) returned.push(ReceiptHandle);
    else await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  return returned;
}

/** Waits until a queue is empty, hidden and delayed messages included. */
export async function untilEmpty(client: SQSClient, QueueUrl: string): Promise<void> {
  const counted = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
  const isEmpty = async () => {
    const { Attributes = {} } = await client.send(counted);
    const numbers = Object.entries(Attributes).filter(([name]) => name.startsWith('ApproximateNumberOf'));
    return numbers.every(([, number]) => number === '0');
  };
  await waitFor(isEmpty, { deadlineMs: 120_000, what: `${QueueUrl} is empty`, intervalMs: 50 });
}
