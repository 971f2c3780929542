/** The clauses of the gate's conditional writes, each with its name. `functions/core/decide.ts` says the same in code. */

/**
 * The subject has seen nothing yet, or only older revisions, and not this very event: its revision may have changed with
 * the configuration since it was applied. Revisions may start at 0.
 */
export const IS_NEW =
  '((attribute_not_exists(revision) OR revision < :revision) AND (attribute_not_exists(eventId) OR eventId <> :event))';

/** The event is the one that the subject has applied last: nothing newer is there that it could undo. */
export const APPLIED_LAST = '(eventId = :event AND revision = :revision)';

/** This request to run a handler again has not been carried out yet. */
export const NOT_FORCED_YET =
  '((attribute_not_exists(forcedBy) OR forcedBy <> :force) AND (attribute_not_exists(forcedBefore) OR forcedBefore <> :force))';
