import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type InletConfig, keeping, lateAfterSeconds } from '../config/config.ts';
import { ConfigurationError } from '../core/errors.ts';
import type { Handlers } from '../core/handler.ts';
import type { Setup } from '../setup/setup.ts';
import { EffectStore } from '../store/effects.ts';
import { EntryGate } from '../store/gate/entry-gate.ts';
import type { Invocation } from './attempt.ts';
import { composeDeadLetters } from './compose-dead-letters.ts';
import { createGiveBack } from './give-back.ts';
import { createParts } from './parts.ts';
import { Worker } from './worker.ts';

/**
 * Builds the functions behind the two queues.
 * @throws ConfigurationError when a source names a handler that is not among `handlers`.
 */
export function composeWorker(
  setup: Setup,
  handlers = setup.handlers ?? {},
): {
  worker(event: SQSEvent, context: Invocation): Promise<SQSBatchResponse>;
  deadLetters(event: SQSEvent): Promise<SQSBatchResponse>;
} {
  const { config, dynamodb, tables, log, now } = setup;
  requireHandlers(config, handlers);
  const parts = createParts(setup);
  const { archive: archiveAll, format } = keeping(config);
  const worker = new Worker({
    ...parts,
    entryGate: new EntryGate(dynamodb, tables.ledger, parts.ledger, parts.retentionSeconds, now),
    effects: new EffectStore(dynamodb, tables.effects, now, format),
    handlers,
    giveBack: createGiveBack(setup.sqs, setup.inboxQueueUrl, parts.inbox, log),
    random: Math.random,
    archiveAll,
    lateAfterMs: lateAfterSeconds(config) * 1000,
  });
  return {
    worker: (event, context) => worker.process(event, context),
    deadLetters: composeDeadLetters(setup),
  };
}

/** An event whose handler is not here would end as one without a handler. */
function requireHandlers({ sources }: InletConfig, handlers: Handlers): void {
  const missing = Object.entries(sources).filter(
    ([, { handler }]) => handler !== undefined && !Object.hasOwn(handlers, handler),
  );
  if (missing.length > 0)
    throw new ConfigurationError(
      missing.map(([name, { handler }]) => `sources.${name}.handler: the handler "${handler}" is not here`),
    );
}
