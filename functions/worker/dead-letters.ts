import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Sources } from '../config/sources.ts';
import { decodeEnvelope, type Envelope } from '../core/envelope.ts';
import { errorName, isPassing } from '../core/errors.ts';
import type { Settlement } from '../core/fate.ts';
import { reasonOfNewer } from '../core/format.ts';
import type { Logger } from '../core/log.ts';
import { MAX_RECEIVES } from '../core/names.ts';
import { State } from '../core/states.ts';
import type { Archive } from '../store/archive/archive.ts';
import type { Gate } from '../store/gate/gate.ts';
import type { Inbox } from '../store/inbox.ts';
import { entryOf } from '../store/ledger/entry.ts';
import type { Ledger } from '../store/ledger/ledger.ts';
import { type Message, readMessage, type Task } from './read-message.ts';

interface Parts {
  readonly sources: Sources;
  readonly ledger: Ledger;
  readonly gate: Gate;
  readonly inbox: Inbox;
  readonly archive: Archive;
  readonly log: Logger;
  readonly now: () => number;
}

const NOT_THROUGH = `The worker did not get through it in ${MAX_RECEIVES} attempts.`;

/**
 * Takes in what SQS itself gave up: messages whose worker crashed or could not be served, time after time. Each
 * becomes a dead entry with its envelope archived, so that dead letters are listed, kept and redriven in one
 * place, however they died. What cannot be recorded stays on the dead-letter queue.
 */
export async function recordDeadLetters(parts: Parts, batch: SQSEvent): Promise<SQSBatchResponse> {
  const { ledger, archive, log, now } = parts;
  const failed: string[] = [];
  for (const record of batch.Records) {
    try {
      const envelope = decodeEnvelope(record.body);
      await archive.put([envelope]);
      const task = await readAgain(parts, { record, envelope });
      const settlement = await outcomeOf(parts, task);
      // Should its entry have expired, a batch still stands for all of its events.
      const events = task?.kind === 'batch' ? task.items.length : undefined;
      const outcome = await settle(ledger, envelope, settlement, events);
      log.log('ERROR', {
        source: envelope.source,
        id: envelope.id,
        outcome,
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

/** @returns the outcome that its line says, as of a message that the worker has done with. */
async function settle(
  ledger: Ledger,
  envelope: Envelope,
  settlement: Settlement,
  events: number | undefined,
): Promise<string> {
  const isForced = envelope.force !== undefined;
  if (await ledger.settle(entryOf(envelope, events), settlement, undefined, { restores: !isForced })) {
    return settlement.state;
  }
  if (!isForced) return 'settled-before';
  await ledger.noteForced(envelope.source, envelope.id, NOT_THROUGH);
  return 'forced';
}

/** @returns undefined for what cannot be read at all. */
function readAgain({ sources, inbox, ledger, now }: Parts, message: Message): Promise<Task | undefined> {
  return readMessage(message, sources, inbox, ledger, now()).catch((error: unknown) => {
    // It can be read some other time, and stays on its queue until then.
    if (isPassing(error)) throw error;
    return undefined;
  });
}

/**
 * The worker may have got as far as the gate every time, and never as far as the ledger: what has been applied is not
 * dead.
 */
async function outcomeOf({ gate }: Parts, task: Task | undefined): Promise<Settlement> {
  const dead: Settlement = { state: State.dead, reason: NOT_THROUGH };
  // Also one that the present configuration would quarantine.
  if (!task || !('facts' in task) || !task.facts) return dead;
  const { envelope, facts } = task;
  // Its own entry is the gate: what it says stays.
  if (facts.gate === 'entry') return dead;
  const { verdict } = await gate.look({ source: envelope.source, facts });
  return verdict === 'repeat' ? { state: State.applied, facts } : dead;
}
