import { compareRevisions } from './revisions.ts';

/**
 * Where an event passes the gate. It is decided once, when the event is taken in or redriven, and every message of the
 * event says the same, whatever the configuration says by then (`docs/decisions/0039-place.md`).
 */
export interface Place {
  readonly subject: string;
  /** Decimal text. */
  readonly revision: string;
}

/** The place that facts decide; undefined: an event that must not be processed has none yet. */
export function placeOf({
  subject,
  revision,
  quarantine,
}: Place & { readonly quarantine?: string | undefined }): Place | undefined {
  return quarantine === undefined ? { subject, revision } : undefined;
}

export function isSamePlace(a: Place, b: Place): boolean {
  return a.subject === b.subject && compareRevisions(a.revision, b.revision) === 0;
}
