/** A handler's lease: on its subject, or on the entry of an event that passes by itself. */

/** Nobody is working on the subject, or whoever was has run out of time. */
export const NO_LIVE_LEASE = '(attribute_not_exists(leaseUntil) OR leaseUntil < :now)';

/** Nobody has acquired the subject after us. */
export const FENCE_IS_OURS = 'fence = :fence';

/** Whoever had the subject has neither committed nor given it back. */
export const HAS_LEASE = 'attribute_exists(leaseUntil)';

/** What a lease says of its subject, or of the entry that is a gate of its own. */
export const LEASE = ['leaseUntil', 'leaseEvent', 'leaseToken'];
