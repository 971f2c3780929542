import { keeping } from '../config/config.ts';
import { retentionSeconds, Sources } from '../config/sources.ts';
import { Archive } from '../store/archive/archive.ts';
import { BodyStore } from '../store/bodies.ts';
import { FailureStore } from '../store/failures.ts';
import { Inbox } from '../store/inbox.ts';
import { Ledger } from '../store/ledger/ledger.ts';
import type { Setup } from './setup.ts';

/** What of a deployment's events is read and written by whoever comes after ingest, the API as well as the worker. */
export function createStores({ config, packs, dynamodb, sqs, s3, tables, now, ...setup }: Setup) {
  const sources = new Sources(config, packs);
  const retention = retentionSeconds(config, sources);
  const kept = keeping(config);
  const inbox = new Inbox(sqs, setup.inboxQueueUrl, new BodyStore(s3, setup.bodiesBucket), kept.format);
  return {
    sources,
    /** How long an entry is kept. What is redriven is kept for as long as what is fresh. */
    retentionSeconds: retention,
    inbox,
    ledger: new Ledger(dynamodb, tables.ledger, retention, now, kept),
    archive: new Archive(dynamodb, tables.archive, inbox, retention, now, kept.format),
    failures: new FailureStore(dynamodb, tables.archive, {
      retentionSeconds: retention,
      now,
      messages: config.errors !== 'names',
    }),
  };
}
