import { keeping } from '../config/config.ts';
import { retentionSeconds, Sources } from '../config/sources.ts';
import type { Setup } from '../setup/setup.ts';
import { Archive } from '../store/archive/archive.ts';
import { BodyStore } from '../store/bodies.ts';
import { FailureStore } from '../store/failures.ts';
import { Gate } from '../store/gate/gate.ts';
import { Inbox } from '../store/inbox.ts';
import { Ledger } from '../store/ledger/ledger.ts';

/** What both functions behind the queues work with. `retention`: seconds that entries are kept. */
export function createParts({ config, packs, dynamodb, tables, log, now, ...setup }: Setup) {
  const sources = new Sources(config, packs);
  const retention = retentionSeconds(config, sources);
  const kept = keeping(config);
  const { format } = kept;
  const bodies = new BodyStore(setup.s3, setup.bodiesBucket);
  const inbox = new Inbox(setup.sqs, setup.inboxQueueUrl, bodies, format);
  return {
    sources,
    retention,
    inbox,
    ledger: new Ledger(dynamodb, tables.ledger, retention, now, kept),
    failures: new FailureStore(dynamodb, tables.archive, {
      retentionSeconds: retention,
      now,
      messages: config.errors !== 'names',
    }),
    archive: new Archive(dynamodb, tables.archive, inbox, retention, now, format),
    gate: new Gate(dynamodb, tables.subjects, retention, now, format),
    log,
    now,
  };
}
