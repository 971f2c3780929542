/** What Inlet knows about one event. */
export interface EventFacts {
  /** The provider's id, or a hash of the event: the event's id in the ledger. */
  readonly id: string;
  readonly type: string | undefined;
  /** What it is about; its own id where it does not say. */
  readonly subject: string;
  /** Decimal text of any precision; 1 where it has none. */
  readonly revision: string;
  /** Whether the event says both its subject and its revision. */
  readonly ordered: boolean;
  /** Whether its subject decides if it is applied, by the order of revisions, or it is applied by itself. */
  readonly gate: 'subject' | 'entry';
  /** The state that the subject is left in: never one that nothing signs. */
  readonly state: string;
  readonly deleted: boolean;
  /** Name of the tenant, or the provider's owner id where no tenants are configured. */
  readonly tenant: string | undefined;
  /** Why its order may not be used: where it passes by its order, that is why it must not be processed. */
  readonly disorder?: string | undefined;
  /** Why the event must not be processed, in a sentence without payload. */
  readonly quarantine: string | undefined;
  /** What somebody should know of an event that is processed all the same, in a sentence without payload. */
  readonly remark?: string;
  /** An id of the delivery that nothing signs, where the event is known by its content: told by it, a repeat is counted. */
  readonly deliveryId?: string;
  readonly payload: unknown;
}
