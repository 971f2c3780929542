/** Shapes of the read API: what the routes answer and what the commands print. */
import type { State } from '../core/states.ts';

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
  /** Why events may be missing from the list: this stage keeps none. */
  readonly note?: string;
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

/** How one attempt of a handler failed. Message and stack are null where the configuration keeps names only. */
export interface AttemptFailure {
  /** When it ended. */
  readonly at: string;
  /** How long it took, in milliseconds. */
  readonly ms: number;
  readonly name: string;
  readonly message: string | null;
  readonly stack: string | null;
}

export interface EventDetail extends EventSummary {
  /** As they arrived, credentials left out; null when the event is not archived (any more). */
  readonly headers: Readonly<Record<string, string>> | null;
  readonly payload: unknown;
  readonly history: readonly HistoryStep[];
  readonly failures: {
    /** Attempts of the handler that failed, those before a redrive too. */
    readonly count: number;
    /** The first three and the last seventeen. */
    readonly kept: readonly AttemptFailure[];
  };
  readonly effects: readonly Effect[];
  /** The delivery that carried this event together with others. */
  readonly batch: string | null;
  /** How often the same bytes and type came again under another id of the delivery, which nothing signs. */
  readonly repeats: number;
  /** The last of those ids. */
  readonly deliveries: readonly string[];
  /** The body as it arrived, when it was asked for; bytes that are not UTF-8 are replaced. */
  readonly body?: string | null;
}

export interface SubjectState {
  readonly source: string;
  readonly subject: string;
  /** Null after a reset: the next event is applied, whatever its revision. */
  readonly revision: RevisionValue | null;
  readonly state: string | null;
  readonly type: string | null;
  /** Null for a tombstone: the subject was deleted. */
  readonly payload: unknown;
  readonly updatedAt: string | null;
  /** When its revision was lifted last, and the highest that ever was. */
  readonly reset?: { readonly at: string | null; readonly revision: RevisionValue };
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
  /**
   * Claimed and not confirmed, so no part of `accepted`: never acknowledged, or only the confirmation failed. In the economy
   * mode, and where a handler's lease confirms, also what is in flight.
   */
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
  /** Messages on the queues, surplus copies included; `waiting`: those that a worker could take now. */
  readonly queues: { readonly messages: number; readonly waiting: number };
  /** In flight, and the queues hold so many messages fewer: the likely ones, which are among the problems. At most 100 ids. */
  readonly missing: { readonly count: number; readonly ids: readonly EventId[] };
  /**
   * In flight without a trace for longer than any message is hidden, while none waits. They count as in flight, but
   * deserve to be reclaimed, which never does harm. At most 100 ids.
   */
  readonly overdue: { readonly count: number; readonly ids: readonly EventId[] };
  /**
   * Of what is unconfirmed for more than a minute at least so many have no message. They were never acknowledged, or are
   * lost; which of the two, nothing tells. At most 100 ids, the oldest.
   */
  readonly withoutMessage: { readonly count: number; readonly ids: readonly EventId[] };
  /** Where it was asked for. */
  readonly kept?: KeptDeliveries;
}

/** The deliveries of a time that the ledger holds, by the hour of their arrival; hours without any are left out. */
export interface KeptDeliveries {
  readonly after: string;
  readonly before: string;
  readonly sources: Readonly<Record<string, readonly KeptHour[]>>;
}

export interface KeptHour {
  /** When it begins. */
  readonly hour: string;
  readonly entries: number;
  /** Of these, how many arrived in its last 15 seconds: who counts answers may count them in the next hour. */
  readonly last: number;
}

export interface ReplayResult {
  readonly source: string;
  readonly id: string;
  /** State before the replay. */
  readonly was: string;
  readonly state: string;
  /** With `dryRun` and `force` only. */
  readonly dryRun?: boolean;
  readonly forecast?: Forecast;
  /** Whether the handler runs again. */
  readonly forced?: boolean;
}

export interface ReclaimResult {
  readonly source: string;
  readonly id: string;
  /** State before. */
  readonly was: string;
  readonly state: string;
  /** Whether it was sent from the archive; if not, its provider has to send it. */
  readonly sent: boolean;
}

/**
 * What the gate says to an event as its subject stands now. `repeat`: it is one of those applied at the newest revision.
 * `quarantined`: its subject has too many of its revision. `unknown`: a batch, or one that could not be read.
 */
export type Forecast = 'apply' | typeof State.stale | typeof State.quarantined | 'repeat' | 'unknown';

export interface LeaseResult {
  readonly source: string;
  readonly subject: string;
  readonly dryRun: boolean;
  /** Whose handler has the subject, or had it until now. Null: nobody's. */
  readonly lease: { readonly event: string | null; readonly until: string | null } | null;
  /** False as well when the handler has ended by itself meanwhile. */
  readonly cleared: boolean;
}

export interface ResetResult {
  readonly source: string;
  readonly subject: string;
  readonly dryRun: boolean;
  /** Where the subject stands, or stood until now. Null: it has no revision that could be lifted. */
  readonly was: {
    readonly revision: RevisionValue;
    /** The event applied last. */
    readonly event: string;
    readonly state: string | null;
    readonly updatedAt: string | null;
  } | null;
  readonly reset: boolean;
}

export interface ReplayManyResult {
  readonly dryRun: boolean;
  /** Events of this page that match. */
  readonly matched: number;
  readonly replayed: number;
  /** Of these, how many handlers run again. */
  readonly forced: number;
  readonly preview: Readonly<Record<Forecast, number>>;
  readonly ids: readonly (EventId & { readonly forecast: Forecast })[];
  readonly failed: readonly Problem[];
  /** Pass it back for older ones; null at the end. */
  readonly cursor: string | null;
}

export interface RedriveResult {
  readonly dryRun: boolean;
  /** As far as this call has looked: with a cursor there may be more. */
  readonly matched: number;
  readonly redriven: number;
  readonly ids: readonly EventId[];
  readonly failed: readonly Problem[];
  /** True when more entries may match than one call takes. */
  readonly more: boolean;
  /** Pass it back for the rest, past what failed; null at the end. */
  readonly cursor: string | null;
}

export interface EventId {
  readonly source: string;
  readonly id: string;
}
