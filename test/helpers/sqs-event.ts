import type { SQSEvent, SQSRecord } from 'aws-lambda';

/**
 * One message, `m`, as the event source hands it to a function: with what Inlet reads of a record.
 * @param receives how often it has been received.
 * @param sentAt when it was put on the queue, epoch milliseconds. Default: now.
 */
export function sqsEvent(body: string, receives = 1, sentAt = Date.now()): SQSEvent {
  const attributes = { ApproximateReceiveCount: String(receives), SentTimestamp: String(sentAt) };
  const record = { messageId: 'm', receiptHandle: 'expired', attributes, body };
  return { Records: [record] as unknown as SQSRecord[] };
}
