/** The deliveries of which the scenarios are made. */
import type { DeliverySpec, SourceName } from '../topology.ts';

/** A delivery of one event: a revision of the one subject. */
export const one = (source: SourceName, revision: number): DeliverySpec => ({
  source,
  events: [{ id: `r${revision}`, subject: 'm', revision }],
});

/** Another event of the same revision. */
export const again = (source: SourceName, revision: number): DeliverySpec => ({
  source,
  events: [{ id: `r${revision}-again`, subject: 'm', revision }],
});

/** A delivery of several events. */
export const several = (source: SourceName, ...revisions: number[]): DeliverySpec => ({
  source,
  events: revisions.map((revision) => ({ id: `r${revision}`, subject: 'm', revision })),
});

/** An event without an order, which is its own subject. */
export const own = (source: SourceName): DeliverySpec => ({
  source,
  events: [{ id: 'r1', subject: 'r1', revision: 1, own: true }],
});

/** An event that deletes the subject. */
export const deletion = (source: SourceName, revision: number): DeliverySpec => ({
  source,
  events: [{ id: `r${revision}`, subject: 'm', revision, deletes: true }],
});

/** Three revisions, one delivery each. */
export const three = (source: SourceName) => [one(source, 1), one(source, 2), one(source, 3)];
