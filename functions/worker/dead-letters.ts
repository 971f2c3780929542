import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Archive } from '../archive/archive.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { decodeEnvelope } from '../queue/envelope.ts';
import { errorName } from '../shared/errors.ts';
import { reasonOfNewer } from '../shared/format.ts';
import type { Logger } from '../shared/log.ts';
import { MAX_RECEIVES } from '../shared/names.ts';

/**
 * Takes in what SQS itself gave up: messages whose worker crashed or could not be served, time after time. Each
 * becomes a dead entry with its envelope archived, so that dead letters are listed, kept and redriven in one
 * place, however they died. What cannot be recorded stays on the dead-letter queue.
 */
export async function recordDeadLetters(
  { ledger, archive, log, now }: { ledger: Ledger; archive: Archive; log: Logger; now: () => number },
  batch: SQSEvent,
): Promise<SQSBatchResponse> {
  const failed: string[] = [];
  for (const record of batch.Records) {
    try {
      const envelope = decodeEnvelope(record.body);
      await archive.put([envelope]);
      const recorded = await ledger.settle(envelope.source, envelope.key, {
        state: 'dead',
        reason: `The worker did not get through it in ${MAX_RECEIVES} attempts.`,
      });
      log.log('ERROR', {
        source: envelope.source,
        key: envelope.key,
        outcome: recorded ? 'dead' : 'settled-before',
        age: now() - envelope.receivedAt,
      });
    } catch (error) {
      log.log('ERROR', {
        message: 'dead letter not recorded',
        messageId: record.messageId,
        outcome: 'error',
        error: errorName(error),
        reason: reasonOfNewer(error),
      });
      failed.push(record.messageId);
    }
  }
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}
