import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { Reader } from './reader.ts';

/**
 * Messages on the inbox and on its dead-letter queue: waiting, delayed or with a worker. On AWS the numbers are
 * approximate and settle within about a minute
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html).
 */
export async function queueDepth(reader: Reader): Promise<number> {
  // In this order a message that moves to the dead letters meanwhile is counted twice rather than not at all.
  const inbox = await depthOf(reader, reader.inboxQueueUrl);
  return inbox + (reader.deadLetterQueueUrl ? await depthOf(reader, reader.deadLetterQueueUrl) : 0);
}

async function depthOf({ sqs }: Pick<Reader, 'sqs'>, queueUrl: string): Promise<number> {
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
  return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
}
