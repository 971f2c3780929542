import type { Format } from './format.ts';
import { compareRevisions } from './revisions.ts';

/**
 * Where an event passes the gate. It is decided once, when the event is taken in or redriven, and every message of the
 * event says the same, whatever the configuration says by then (`docs/decisions/0039-place.md`).
 */
export type Place =
  /** By the order of its subject, which keeps the newest revision. */
  | {
      readonly gate?: undefined;
      readonly subject: string;
      /** Decimal text. */
      readonly revision: string;
    }
  /** By itself: its own entry in the ledger is the gate, and its outcome what it is about. */
  | { readonly gate: 'entry' };

/** What decides the place of an event. */
export interface Placed {
  readonly id: string;
  /** Whether its subject orders it, or it passes by itself. */
  readonly gate: 'subject' | 'entry';
  /** Whether it says both its subject and its revision. */
  readonly ordered: boolean;
  readonly subject: string;
  /** Decimal text. */
  readonly revision: string;
  /** Why its order may not be used. */
  readonly disorder?: string | undefined;
  /** Why it must not be processed. */
  readonly quarantine?: string | undefined;
}

/**
 * The place that facts decide; undefined: an event that must not be processed has none yet.
 * @param format of the stage: release 0.1.0 has no gate but the subjects, where an event without an order is its own.
 */
export function placeOf(
  { id, gate, subject, revision, quarantine }: Placed,
  format: Format,
): Place | undefined {
  if (quarantine !== undefined) return undefined;
  if (gate === 'subject') return { subject, revision };
  return format === 1 ? { subject: id, revision: '1' } : { gate: 'entry' };
}

/** The facts of an event as its place has them. */
export function placed<Facts extends Placed>(facts: Facts, place: Place | undefined): Facts {
  if (!place) return facts;
  if (place.gate === 'entry') {
    // By itself its order is not asked for.
    const isFine = facts.quarantine !== undefined && facts.quarantine === facts.disorder;
    return { ...facts, gate: 'entry', ...(isFine && { quarantine: undefined }) };
  }
  const { subject, revision } = place;
  const isOrdered =
    facts.ordered && subject === facts.subject && compareRevisions(revision, facts.revision) === 0;
  // An event that 0.1.0 knew no order of was its own subject.
  const isOwn = subject === facts.id && revision === '1' && !isOrdered;
  return { ...facts, gate: 'subject', subject, revision, ordered: !isOwn };
}

export function isSamePlace(a: Place, b: Place): boolean {
  if (a.gate === 'entry' || b.gate === 'entry') return a.gate === b.gate;
  return a.subject === b.subject && compareRevisions(a.revision, b.revision) === 0;
}
