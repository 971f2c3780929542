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
 * The subject has seen nothing yet, or only older revisions. Revisions may start at 0. What expires is no subject
 * (`Subject.isLeftOver`).
 */
const IS_HIGHER = '(attribute_not_exists(revision) OR revision < :revision OR attribute_exists(expiresAt))';

/** The subject stands at this revision by other events, and can remember one more. */
const IS_EQUAL =
  '(revision = :revision AND attribute_not_exists(expiresAt) AND (attribute_not_exists(ties) OR size(ties) < :maxTies))';

// Flat: the parser of a laptop's stand-in takes ten times as long for what stands in one more pair of parentheses.
export const IS_NEW = `${NOT_APPLIED} AND ${IS_HIGHER}`;
export const IS_TIE = `${NOT_APPLIED} AND ${IS_EQUAL}`;
export const IS_NEW_OR_TIE = `${NOT_APPLIED} AND (${IS_HIGHER} OR ${IS_EQUAL})`;

/** The event was applied at the subject's present revision: nothing newer is there that it could undo. */
export const APPLIED_PRESENTLY = '((eventId = :event OR contains(ties, :event)) AND revision = :revision)';

/** This request to run a handler again has not been carried out yet. */
export const NOT_FORCED_YET =
  '((attribute_not_exists(forcedBy) OR forcedBy <> :force) AND (attribute_not_exists(forcedBefore) OR forcedBefore <> :force))';
