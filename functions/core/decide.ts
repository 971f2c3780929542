/**
 * The rule by which an event passes to its subject, once. The conditional write of the gate
 * (`functions/gate/conditions.ts`) says the same to DynamoDB, and `test/core/decide-and-gate.test.ts` runs both over
 * random states. What a write was refused for, what a replay would do and whether the audit finds a subject behind its
 * events: all of it is asked here.
 */
import { compareRevisions } from './revisions.ts';
import { FINAL, isOneOf, State } from './states.ts';

/** What a subject remembers, as far as it decides. */
export interface Subject {
  /** Decimal text of the revision applied last; undefined when none was. */
  readonly revision?: string | undefined;
  /** The event applied last. */
  readonly eventId?: string | undefined;
  /** The events applied before that one, the latest first: as many as the gate remembers. */
  readonly recent?: readonly string[];
  /** A handler has the subject until then (epoch milliseconds). */
  readonly leaseUntil?: number | undefined;
  /** The operator's requests that were carried out last, the latest first: as many as the gate remembers. */
  readonly forced?: readonly string[];
}

export interface Candidate {
  readonly id: string;
  /** Decimal text. */
  readonly revision: string;
}

export type Verdict =
  /** Newer than what the subject has seen, and nobody has the subject. */
  | { readonly verdict: 'apply' }
  /** This event has been applied already. */
  | { readonly verdict: 'repeat' }
  /** The subject has seen this revision or a newer one, of another event. */
  | { readonly verdict: 'older'; readonly revision: string }
  /** A handler has the subject until then (epoch milliseconds). */
  | { readonly verdict: 'held'; readonly until: number };

/**
 * Whether an event may be applied to its subject.
 * @param subject undefined: nothing is known of it yet.
 * @param now epoch milliseconds.
 */
export function decide(subject: Subject | undefined, event: Candidate, now: number): Verdict {
  const { revision, eventId, recent = [] } = subject ?? {};
  if (eventId === event.id) return { verdict: 'repeat' };
  if (revision !== undefined && compareRevisions(revision, event.revision) >= 0) {
    return recent.includes(event.id) ? { verdict: 'repeat' } : { verdict: 'older', revision };
  }
  return unlessHeld(subject, now);
}

/**
 * Whether an operator's request to run the handler of an applied event again may be carried out: once, and only for the
 * event that the subject has applied last, because nothing newer may be undone.
 */
export function decideForced(
  subject: Subject | undefined,
  event: Candidate,
  force: string,
  now: number,
): Verdict {
  if (subject?.forced?.includes(force)) return { verdict: 'repeat' };
  const { revision } = subject ?? {};
  const isLast =
    revision !== undefined &&
    subject?.eventId === event.id &&
    compareRevisions(revision, event.revision) === 0;
  return isLast ? unlessHeld(subject, now) : { verdict: 'older', revision: revision ?? 'none' };
}

/** Until when a handler has a subject (epoch milliseconds); undefined: nobody has it. */
export function heldUntil(subject: Pick<Subject, 'leaseUntil'> | undefined, now: number): number | undefined {
  const until = subject?.leaseUntil;
  return until === undefined || until < now ? undefined : until;
}

function unlessHeld(
  subject: Pick<Subject, 'leaseUntil'> | undefined,
  now: number,
): Extract<Verdict, { verdict: 'apply' | 'held' }> {
  const until = heldUntil(subject, now);
  return until === undefined ? { verdict: 'apply' } : { verdict: 'held', until };
}

/** What an entry says that is a gate of its own, as far as it decides. */
export interface OwnEntry {
  readonly state?: string | undefined;
  /** A handler has the event until then (epoch milliseconds). */
  readonly leaseUntil?: number | undefined;
  /** The operator's requests that were carried out last, the latest first: as many as the entry remembers. */
  readonly forced?: readonly string[];
}

/**
 * Whether an event that passes by itself may be applied. One that was given up may: another copy of its message has come.
 * @param now epoch milliseconds.
 */
export function decideByItself(entry: OwnEntry, now: number): Exclude<Verdict, { verdict: 'older' }> {
  return isOneOf(FINAL, entry.state ?? '') ? { verdict: 'repeat' } : unlessHeld(entry, now);
}

/** Whether an operator's request to run the handler of such an event again may be carried out: once, and after it was applied. */
export function decideForcedByItself(
  entry: OwnEntry,
  force: string,
  now: number,
): Exclude<Verdict, { verdict: 'older' }> {
  const isInVain = entry.state !== State.applied || entry.forced?.includes(force);
  return isInVain ? { verdict: 'repeat' } : unlessHeld(entry, now);
}
