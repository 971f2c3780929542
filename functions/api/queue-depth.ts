import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { ApiParts } from './parts.ts';

export interface QueueDepth {
  /** Waiting, delayed or with a worker. */
  readonly messages: number;
  /** Of these, those that a worker could take now. */
  readonly waiting: number;
}

/**
 * Messages on the inbox and on its dead-letter queue. On AWS the numbers are approximate and settle within about a
 * minute (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html).
 */
export async function queueDepth(parts: ApiParts): Promise<QueueDepth> {
  // In this order a message that moves to the dead letters meanwhile is counted twice rather than not at all.
  const inbox = await depthOf(parts, parts.inboxQueueUrl);
  if (!parts.deadLetterQueueUrl) return inbox;
  const deadLetters = await depthOf(parts, parts.deadLetterQueueUrl);
  return {
    messages: inbox.messages + deadLetters.messages,
    waiting: inbox.waiting + deadLetters.waiting,
  };
}

async function depthOf({ sqs }: Pick<ApiParts, 'sqs'>, queueUrl: string): Promise<QueueDepth> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      ],
    }),
  );
  return {
    messages: Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0),
    waiting: Number(Attributes.ApproximateNumberOfMessages ?? 0),
  };
}
