/** Shapes of the read API: what the routes answer and what the commands print. */

/** The states that an event shows to people. `claimed` (never acknowledged) and `split` (a batch) are internal. */
export const EVENT_STATES = ['queued', 'retrying', 'applied', 'stale', 'quarantined', 'dead'] as const;

export type EventState = (typeof EVENT_STATES)[number];

/** A revision: a number where JSON holds it exactly, else its digits. */
export type RevisionValue = number | string;

/** One row of the list. Times are ISO 8601; what is unknown is null. */
export interface EventSummary {
  readonly source: string;
  readonly id: string;
  readonly type: string | null;
  readonly subject: string | null;
  readonly revision: RevisionValue | null;
  readonly tenant: string | null;
  readonly state: string;
  readonly attempts: number;
  readonly receivedAt: string | null;
  readonly settledAt: string | null;
  readonly reason: string | null;
}

export interface EventPage {
  readonly events: readonly EventSummary[];
  /** Pass it back for the next, older page; null at the end. A short page with a cursor is not the end. */
  readonly cursor: string | null;
}

export interface HistoryStep {
  readonly at: string;
  readonly state: string;
  readonly reason?: string;
}

/** A lasting trace that a handler left. */
export interface Effect {
  readonly handler: string | null;
  readonly recordedAt: string | null;
  readonly data: unknown;
}

export interface EventDetail extends EventSummary {
  /** As they arrived, credentials left out; null when the event is not archived (any more). */
  readonly headers: Readonly<Record<string, string>> | null;
  readonly payload: unknown;
  readonly history: readonly HistoryStep[];
  readonly effects: readonly Effect[];
  /** The delivery that carried this event together with others. */
  readonly batch: string | null;
}

export interface SubjectState {
  readonly source: string;
  readonly subject: string;
  readonly revision: RevisionValue | null;
  readonly state: string | null;
  readonly type: string | null;
  /** Null for a tombstone: the subject was deleted. */
  readonly payload: unknown;
  readonly updatedAt: string | null;
}

export interface SourceInfo {
  readonly source: string;
  readonly provider: string;
  /** Path of the webhook URL. */
  readonly path: string;
  /** Null: the built-in state projection. */
  readonly handler: string | null;
  readonly mode: 'latest' | 'each';
}

/** Events by outcome. */
export interface Counts {
  accepted: number;
  applied: number;
  stale: number;
  quarantined: number;
  dead: number;
  inFlight: number;
  /** Claimed and never acknowledged: not part of `accepted`. */
  unconfirmed: number;
}

/** Something that must not be, found by the audit. */
export interface Problem {
  readonly source: string;
  readonly id: string;
  readonly problem: string;
}

export interface AuditReport {
  /** accepted = applied + stale + quarantined + dead + inFlight, all in flight is queued, and no problem. */
  readonly balanced: boolean;
  readonly total: Counts;
  readonly sources: Readonly<Record<string, Counts>>;
  /** At most 100. */
  readonly problems: readonly Problem[];
}

export interface ReplayResult {
  readonly source: string;
  readonly id: string;
  /** State before the replay. */
  readonly was: string;
  readonly state: string;
}

export interface RedriveResult {
  readonly dryRun: boolean;
  readonly matched: number;
  readonly redriven: number;
  readonly ids: readonly EventId[];
  readonly failed: readonly Problem[];
  /** True when more entries match than one call takes: call again. */
  readonly more: boolean;
}

export interface EventId {
  readonly source: string;
  readonly id: string;
}
