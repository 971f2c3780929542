import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { decodeEnvelope } from '../queue/envelope.ts';
import type { Inbox } from '../queue/inbox.ts';
import { errorName } from '../shared/errors.ts';
import type { Logger } from '../shared/log.ts';
import { MAX_RECEIVES } from '../shared/names.ts';

/**
 * Gives a message back for so many seconds. `renew`: a fresh copy may take its place, because nothing depends on how
 * often this one was received.
 * @returns true when the message need not come back, because a fresh copy of it has been sent.
 */
export type GiveBack = (record: SQSRecord, seconds: number, renew: boolean) => Promise<boolean>;

/**
 * From here on a message waits as a fresh copy. One that is hidden counts as in flight, and with 120,000 of those SQS
 * hands out nothing more of any source (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html);
 * one that was sent with a delay does not.
 */
const LONG_PAUSE_SECONDS = 30;
/** So close to the queue's own limit a message is replaced, for that limit is meant for crashes only. */
const FRESH_COPY_AT = MAX_RECEIVES - 10;
/** The longest delay that SQS takes (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html). */
const MAX_DELAY_SECONDS = 900;

/** Gives records back to the queue: hidden, or as a fresh copy when the pause is long or they were received too often. */
export function createGiveBack(client: SQSClient, queueUrl: string, inbox: Inbox, log: Logger): GiveBack {
  return async (record, seconds, renew) => {
    try {
      const isOften = Number(record.attributes.ApproximateReceiveCount) >= FRESH_COPY_AT;
      if (renew && (isOften || seconds >= LONG_PAUSE_SECONDS)) {
        await inbox.send(decodeEnvelope(record.body), undefined, Math.min(seconds, MAX_DELAY_SECONDS));
        return true;
      }
      await client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: queueUrl,
          ReceiptHandle: record.receiptHandle,
          VisibilityTimeout: seconds,
        }),
      );
    } catch (error) {
      // It comes back all the same, when the queue's own visibility timeout ends.
      log.log('WARN', {
        message: 'not given back',
        messageId: record.messageId,
        error: errorName(error),
      });
    }
    return false;
  };
}
