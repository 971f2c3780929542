import type { Sources } from '../config/sources.ts';
import { Turns } from '../core/turns.ts';
import type { Setup } from '../setup/setup.ts';
import { createStores } from '../setup/stores.ts';
import type { Archive } from '../store/archive/archive.ts';
import type { FailureStore } from '../store/failures.ts';
import type { Inbox } from '../store/inbox.ts';
import type { Ledger } from '../store/ledger/ledger.ts';
import { SettledEntries } from './entries.ts';

/** Where the events of a deployment are read. */
export type ApiParts = Pick<
  Setup,
  'config' | 'dynamodb' | 'sqs' | 'tables' | 'inboxQueueUrl' | 'log' | 'now'
> & {
  /** Counted by the audit: an event may wait there to be settled. */
  readonly deadLetterQueueUrl?: string | undefined;
  /** How long the queues' counts may lag behind, in milliseconds. Default: a minute, as on AWS. */
  readonly countsSettleMs?: number | undefined;
  /** How long an entry is kept. */
  readonly retentionSeconds: number;
  readonly archive: Archive;
  readonly failures: FailureStore;
  readonly inbox: Inbox;
  readonly ledger: Ledger;
  readonly sources: Sources;
  /** For bodies from S3: an event of 6 MB may take a fifth of the memory (docs/decisions/0038-memory.md). */
  readonly parked: Turns;
  readonly settled: SettledEntries;
};

export type ApiSetup = Setup & Partial<Pick<ApiParts, 'deadLetterQueueUrl' | 'countsSettleMs'>>;

export function createApiParts(setup: ApiSetup): ApiParts {
  return { ...setup, ...createStores(setup), parked: new Turns(1), settled: new SettledEntries() };
}
