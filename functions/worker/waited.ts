import type { SQSRecord } from 'aws-lambda';
import type { Envelope } from '../core/envelope.ts';

/**
 * When a message was put on the queue, or the first of those that it is a fresh copy of; epoch milliseconds. Not the
 * arrival of its event: an operator may have sent it again after weeks.
 * @param envelope undefined where it cannot be read.
 */
export function queuedAtOf({ attributes }: SQSRecord, envelope?: Envelope): number | undefined {
  return envelope?.queuedAt ?? (Number(attributes.SentTimestamp) || envelope?.receivedAt);
}

/** How long a message has been waiting, in milliseconds. The clock of SQS may be ahead of this one. */
export function waitedFor(record: SQSRecord, now: number, envelope?: Envelope): number | undefined {
  const since = queuedAtOf(record, envelope);
  return since === undefined ? undefined : Math.max(0, now - since);
}
