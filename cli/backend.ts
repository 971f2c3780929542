import type { Window } from '../functions/api/kept.ts';
import type {
  AuditReport,
  EventDetail,
  EventId,
  EventPage,
  LeaseResult,
  ReclaimResult,
  RedriveResult,
  ReplayManyResult,
  ReplayResult,
  ResetResult,
  SourceInfo,
  SubjectState,
} from '../functions/api/types.ts';
import type { HourDifference } from './compare-counted.ts';
import type { Counted } from './counted.ts';

/** Filters as the routes name them; undefined ones are left out. */
export type EventFilters = Readonly<Record<string, string | undefined>>;

export interface RedriveFilters extends EventFilters {
  readonly source?: string | undefined;
  readonly state?: string | undefined;
  readonly type?: string | undefined;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

export interface ReplayFlags {
  /** Run the handler again although the event has been applied. */
  readonly force: boolean;
  readonly dryRun: boolean;
}

/** The deployment that a command asks. */
export interface Backend {
  /** Where providers reach it: the webhook URLs begin so. */
  readonly origin: string;
  /** @param window epoch milliseconds, for the report to say what the ledger holds of that time. */
  audit(window?: Window): Promise<AuditReport>;
  /**
   * What ingest has counted in the last so many hours.
   * @throws CliError when it is not counted.
   */
  counted(hours: number): Promise<Counted>;
  /** Which entries of these hours are gone, as far as log lines name them. Undefined: there are none to ask. */
  nameLost?(hours: readonly HourDifference[]): Promise<readonly EventId[]>;
  events(filters: EventFilters): Promise<EventPage>;
  /** @throws CliError with exit code 1 when there is no such event. */
  event(source: string, id: string): Promise<EventDetail>;
  subject(source: string, subject: string): Promise<SubjectState>;
  clearLease(source: string, subject: string, dryRun: boolean): Promise<LeaseResult>;
  resetSubject(source: string, subject: string, dryRun: boolean): Promise<ResetResult>;
  sources(): Promise<readonly SourceInfo[]>;
  replay(source: string, id: string, options?: ReplayFlags): Promise<ReplayResult>;
  /** @throws CliError with exit code 1 when there is no such event, or it is not in flight. */
  reclaim(source: string, id: string): Promise<ReclaimResult>;
  /** One page of the events that match; its cursor leads to the next. */
  replayMany(filters: EventFilters, options: ReplayFlags): Promise<ReplayManyResult>;
  redrive(
    filters: RedriveFilters,
    ids: readonly string[] | undefined,
    dryRun: boolean,
  ): Promise<RedriveResult>;
}

/** Filters that say something. */
export function definedOnly(filters: EventFilters): Record<string, string> {
  return Object.fromEntries(
    Object.entries(filters).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
