/** One attempt at what a message asks for: a batch is split, an event passes its gate, with its handler where it has one. */
import { DEFAULT_TIMEOUT_SECONDS } from '../config/config.ts';
import type { Attempt } from '../core/fate.ts';
import type { Handler } from '../core/handler.ts';
import type { Logger } from '../core/log.ts';
import { FINAL, isOneOf, State } from '../core/states.ts';
import type { EffectStore } from '../store/effects.ts';
import type { EntryGate } from '../store/gate/entry-gate.ts';
import type { Gate } from '../store/gate/gate.ts';
import type { Inbox } from '../store/inbox.ts';
import type { Ledger } from '../store/ledger/ledger.ts';
import { receivesOf } from './carry-out.ts';
import { passageOf } from './passage.ts';
import { applied, projectState } from './project.ts';
import type { Message, Task } from './read-message.ts';
import { runHandler } from './run-handler.ts';
import { splitBatch } from './split.ts';

export interface AttemptParts {
  readonly ledger: Ledger;
  readonly gate: Gate;
  readonly entryGate: EntryGate;
  readonly inbox: Inbox;
  readonly effects: EffectStore;
  readonly handlers: Readonly<Record<string, Handler>>;
  readonly log: Logger;
  readonly now: () => number;
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

/** Attempts what a message asks for. @throws when DynamoDB, SQS or S3 fail: that counts as no attempt. */
export async function attemptTask(parts: AttemptParts, task: Task, invocation: Invocation): Promise<Attempt> {
  const { notBefore = 0 } = task.envelope;
  if (notBefore > parts.now()) return { end: 'not-yet', until: notBefore };
  switch (task.kind) {
    case 'unknown-source':
      return { end: 'unknown-source' };
    case 'quarantine':
      return quarantine(parts, task);
    case 'batch':
      // Taken in as one event, it may have been applied as one before its pack found several in it.
      if (task.envelope.kind === 'event' && (await hasOutcome(parts, task))) return { end: 'settled-before' };
      return split(parts, task, invocation);
    case 'event':
      return apply(parts, task, invocation);
  }
}

async function split(
  parts: AttemptParts,
  { source, envelope, items }: Task$<'batch'>,
  invocation: Invocation,
): Promise<Attempt> {
  const hasTime = () => invocation.getRemainingTimeInMillis() >= CLOSING_MS;
  const progress = await splitBatch(parts, source, envelope, items, hasTime);
  return progress.taken < progress.of
    ? { end: 'no-time', progress }
    : { end: 'settled', settlement: { state: State.split } };
}

/** An earlier attempt may have applied it, under a configuration that could read it, and not lived to record it. */
async function quarantine(
  parts: AttemptParts,
  { envelope, reason, facts }: Task$<'quarantine'>,
): Promise<Attempt> {
  if (facts?.gate === 'subject' && envelope.force === undefined) {
    const gated = { source: envelope.source, facts };
    if ((await parts.gate.look(gated)).verdict === 'repeat') return applied(gated);
  }
  return { end: 'settled', settlement: { state: State.quarantined, reason, facts } };
}

async function apply(parts: AttemptParts, task: Task$<'event'>, invocation: Invocation): Promise<Attempt> {
  const { source, facts, envelope } = task;
  const { gate, effects, handlers, log, now } = parts;
  const gated = { source: source.name, facts };
  const { isOver, failures } = await lookBefore(parts, task);
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
    passageOf(parts, task, isBegun(task)),
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
async function lookBefore(
  parts: AttemptParts,
  task: Task$<'event'>,
): Promise<{ readonly isOver: boolean; readonly failures: number }> {
  const { envelope, isMoved, facts, record } = task;
  if (envelope.force !== undefined) return { isOver: false, failures: receivesOf(record) - 1 };
  // Its own entry is the gate, and says both itself.
  if (facts.gate === 'entry' || !(isMoved || isBegun(task))) return { isOver: false, failures: 0 };
  const entry = await parts.ledger.look(envelope.source, envelope.id);
  return { isOver: isFinal(entry?.state), failures: entry?.failures ?? 0 };
}

async function hasOutcome(parts: AttemptParts, { envelope }: Task): Promise<boolean> {
  return isFinal((await parts.ledger.look(envelope.source, envelope.id))?.state);
}

function isFinal(state: string | undefined): boolean {
  return state !== undefined && isOneOf(FINAL, state);
}

/** Whether an attempt was probably made before: the message comes again, or is not the first of its event. */
function isBegun({ envelope, record }: Message): boolean {
  return envelope.again === true || receivesOf(record) > 1;
}
