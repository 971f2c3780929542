import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { keeping, lateAfterSeconds } from '../config/config.ts';
import { retentionSeconds, Sources } from '../config/sources.ts';
import type { Setup } from '../setup/setup.ts';
import { Archive } from '../store/archive/archive.ts';
import { BodyStore } from '../store/bodies.ts';
import { EffectStore } from '../store/effects.ts';
import { EntryGate } from '../store/gate/entry-gate.ts';
import { Gate } from '../store/gate/gate.ts';
import { Inbox } from '../store/inbox.ts';
import { Ledger } from '../store/ledger/ledger.ts';
import { recordDeadLetters } from './dead-letters.ts';
import { createGiveBack } from './give-back.ts';
import { type Invocation, Worker } from './worker.ts';

/** Builds the functions behind the two queues. */
export function composeWorker(
  setup: Setup,
  handlers = setup.handlers ?? {},
): {
  worker(event: SQSEvent, context: Invocation): Promise<SQSBatchResponse>;
  deadLetters(event: SQSEvent): Promise<SQSBatchResponse>;
} {
  const { config, dynamodb, tables, log, now } = setup;
  const sources = new Sources(config, setup.packs);
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
