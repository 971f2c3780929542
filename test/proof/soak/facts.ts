import type { Item } from '../../../functions/aws/dynamodb.ts';
import type { Asked } from './operator.ts';
import type { Runs } from './runs.ts';
import type { PlannedEvent } from './webhooks.ts';
import type { Seen } from './witness.ts';

/** What is known without asking Inlet. */
export interface Facts {
  readonly events: ReadonlyMap<string, PlannedEvent>;
  readonly seen: Seen;
  readonly runs: ReadonlyMap<string, Runs>;
  readonly asked: Asked;
  /** The ledger's entries as they lie in the table. */
  readonly ledger: ReadonlyMap<string, Item>;
  readonly subjects: ReadonlyMap<string, Item>;
  readonly effects: ReadonlyMap<string, Item>;
}
