/** The clauses of the gate's conditional writes, each with its name. `functions/core/decide.ts` says the same in code. */
import { RECENT } from './subject.ts';

/**
 * This very event is not among those applied that the subject remembers, whatever its own revision is by now: that of the
 * subject may have been lifted.
 */
const NOT_APPLIED = [
  ...['eventId', ...RECENT].map((name) => `(attribute_not_exists(${name}) OR ${name} <> :event)`),
  '(attribute_not_exists(ties) OR NOT contains(ties, :event))',
].join(' AND ');

/**
 * The subject has seen nothing yet, or only older revisions, and not this very event: its revision may have changed with
 * the configuration since it was applied. Revisions may start at 0. What expires is no subject (`Subject.isLeftOver`).
 */
export const IS_NEW = `((attribute_not_exists(revision) OR revision < :revision OR attribute_exists(expiresAt)) AND ${NOT_APPLIED})`;

/** The subject stands at this revision by other events, and can remember one more. */
export const IS_TIE = `(revision = :revision AND attribute_not_exists(expiresAt) AND ${NOT_APPLIED} AND (attribute_not_exists(ties) OR size(ties) < :maxTies))`;

/** The event was applied at the subject's present revision: nothing newer is there that it could undo. */
export const APPLIED_PRESENTLY = '((eventId = :event OR contains(ties, :event)) AND revision = :revision)';

/** This request to run a handler again has not been carried out yet. */
export const NOT_FORCED_YET =
  '((attribute_not_exists(forcedBy) OR forcedBy <> :force) AND (attribute_not_exists(forcedBefore) OR forcedBefore <> :force))';
