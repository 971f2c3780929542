/** One batch from the queue: read → archive → (split | gate → handle) → settle, each event with its own fate. */
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Sources } from '../config/sources.ts';
import { decodeEnvelope } from '../core/envelope.ts';
import { errorName, isPassing, NotArchivedError } from '../core/errors.ts';
import { errorFate, RETURNS } from '../core/fate.ts';
import { NewerFormatError, reasonOfNewer } from '../core/format.ts';
import { GIVEN_UP, State } from '../core/states.ts';
import type { Archive } from '../store/archive/archive.ts';
import type { FailureStore } from '../store/failures.ts';
import { ledgerId } from '../store/ledger/entry.ts';
import { type AttemptParts, attemptTask, type Invocation } from './attempt.ts';
import { carryOut, isKept, receivesOf } from './carry-out.ts';
import type { GiveBack } from './give-back.ts';
import { groupBySubject } from './groups.ts';
import { portionsOf } from './portions.ts';
import { type Message, readMessage, type Task } from './read-message.ts';
import { waitedFor } from './waited.ts';

export interface WorkerParts extends AttemptParts {
  readonly sources: Sources;
  readonly archive: Archive;
  readonly failures: FailureStore;
  readonly giveBack: GiveBack;
  readonly random: () => number;
  /** Whether events are archived that end well. */
  readonly archiveAll: boolean;
  /** An event that comes back so many milliseconds after it was queued is late: somebody has to look. */
  readonly lateAfterMs: number;
}

export class Worker {
  readonly #parts: WorkerParts;

  constructor(parts: WorkerParts) {
    this.#parts = parts;
  }

  /** Processes a batch. Only the records that it names come back. */
  async process(batch: SQSEvent, invocation: Invocation): Promise<SQSBatchResponse> {
    const returned = new Set<string>();
    const giveBack: GiveBack = async (record, how) => {
      const isReplaced = await this.#parts.giveBack(record, how);
      if (!isReplaced) returned.add(record.messageId);
      return isReplaced;
    };
    for (const portion of portionsOf(await this.#open(batch.Records, giveBack))) {
      const tasks = await this.#archive(await this.#read(portion, giveBack), giveBack);
      await Promise.all(
        groupBySubject(tasks).map(async (group) => {
          for (const task of group) await this.#finish(task, invocation, giveBack);
        }),
      );
    }
    return { batchItemFailures: [...returned].map((itemIdentifier) => ({ itemIdentifier })) };
  }

  /** @returns the messages that are Inlet's. What cannot be read is given back. */
  async #open(records: readonly SQSRecord[], giveBack: GiveBack): Promise<readonly Message[]> {
    const messages: Message[] = [];
    await Promise.all(
      records.map(async (record) => {
        try {
          messages.push({ record, envelope: decodeEnvelope(record.body) });
        } catch (error) {
          await this.#leave({ record }, error, giveBack);
        }
      }),
    );
    return messages;
  }

  async #read(messages: readonly Message[], giveBack: GiveBack): Promise<readonly Task[]> {
    const { sources, inbox, ledger, now } = this.#parts;
    const started = now();
    const tasks: Task[] = [];
    await Promise.all(
      messages.map(async (message) => {
        try {
          tasks.push(await readMessage(message, sources, inbox, ledger, started));
        } catch (error) {
          await this.#leave(message, error, giveBack, started);
        }
      }),
    );
    return tasks;
  }

  /** Gives a message back that cannot be read, and says so. */
  async #leave(
    { record, envelope }: Pick<Message, 'record'> & Partial<Message>,
    error: unknown,
    giveBack: GiveBack,
    started = this.#parts.now(),
  ): Promise<void> {
    const { log, now, random } = this.#parts;
    const waited = waitedFor(record, now(), envelope);
    log.log('ERROR', {
      message: error instanceof NewerFormatError ? 'message of a newer release' : 'unreadable message',
      messageId: record.messageId,
      outcome: 'error',
      error: errorName(error),
      reason: reasonOfNewer(error),
      ms: now() - started,
      waited,
    });
    const about = { receives: receivesOf(record), random: random(), waited };
    await giveBack(record, errorFate(about, isPassing(error)));
  }

  /**
   * Archives the batch before anything is processed, so that whatever happens next can be looked at and replayed.
   * @returns the tasks that are archived, or need not be.
   */
  async #archive(tasks: readonly Task[], giveBack: GiveBack): Promise<readonly Task[]> {
    const { archive, archiveAll, log, now } = this.#parts;
    const started = now();
    const kept = tasks.filter((task) => isKept(task, archiveAll));
    try {
      if (kept.length > 0) await archive.put(kept.map(({ envelope }) => envelope));
      return tasks;
    } catch (error) {
      const ids = error instanceof NotArchivedError ? error.ids : undefined;
      const lacking = kept.filter(
        ({ envelope: { source, id } }) => ids === undefined || ids.includes(ledgerId(source, id)),
      );
      log.log('ERROR', {
        message: 'not archived',
        records: lacking.length,
        outcome: 'error',
        error: errorName(error instanceof NotArchivedError ? (error.cause ?? error) : error),
        ms: now() - started,
        waited: Math.max(
          0,
          ...lacking.map(({ record, envelope }) => waitedFor(record, now(), envelope) ?? 0),
        ),
      });
      await Promise.all(
        lacking.map((task) =>
          carryOut({ ...this.#parts, giveBack }, task, { end: 'error', passing: isPassing(error) }),
        ),
      );
      return tasks.filter((task) => !lacking.includes(task));
    }
  }

  /** Processes one task and carries out what becomes of it. Never throws: one record's failure is its own. */
  async #finish(task: Task, invocation: Invocation, giveBack: GiveBack): Promise<void> {
    const { log, now, lateAfterMs } = this.#parts;
    const { record, envelope } = task;
    const { source, id, batch } = envelope;
    const started = now();
    const line = { source, id, batch };
    const times = () => ({ ms: now() - started, age: now() - envelope.receivedAt });
    const parts = { ...this.#parts, giveBack };
    try {
      const { outcome, reason } = await carryOut(
        parts,
        task,
        await attemptTask(this.#parts, task, invocation),
      );
      const waited = isReturn(outcome) ? waitedFor(record, now(), envelope) : undefined;
      // Every byte is paid for, so the reason is said only where somebody has to act.
      const isLate = waited !== undefined && waited >= lateAfterMs;
      const isRemarked = outcome === State.applied && reason !== undefined;
      const isWarned = WARNED.includes(outcome) || isLate || isRemarked;
      log.log(isWarned ? 'WARN' : 'INFO', {
        ...line,
        outcome,
        reason: isWarned ? reason : undefined,
        ...times(),
        waited,
      });
    } catch (error) {
      // DynamoDB or SQS, not the event: it comes back, and this does not count as one of its attempts.
      const problem = { error: errorName(error), reason: reasonOfNewer(error) };
      const waited = waitedFor(record, now(), envelope);
      log.log('ERROR', { ...line, outcome: 'error', ...problem, ...times(), waited });
      await carryOut(parts, task, { end: 'error', passing: isPassing(error) });
    }
  }
}

/** Outcomes that somebody has to look at. Everything else a stage may leave unlogged (`economy`), unless it is late. */
const WARNED: readonly string[] = ['failed', ...GIVEN_UP];

/** Whether a message comes back that would better have been over. */
function isReturn(outcome: string): boolean {
  return outcome !== 'not-yet' && (RETURNS as readonly string[]).includes(outcome);
}
