import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { decodeEnvelope } from '../core/envelope.ts';
import { errorName } from '../core/errors.ts';
import type { Fate } from '../core/fate.ts';
import type { Logger } from '../core/log.ts';
import type { Inbox } from '../store/inbox.ts';
import { queuedAtOf } from './waited.ts';

/** How a message comes back. */
export type Return = Pick<Extract<Fate, { kind: 'return' }>, 'seconds' | 'as' | 'progress' | 'notBefore'>;

/**
 * Gives a message back.
 * @returns true when this message need not come back, because a fresh copy of it has been sent.
 */
export type GiveBack = (record: SQSRecord, how: Return) => Promise<boolean>;

/** Gives records back to the queue: hidden, or as a fresh copy. */
export function createGiveBack(client: SQSClient, queueUrl: string, inbox: Inbox, log: Logger): GiveBack {
  return async (record, { seconds, as, progress, notBefore }) => {
    try {
      if (as === 'copy') {
        const envelope = decodeEnvelope(record.body);
        const queuedAt = queuedAtOf(record, envelope);
        const copy = {
          ...envelope,
          again: true,
          // What its handler has asked for is no delay.
          queuedAt: notBefore ?? queuedAt,
          ...(progress && { progress }),
          ...(notBefore !== undefined && { notBefore }),
        } as const;
        await inbox.send(copy, undefined, seconds);
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
