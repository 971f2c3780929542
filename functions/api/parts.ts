import { keeping } from '../config/config.ts';
import { retentionSeconds, Sources } from '../config/sources.ts';
import { Turns } from '../core/turns.ts';
import type { Setup } from '../setup/setup.ts';
import { Archive } from '../store/archive/archive.ts';
import { BodyStore } from '../store/bodies.ts';
import { FailureStore } from '../store/failures.ts';
import { Inbox } from '../store/inbox.ts';
import { Ledger } from '../store/ledger/ledger.ts';
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
  const { dynamodb, tables, config } = setup;
  const kept = keeping(config);
  const bodies = new BodyStore(setup.s3, setup.bodiesBucket);
  const inbox = new Inbox(setup.sqs, setup.inboxQueueUrl, bodies, kept.format);
  // What is redriven is kept for as long as what is fresh.
  const sources = new Sources(config, setup.packs);
  const retention = retentionSeconds(config, sources);
  return {
    ...setup,
    retentionSeconds: retention,
    sources,
    parked: new Turns(1),
    inbox,
    failures: new FailureStore(dynamodb, tables.archive, {
      retentionSeconds: retention,
      now: setup.now,
      messages: true,
    }),
    archive: new Archive(dynamodb, tables.archive, inbox, retention, setup.now, kept.format),
    ledger: new Ledger(dynamodb, tables.ledger, retention, setup.now, kept),
    settled: new SettledEntries(),
  };
}
