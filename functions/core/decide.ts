/**
 * The rule by which an event passes to its subject, once. The conditional write of the gate
 * (`functions/store/gate/conditions.ts`) says the same to DynamoDB, and `test/unit/core/decide-and-gate.test.ts` runs both over
 * random states. What a write was refused for, what a replay would do and whether the audit finds a subject behind its
 * events: all of it is asked here.
 */
import { compareRevisions } from './revisions.ts';
import { FINAL, isOneOf, State } from './states.ts';

/** What a subject remembers, as far as it decides. */
export interface Subject {
  /** Decimal text of the revision applied last; undefined when none was. */
  readonly revision?: string | undefined;
  /**
   * Something by itself was kept here, under its own id, as release 0.1.0 did: it orders nothing. `latest` events never
   * expire, so that the expiry of the item tells.
   */
  readonly isLeftOver?: boolean;
  /** The event applied last. */
  readonly eventId?: string | undefined;
  /** All events applied at that revision, where they are more than the last one. */
  readonly ties?: readonly string[];
  /** The events applied before the last one, the latest first: as many as the gate remembers. */
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
  /** Not older than what the subject has seen, and nobody has the subject. */
  | { readonly verdict: 'apply' }
  /** This event has been applied already. */
  | { readonly verdict: 'repeat' }
  /** The subject has seen a newer revision, of another event. */
  | { readonly verdict: 'older'; readonly revision: string }
  /** The subject has applied as many events of this revision as it can tell apart. */
  | { readonly verdict: 'full'; readonly revision: string }
  /** A handler has the subject until then (epoch milliseconds). */
  | { readonly verdict: 'held'; readonly until: number };

/** An operator asks for another run of an event that has not been applied. */
export interface NotApplied {
  readonly verdict: 'not-applied';
}

/**
 * Events of one revision that a subject tells apart. More than a few say that the revision does not order them, and each
 * of their ids is kept in the item of the subject.
 */
export const MAX_TIES = 32;

/**
 * How an event stands to what its subject has applied, whoever has the subject.
 * @param subject undefined: nothing is known of it yet.
 */
export function rankOf(
  { revision, isLeftOver, eventId, ties = [], recent = [] }: Subject = {},
  event: Candidate,
): 'newer' | 'tie' | 'full' | 'older' | 'repeat' {
  if ([eventId, ...ties, ...recent].includes(event.id)) return 'repeat';
  const order = revision === undefined || isLeftOver ? -1 : compareRevisions(revision, event.revision);
  if (order < 0) return 'newer';
  if (order > 0) return 'older';
  return ties.length < MAX_TIES ? 'tie' : 'full';
}

/**
 * Whether an event may be applied to its subject.
 * @param subject undefined: nothing is known of it yet.
 * @param now epoch milliseconds.
 */
export function decide(subject: Subject | undefined, event: Candidate, now: number): Verdict {
  const rank = rankOf(subject, event);
  switch (rank) {
    case 'repeat':
      return { verdict: 'repeat' };
    case 'older':
    case 'full':
      return { verdict: rank, revision: subject?.revision ?? 'none' };
    case 'newer':
    case 'tie':
      return unlessHeld(subject, now);
  }
}

/**
 * Whether an operator's request to run the handler of an applied event again may be carried out: once, and only for an
 * event of the subject's present revision, because nothing newer may be undone.
 */
export function decideForced(
  subject: Subject | undefined,
  event: Candidate,
  force: string,
  now: number,
): Verdict {
  if (subject?.forced?.includes(force)) return { verdict: 'repeat' };
  const { revision, eventId, ties = [] } = subject ?? {};
  const isPresent =
    revision !== undefined &&
    (eventId === event.id || ties.includes(event.id)) &&
    compareRevisions(revision, event.revision) === 0;
  return isPresent ? unlessHeld(subject, now) : { verdict: 'older', revision: revision ?? 'none' };
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
): Exclude<Verdict, { verdict: 'older' }> | NotApplied {
  if (entry.forced?.includes(force)) return { verdict: 'repeat' };
  return entry.state === State.applied ? unlessHeld(entry, now) : { verdict: 'not-applied' };
}
