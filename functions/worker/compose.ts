import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { providers } from '#providers';
import { Archive } from '../archive/archive.ts';
import { EntryGate } from '../gate/entry-gate.ts';
import { Gate } from '../gate/gate.ts';
import { EffectStore } from '../handlers/effects.ts';
import { handlers as builtIn } from '../handlers/index.ts';
import { Ledger } from '../ledger/ledger.ts';
import { BodyStore } from '../queue/body-store.ts';
import { Inbox } from '../queue/inbox.ts';
import { keeping, lateAfterSeconds } from '../shared/config.ts';
import type { Setup } from '../shared/setup.ts';
import { retentionSeconds, Sources } from '../shared/sources.ts';
import { recordDeadLetters } from './dead-letters.ts';
import { createGiveBack } from './give-back.ts';
import { type Invocation, Worker } from './worker.ts';

/** Builds the functions behind the two queues. */
export function composeWorker(
  setup: Setup,
  handlers = builtIn,
): {
  worker(event: SQSEvent, context: Invocation): Promise<SQSBatchResponse>;
  deadLetters(event: SQSEvent): Promise<SQSBatchResponse>;
} {
  const { config, dynamodb, tables, log, now } = setup;
  const sources = new Sources(config, providers);
  const retention = retentionSeconds(config, sources);
  const kept = keeping(config);
  const { format } = kept;
  const bodies = new BodyStore(setup.s3, setup.bodiesBucket);
  const inbox = new Inbox(setup.sqs, setup.inboxQueueUrl, bodies, format);
  const ledger = new Ledger(dynamodb, tables.ledger, retention, now, kept);
  const archive = new Archive(dynamodb, tables.archive, inbox, retention, now, format);
  const gate = new Gate(dynamodb, tables.subjects, retention, now, format);
  const worker = new Worker({
    sources,
    ledger,
    gate,
    entryGate: new EntryGate(dynamodb, tables.ledger, ledger, retention, now),
    inbox,
    archive,
    effects: new EffectStore(dynamodb, tables.effects, now, format),
    handlers,
    giveBack: createGiveBack(setup.sqs, setup.inboxQueueUrl, inbox, log),
    log,
    now,
    random: Math.random,
    archiveAll: kept.archive,
    lateAfterMs: lateAfterSeconds(config) * 1000,
  });
  return {
    worker: (event, context) => worker.process(event, context),
    deadLetters: (event) => recordDeadLetters({ sources, ledger, gate, inbox, archive, log, now }, event),
  };
}
