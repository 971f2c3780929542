/** Shapes that the page and its server share. Nothing here runs. */
import type { EventSummary, SourceInfo } from '../api/types.ts';

/** Who is looking, and what the server lets them do. */
export interface Me {
  readonly access: 'read' | 'operate';
  /** Milliseconds that the page waits between two questions to the feed. */
  readonly pollMs: number;
  /** Whether this server sends samples for them. */
  readonly produce: boolean;
}

/** What has changed since the answer before. */
export interface FeedPage {
  /** Pass it back next time. */
  readonly cursor: string;
  /** In their present state; some may be known already. */
  readonly events: readonly EventSummary[];
  /** True when too much has happened: read the list again. */
  readonly missed: boolean;
}

/** One payload field of several events. */
export interface Values {
  /** In the order of the request. Null: no such field, not a single value, or the payload is not kept. */
  readonly values: readonly (string | null)[];
  /** Fields of these payloads that hold a single value. */
  readonly fields: readonly string[];
}

/** Everything that somebody needs who registers a source at its provider. */
export interface SourceDetail extends SourceInfo {
  readonly title: string;
  /** The public URL to register. */
  readonly url: string;
  /** Arrival of the newest event; null: nothing kept has come in. Left out by a stage that keeps no listing. */
  readonly lastHeard?: string | null;
  /** What to enter where, in sentences. */
  readonly registration: readonly string[];
  /** What the secret is and where the provider shows it. Never the secret. */
  readonly secret: string;
  /** Position of the secret that proved the newest request, 0 the current one; null: not known here. */
  readonly secretPosition: number | null;
  readonly retries: string;
  readonly documentation: readonly string[];
}

/** What the page asks the producer to send. */
export interface ProduceRequest {
  readonly source: string;
  /** Default: the samples of the pack in turn. */
  readonly type?: string;
  readonly count: number;
  /** The same seed sends the same events. */
  readonly seed: number;
  /** Every revision of one subject, in random order. */
  readonly story: boolean;
  /** With a proof that is wrong, to see it refused. */
  readonly forge: boolean;
}

/** What became of one request. */
export interface Produced {
  readonly type: string;
  readonly status: number;
  readonly outcome: string | null;
  readonly id: string | null;
  readonly subject: string | null;
  readonly revision: string | null;
  /** The beginning of the body. */
  readonly summary: string;
}

/** Samples that can be sent to a source. */
export interface SampleSet {
  readonly source: string;
  readonly title: string;
  readonly types: readonly string[];
}
