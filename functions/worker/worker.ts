/** One batch from the queue: read → archive → (split | gate → handle) → settle, each event with its own fate. */
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { DEFAULT_TIMEOUT_SECONDS } from '../config/config.ts';
import type { Sources } from '../config/sources.ts';
import { decodeEnvelope } from '../core/envelope.ts';
import { errorName, isPassing, NotArchivedError } from '../core/errors.ts';
import { type Attempt, errorFate, RETURNS } from '../core/fate.ts';
import { NewerFormatError, reasonOfNewer } from '../core/format.ts';
import type { Handler } from '../core/handler.ts';
import type { Logger } from '../core/log.ts';
import { FINAL, GIVEN_UP, isOneOf, State } from '../core/states.ts';
import type { Archive } from '../store/archive/archive.ts';
import type { EffectStore } from '../store/effects.ts';
import type { FailureStore } from '../store/failures.ts';
import type { EntryGate } from '../store/gate/entry-gate.ts';
import type { Gate } from '../store/gate/gate.ts';
import type { Inbox } from '../store/inbox.ts';
import { ledgerId } from '../store/ledger/entry.ts';
import type { Ledger } from '../store/ledger/ledger.ts';
import { carryOut, isKept, receivesOf } from './carry-out.ts';
import type { GiveBack } from './give-back.ts';
import { groupBySubject } from './groups.ts';
import { passageOf } from './passage.ts';
import { portionsOf } from './portions.ts';
import { applied, projectState } from './project.ts';
import { type Message, readMessage, type Task } from './read-message.ts';
import { runHandler } from './run-handler.ts';
import { splitBatch } from './split.ts';
import { waitedFor } from './waited.ts';

export interface WorkerParts {
  readonly sources: Sources;
  readonly ledger: Ledger;
  readonly gate: Gate;
  readonly entryGate: EntryGate;
  readonly inbox: Inbox;
  readonly archive: Archive;
  readonly failures: FailureStore;
  readonly effects: EffectStore;
  readonly handlers: Readonly<Record<string, Handler>>;
  readonly giveBack: GiveBack;
  readonly log: Logger;
  readonly now: () => number;
  readonly random: () => number;
  /** Whether events are archived that end well. */
  readonly archiveAll: boolean;
  /** An event that comes back so many milliseconds after it was queued is late: somebody has to look. */
  readonly lateAfterMs: number;
}

/** What Lambda tells a function about its invocation. */
export interface Invocation {
  getRemainingTimeInMillis(): number;
}

/** Kept free at the end of an invocation for recording outcomes. */
const CLOSING_MS = 5_000;
/** A lease outlives the invocation that holds it by this much. */
const LEASE_MARGIN_MS = 10_000;

type Task$<Kind extends Task['kind']> = Extract<Task, { kind: Kind }>;

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
      const { outcome, reason } = await carryOut(parts, task, await this.#attempt(task, invocation));
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

  async #attempt(task: Task, invocation: Invocation): Promise<Attempt> {
    const { notBefore = 0 } = task.envelope;
    if (notBefore > this.#parts.now()) return { end: 'not-yet', until: notBefore };
    switch (task.kind) {
      case 'unknown-source':
        return { end: 'unknown-source' };
      case 'quarantine':
        return this.#quarantine(task);
      case 'batch':
        // Taken in as one event, it may have been applied as one before its pack found several in it.
        if (task.envelope.kind === 'event' && (await this.#hasOutcome(task)))
          return { end: 'settled-before' };
        return this.#split(task, invocation);
      case 'event':
        return this.#apply(task, invocation);
    }
  }

  async #split({ source, envelope, items }: Task$<'batch'>, invocation: Invocation): Promise<Attempt> {
    const hasTime = () => invocation.getRemainingTimeInMillis() >= CLOSING_MS;
    const progress = await splitBatch(this.#parts, source, envelope, items, hasTime);
    return progress.taken < progress.of
      ? { end: 'no-time', progress }
      : { end: 'settled', settlement: { state: State.split } };
  }

  /** An earlier attempt may have applied it, under a configuration that could read it, and not lived to record it. */
  async #quarantine({ envelope, reason, facts }: Task$<'quarantine'>): Promise<Attempt> {
    if (facts?.gate === 'subject' && envelope.force === undefined) {
      const gated = { source: envelope.source, facts };
      if ((await this.#parts.gate.look(gated)).verdict === 'repeat') return applied(gated);
    }
    return { end: 'settled', settlement: { state: State.quarantined, reason, facts } };
  }

  async #apply(task: Task$<'event'>, invocation: Invocation): Promise<Attempt> {
    const { source, facts, envelope } = task;
    const { gate, effects, handlers, log, now } = this.#parts;
    const gated = { source: source.name, facts };
    const { isOver, failures } = await this.#before(task);
    if (isOver) return { end: 'settled-before' };
    const handler = source.config.handler === undefined ? undefined : handlers[source.config.handler];
    // Projecting again would change nothing, so that a forced event passes the gate as any other.
    if (!handler) return projectState(gate, gated);

    const remaining = invocation.getRemainingTimeInMillis();
    const timeoutMs = (source.config.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1000;
    // Too late in this invocation to run the handler to its end: better to begin in another one.
    if (remaining < timeoutMs + CLOSING_MS) return { end: 'no-time' };
    const times = { timeoutMs, leaseUntil: now() + remaining + LEASE_MARGIN_MS };
    const { headers, receivedAt, force } = envelope;
    const { described } = task;
    // By itself it is no event of its subject, whatever the configuration makes of its like by now.
    const about = { source: source.name, facts: { ...described, gate: facts.gate } };
    return runHandler(
      passageOf(this.#parts, task, isBegun(task)),
      handler,
      { source: source.name, headers, receivedAt, ...described },
      { ...times, force, failures },
      { effects, isNewest: () => gate.isNewest(about, source.config.keepState), logger: log, now },
      facts,
    );
  }

  /**
   * Whether a message that may be one of several finds its event over, and the attempts that have failed. The gate alone
   * cannot tell: another one may have passed at another place, after a redrive under another configuration. What an operator
   * forces runs again, and its entry counts nothing any more: the message itself does.
   */
  async #before(task: Task$<'event'>): Promise<{ readonly isOver: boolean; readonly failures: number }> {
    const { envelope, isMoved, facts, record } = task;
    if (envelope.force !== undefined) return { isOver: false, failures: receivesOf(record) - 1 };
    // Its own entry is the gate, and says both itself.
    if (facts.gate === 'entry' || !(isMoved || isBegun(task))) return { isOver: false, failures: 0 };
    const entry = await this.#parts.ledger.look(envelope.source, envelope.id);
    return { isOver: isFinal(entry?.state), failures: entry?.failures ?? 0 };
  }

  async #hasOutcome({ envelope }: Task): Promise<boolean> {
    return isFinal((await this.#parts.ledger.look(envelope.source, envelope.id))?.state);
  }
}

function isFinal(state: string | undefined): boolean {
  return state !== undefined && isOneOf(FINAL, state);
}

/** Outcomes that somebody has to look at. Everything else a stage may leave unlogged (`economy`), unless it is late. */
const WARNED: readonly string[] = ['failed', ...GIVEN_UP];

/** Whether a message comes back that would better have been over. */
function isReturn(outcome: string): boolean {
  return outcome !== 'not-yet' && (RETURNS as readonly string[]).includes(outcome);
}

/** Whether an attempt was probably made before: the message comes again, or is not the first of its event. */
function isBegun({ envelope, record }: Message): boolean {
  return envelope.again === true || receivesOf(record) > 1;
}
