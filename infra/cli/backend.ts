import type {
  AuditReport,
  EventDetail,
  EventPage,
  RedriveResult,
  ReplayResult,
  SourceInfo,
  SubjectState,
} from '../../functions/api/types.ts';

/** Filters as the routes name them; undefined ones are left out. */
export type EventFilters = Readonly<Record<string, string | undefined>>;

export interface RedriveFilters extends EventFilters {
  readonly source?: string | undefined;
  readonly state?: string | undefined;
  readonly type?: string | undefined;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

/** The deployment that a command asks. */
export interface Backend {
  audit(): Promise<AuditReport>;
  events(filters: EventFilters): Promise<EventPage>;
  /** @throws CliError with exit code 1 when there is no such event. */
  event(source: string, id: string): Promise<EventDetail>;
  subject(source: string, subject: string): Promise<SubjectState>;
  sources(): Promise<readonly SourceInfo[]>;
  replay(source: string, id: string): Promise<ReplayResult>;
  redrive(
    filters: RedriveFilters,
    ids: readonly string[] | undefined,
    dryRun: boolean,
  ): Promise<RedriveResult>;
}
