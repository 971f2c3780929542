/** Faults in `functions/worker`: what is done about a message, and in which order. */
import type { Bug } from '../bug.ts';

const WORKER = 'functions/worker/worker.ts';
const RUN = 'functions/worker/run-handler.ts';
const CARRY_OUT = 'functions/worker/carry-out.ts';
const DEAD_LETTERS = 'functions/worker/dead-letters.ts';
const SPLIT = 'functions/worker/split.ts';
const READ = 'functions/worker/read-message.ts';
const GIVE_BACK = 'functions/worker/give-back.ts';

const place = ['test/worker/place.test.ts'];

export const worker: readonly Bug[] = [
  {
    name: 'a dead letter is recorded although it could not be archived',
    watched: true,
    file: DEAD_LETTERS,
    find: 'await archive.put([envelope]);',
    replace: 'await archive.put([envelope]).catch(() => undefined);',
    by: ['test/worker/dead-and-archived.test.ts'],
  },
  {
    name: 'a dead letter is not archived',
    file: DEAD_LETTERS,
    find: 'await archive.put([envelope]);',
    replace: '',
    by: ['test/worker/dead-and-archived.test.ts'],
  },
  {
    name: 'a dead letter is dead although the gate has applied its event',
    file: DEAD_LETTERS,
    find: "return verdict === 'repeat' ?",
    replace: "return verdict === 'apply' && !task ?",
    by: ['test/worker/second-look.test.ts'],
  },
  {
    name: 'an event is dead although it could not be archived',
    file: CARRY_OUT,
    find: 'if (isLacking) await archive.put([envelope]);',
    replace: 'if (isLacking) await archive.put([envelope]).catch(() => undefined);',
    by: ['test/worker/dead-and-archived.test.ts'],
  },
  {
    name: 'an event is dead and not archived',
    watched: true,
    file: CARRY_OUT,
    find: 'if (isLacking) await archive.put([envelope]);',
    replace: '',
    by: ['test/worker/dead-and-archived.test.ts'],
  },
  {
    name: 'a failure that could not be counted is taken for settled',
    watched: true,
    file: CARRY_OUT,
    find: 'await ledger.recordFailure(entryOf(envelope), reason, token, envelope.force === undefined);',
    replace: 'await ledger.recordFailure(entryOf(envelope), reason, token).catch(() => undefined);',
    by: ['test/worker/failures.test.ts'],
  },
  {
    name: 'an outcome that could not be written down is taken for written',
    file: CARRY_OUT,
    find: 'await ledger.settle(entry, settlement, token, { restores: envelope.force === undefined })',
    replace: 'await ledger.settle(entry, settlement, token).catch(() => true)',
    by: ['test/worker/failures.test.ts'],
  },
  {
    name: 'a handler that took too long gives its subject back while it still runs',
    watched: true,
    file: RUN,
    find: '// It may still be running: its lease goes on, so that nobody else starts meanwhile.',
    replace: 'await gate.release(gated, acquired.fence);',
    by: ['test/worker/run-handler.test.ts'],
  },
  {
    name: 'a handler that failed keeps its subject',
    file: RUN,
    find: 'await gate.release(gated, acquired.fence);',
    replace: '',
    by: ['test/worker/run-handler.test.ts'],
  },
  {
    name: 'a commit that was refused counts as applied',
    watched: true,
    file: RUN,
    find: "return committed ? applied(gated) : { end: 'lease-lost' };",
    replace: "return committed || gated ? applied(gated) : { end: 'lease-lost' };",
    by: ['test/worker/run-handler.test.ts'],
  },
  {
    name: 'an event is committed before its handler has run',
    file: RUN,
    find: 'const result = await attempt(handler, event, times, {',
    replace:
      'await gate.commit(gated, acquired.fence);\n  const result = await attempt(handler, event, times, {',
    by: ['test/worker/run-handler.test.ts'],
  },
  {
    name: 'a handler gets no sign that its time is over',
    file: RUN,
    find: "abort.abort(new InletError('handler-timeout'",
    replace: "void abort; void (new InletError('handler-timeout'",
    by: ['test/worker/run-handler.test.ts'],
  },
  {
    name: 'a lease ends before its handler',
    watched: true,
    file: WORKER,
    find: 'leaseUntil: now() + remaining + LEASE_MARGIN_MS',
    replace: 'leaseUntil: now() + LEASE_MARGIN_MS',
    by: ['test/worker/leases.test.ts'],
  },
  {
    name: 'a handler begins although its invocation ends before its time is over',
    file: WORKER,
    find: 'if (remaining < timeoutMs + CLOSING_MS)',
    replace: 'if (remaining < CLOSING_MS)',
    by: ['test/worker/leases.test.ts'],
  },
  {
    name: 'an outcome is written down before its handler has run',
    file: WORKER,
    find: 'return runHandler(this.#parts,',
    replace:
      'await this.#parts.ledger.settle({ source: source.name, id: envelope.id, kind: "event", receivedAt: 1 }, { state: State.applied });\n    return runHandler(this.#parts,',
    by: ['test/worker/second-look.test.ts'],
  },
  {
    name: 'what could not be archived is dropped',
    file: WORKER,
    find: "carryOut({ ...this.#parts, giveBack }, task, { end: 'error', passing: isPassing(error) }),",
    replace: 'Promise.resolve(task),',
    by: ['test/worker/failures.test.ts'],
  },
  {
    name: 'one event that could not be archived brings the whole batch back',
    file: WORKER,
    find: 'ids === undefined || ids.includes(ledgerId(source, id)),',
    replace: 'ids === undefined || source + id !== "",',
    by: ['test/degradation/left-over.test.ts'],
  },
  {
    name: 'a message that nobody can read is dropped',
    file: WORKER,
    find: 'await giveBack(record, errorFate(about, isPassing(error)));',
    replace: 'void about;',
    by: ['test/worker/failures.test.ts'],
  },
  {
    name: 'a message that comes back is reported as done',
    file: WORKER,
    find: 'if (!isReplaced) returned.add(record.messageId);',
    replace: '',
    by: ['test/worker/failures.test.ts'],
  },
  {
    name: 'events of one subject in one batch go in any order',
    file: WORKER,
    find: 'group.toSorted(byRevision)',
    replace: 'group.toReversed()',
    by: ['test/worker/leases.test.ts'],
  },
  {
    name: 'a copy of an event that is over runs its handler again under another configuration',
    file: WORKER,
    find: "if (await this.#isOver(task)) return { end: 'settled-before' };",
    replace: '',
    by: ['test/worker/second-look.test.ts'],
  },
  {
    name: 'a forced run ends before it begins, because its event has been applied',
    file: WORKER,
    find: 'if (envelope.force !== undefined || !mayBeOver) return false;',
    replace: 'if (!mayBeOver) return false;',
    by: ['test/worker/outcome-lines.test.ts'],
  },
  {
    name: 'a batch is split although one of its events could not be queued',
    file: SPLIT,
    find: '...(place && { place }),\n      },\n    );',
    replace: '...(place && { place }),\n      },\n    ).catch(() => undefined);',
    by: ['test/worker/split.test.ts'],
  },
  {
    name: 'a batch is split before its events are queued',
    file: WORKER,
    find: 'await splitBatch(this.#parts, task.source, task.envelope, task.items);',
    replace: 'splitBatch(this.#parts, task.source, task.envelope, task.items).catch(() => undefined);',
    by: ['test/worker/split.test.ts'],
  },
  {
    name: 'a redrive of an event gives it another id than ingest did',
    file: 'functions/parsing/describe.ts',
    find: 'facts: withId(delivery.facts, carrier.id) }',
    replace: 'facts: withId(delivery.facts, delivery.facts.id) }',
    by: ['test/worker/failures.test.ts'],
  },
  {
    name: 'ingest forgets where an event passes the gate',
    file: 'functions/ingest/receive.ts',
    find: '...(place && { place }),',
    replace: '',
    by: place,
  },
  {
    name: 'a batch forgets where its events pass the gate',
    file: SPLIT,
    find: '...(place && { place }),',
    replace: '',
    by: place,
  },
  {
    name: 'the worker passes the gate where the present configuration says',
    file: READ,
    find: 'isMoved ? { ...delivery.facts, ...place } : delivery.facts',
    replace: 'delivery.facts',
    by: place,
  },
  {
    name: 'a message whose event the configuration has moved does not ask the ledger',
    file: WORKER,
    find: 'envelope.again || isMoved || receivesOf(record) > 1',
    replace: 'envelope.again || receivesOf(record) > 1',
    by: place,
  },
  {
    name: 'an event without a handler is projected again although it is over',
    file: WORKER,
    find: "if (await this.#isOver(task)) return { end: 'settled-before' };",
    replace:
      "if (source.config.handler !== undefined && (await this.#isOver(task))) return { end: 'settled-before' };",
    by: place,
  },
  {
    name: 'a provider’s repeat passes the gate where the present configuration says',
    file: 'functions/ledger/accept.ts',
    find: 'furtherMessage(envelope, place)',
    replace: 'furtherMessage(envelope, place && envelope.place)',
    by: place,
  },
  {
    name: 'an event that is quarantined is given a place',
    file: 'functions/core/place.ts',
    find: 'return quarantine === undefined ? { subject, revision } : undefined;',
    replace: "return quarantine !== '' ? { subject, revision } : undefined;",
    by: place,
  },
  {
    name: 'a message of a source that was removed waits for ever',
    file: READ,
    find: 'if (now - envelope.receivedAt < UNKNOWN_SOURCE_WAITS)',
    replace: 'if (now - envelope.receivedAt > UNKNOWN_SOURCE_WAITS || now)',
    by: ['test/worker/unknown-source.test.ts'],
  },
  {
    name: 'a message is over although its copy could not be sent',
    file: GIVE_BACK,
    find: 'queuedAt }, undefined, seconds);',
    replace: 'queuedAt }, undefined, seconds).catch(() => undefined);',
    by: ['test/worker/unknown-source.test.ts'],
  },
  {
    name: 'a copy does not say that it is one',
    file: GIVE_BACK,
    find: '...envelope, again: true, queuedAt }',
    replace: '...envelope, queuedAt }',
    by: ['test/worker/give-back.test.ts'],
  },
];
