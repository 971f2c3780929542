/**
 * What becomes of a message after its attempt: one value, made here from what the attempt found, and carried out in one
 * place (`functions/worker/carry-out.ts`).
 */

import type { SplitProgress } from './envelope.ts';
import type { EventFacts } from './facts.ts';
import type { Failure } from './failure.ts';
import { backoffSeconds, heldSeconds } from './pauses.ts';
import { type Ending, GIVEN_UP, isOneOf, State } from './states.ts';

/** How one attempt at a message ended. `fence`: of the lease on its own entry, under which its handler ran. */
export type Attempt =
  /** Its outcome is known. */
  | {
      readonly end: 'settled';
      readonly settlement: Settlement;
      readonly fence?: number;
      /** Of its handler, which has given the event up. */
      readonly failure?: Failure;
    }
  /** Another attempt has written the outcome already, or a redrive has moved the event, which passes by its new message. */
  | { readonly end: 'settled-before' }
  /** A run that an operator forced was in vain: that is noted, and the event stays as it is. */
  | { readonly end: 'forced'; readonly result: string }
  /** A handler has the subject until then (epoch milliseconds). */
  | { readonly end: 'held'; readonly until: number }
  /** Too late in this invocation to run the handler to its end, or to take in the rest of a batch: `progress` says how far it is. */
  | { readonly end: 'no-time'; readonly progress?: SplitProgress }
  /** The handler ended, but somebody else had taken the subject over by then. */
  | { readonly end: 'lease-lost' }
  /** The source is not known here yet. */
  | { readonly end: 'unknown-source' }
  /** Its handler has asked for a later time (epoch milliseconds). */
  | { readonly end: 'not-yet'; readonly until: number }
  /**
   * Something failed, and not the handler: it counts as none of the attempts. `passing`: AWS did, which ends; anything
   * else may be this message, so that SQS gives it up in the end.
   */
  | { readonly end: 'error'; readonly passing: boolean }
  /**
   * The handler failed in a way that may pass. `leaseUntil`: it hangs, and keeps its subject until then. `retryAfter`: seconds
   * after which it asks to be tried again.
   */
  | {
      readonly end: 'failed';
      readonly reason: string;
      readonly failure?: Failure;
      readonly leaseUntil?: number;
      readonly retryAfter?: number;
      readonly fence?: number;
    };

/** The outcome of an event, to be written down once. */
export interface Settlement {
  readonly state: Ending;
  readonly reason?: string;
  /** What the worker read from the event, which may know more than ingest did. */
  readonly facts?: EventFacts;
  /** True when the failure that led to it has been counted already. */
  readonly counted?: boolean;
}

/** Why a message comes back: each is the outcome that its line says. */
export const RETURNS = [
  'held',
  'no-time',
  'lease-lost',
  'unknown-source',
  'not-yet',
  'error',
  'failed',
] as const;

export type Fate =
  /** The outcome is written down, its envelope archived before if it is not yet; then the message is over. */
  | { readonly kind: 'settle'; readonly settlement: Settlement; readonly archive: boolean }
  /** The message comes back after so many seconds. */
  | {
      readonly kind: 'return';
      readonly why: (typeof RETURNS)[number];
      readonly reason?: string;
      readonly seconds: number;
      /** `copy`: a fresh one takes its place, because nothing depends on how often this one was received. */
      readonly as: 'hidden' | 'copy';
      /** How far its batch is split, for the copy to say. */
      readonly progress?: SplitProgress;
      /** Epoch milliseconds before which the copy is not to be tried, where that is longer than SQS delays a message. */
      readonly notBefore?: number;
    }
  /** The message is over, and the entry keeps the outcome that it has. */
  | { readonly kind: 'over'; readonly outcome: 'settled-before' | 'forced'; readonly reason?: string };

/** What else decides about a message. */
export interface Circumstances {
  /** Epoch milliseconds. */
  readonly now: number;
  /** From 0 up to 1. */
  readonly random: number;
  /** How often SQS has handed out this copy. */
  readonly receives: number;
  /** For how long it and those that it is a copy of have been waiting, in milliseconds. */
  readonly waited?: number | undefined;
  /** Whether an operator asked for this run, of an event that has been applied. */
  readonly forced: boolean;
  /** Whether its envelope is archived already. */
  readonly archived: boolean;
  /** Failed attempts that the entry counts, this one included; undefined when it has its outcome and counts nothing. */
  readonly attempts?: number | undefined;
  /** Failed attempts after which it is dead. */
  readonly limit: number;
}

/** Seconds after which a worker is asked again whether it knows the source by now. */
const UNKNOWN_SOURCE_PAUSE = 60;
/**
 * From here on a message waits as a fresh copy. One that is hidden counts as in flight, and with 120,000 of those SQS
 * hands out nothing more of any source (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html);
 * one that was sent with a delay does not.
 */
const LONG_PAUSE_SECONDS = 30;
/** The longest delay that SQS takes (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html). */
const MAX_DELAY_SECONDS = 900;
/**
 * Received so often, a message is replaced. The queue's own limit (`MAX_RECEIVES`) is meant for crashes, which get no
 * further than the receive; whatever ends with a fate of its own must not bring a message near it.
 */
export const FRESH_COPY_AT = 40;

export function fateOf(attempt: Attempt, about: Circumstances): Fate {
  const { now, random } = about;
  switch (attempt.end) {
    case 'settled':
      return settle(attempt.settlement, about);
    case 'settled-before':
      return { kind: 'over', outcome: 'settled-before' };
    case 'forced':
      return { kind: 'over', outcome: 'forced', reason: attempt.result };
    case 'failed':
      return afterFailure(attempt, about);
    case 'held':
      return comeBack('held', heldSeconds(attempt.until, now, random), about);
    case 'no-time':
      return attempt.progress
        ? { kind: 'return', why: 'no-time', seconds: 1, as: 'copy', progress: attempt.progress }
        : comeBack('no-time', heldSeconds(0, now, random), about);
    case 'lease-lost':
      return comeBack(attempt.end, heldSeconds(0, now, random), about);
    case 'unknown-source':
      return comeBack('unknown-source', UNKNOWN_SOURCE_PAUSE, about);
    case 'not-yet':
      return after(Math.max(1, Math.ceil((attempt.until - now) / 1000)), 'not-yet', about);
    case 'error':
      return errorFate(about, attempt.passing);
  }
}

/**
 * What becomes of a message that something has failed for, and not its handler: also of one that cannot even be read. It
 * gets no copy, so that SQS gives it up in the end, unless AWS has failed and not the message.
 * @param passing whether another attempt may fare better.
 */
export function errorFate(
  about: Pick<Circumstances, 'receives' | 'random' | 'waited'>,
  passing: boolean,
): Fate & { kind: 'return' } {
  return comeBack('error', errorSeconds(about), about, passing);
}

/** Grows with the receives, and over those of earlier copies with the time that has gone by. */
function errorSeconds({
  receives,
  random,
  waited = 0,
}: Pick<Circumstances, 'receives' | 'random' | 'waited'>): number {
  const quarter = Math.ceil((waited / 4_000) * (0.5 + random / 2));
  return Math.max(backoffSeconds(receives, random), Math.min(quarter, MAX_DELAY_SECONDS));
}

function afterFailure(
  { reason, leaseUntil = 0, retryAfter }: Extract<Attempt, { end: 'failed' }>,
  about: Circumstances,
): Fate {
  const { now, random, receives, attempts, limit, forced } = about;
  if (attempts === undefined && !forced) return { kind: 'over', outcome: 'settled-before' };
  // The entry of a forced run has its outcome and counts nothing any more; the message itself does.
  const failures = attempts ?? receives;
  if (failures >= limit) {
    return attempts === undefined
      ? { kind: 'over', outcome: 'forced', reason }
      : settle({ state: State.dead, reason, counted: true }, about);
  }
  const pause = Math.max(
    retryAfter ?? backoffSeconds(failures, random),
    Math.ceil((leaseUntil - now) / 1000),
  );
  return { ...after(pause, 'failed', about, !forced), reason };
}

function settle(settlement: Settlement, { archived }: Circumstances): Fate {
  return { kind: 'settle', settlement, archive: isOneOf(GIVEN_UP, settlement.state) && !archived };
}

/** Comes back after so many seconds, and not before: where SQS cannot wait as long, the copy says until when. */
function after(
  seconds: number,
  why: Extract<Fate, { kind: 'return' }>['why'],
  about: Pick<Circumstances, 'now' | 'receives'>,
  renews = true,
): Extract<Fate, { kind: 'return' }> {
  const fate = comeBack(why, seconds, about, renews);
  return fate.seconds < seconds ? { ...fate, notBefore: about.now + seconds * 1000 } : fate;
}

/** @param renews false where the receives of the message are its attempts: with a fresh copy they would begin anew. */
function comeBack(
  why: Extract<Fate, { kind: 'return' }>['why'],
  seconds: number,
  { receives }: Pick<Circumstances, 'receives'>,
  renews = true,
): Extract<Fate, { kind: 'return' }> {
  const isCopy = renews && (receives >= FRESH_COPY_AT || seconds >= LONG_PAUSE_SECONDS);
  return isCopy
    ? { kind: 'return', why, seconds: Math.min(seconds, MAX_DELAY_SECONDS), as: 'copy' }
    : { kind: 'return', why, seconds, as: 'hidden' };
}
