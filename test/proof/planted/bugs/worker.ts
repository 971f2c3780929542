/** Faults in `functions/worker`: when a handler runs, under which lease, and in which order. */
import type { Bug } from '../bug.ts';

const ATTEMPT = 'functions/worker/attempt.ts';
const GROUPS = 'functions/worker/groups.ts';
const PASSAGE = 'functions/worker/passage.ts';
const RUN = 'functions/worker/run-handler.ts';
const READ = 'functions/worker/read-message.ts';
const GIVE_BACK = 'functions/worker/give-back.ts';

export const worker: readonly Bug[] = [
  {
    name: 'a handler that took too long gives its subject back while it still runs',
    watched: true,
    file: RUN,
    find: '// It may still be running: its lease goes on, so that nobody else starts meanwhile.',
    replace: "await passage.fail(fence, { end: 'failed', reason: 'over' });",
    by: ['test/unit/worker/run-handler.test.ts'],
  },
  {
    name: 'a handler that failed keeps its subject',
    file: PASSAGE,
    find: '      await release(fence);\n',
    replace: '',
    by: ['test/unit/worker/run-handler.test.ts'],
  },
  {
    name: 'a commit that was refused counts as applied',
    watched: true,
    file: PASSAGE,
    find: '((await commit(fence)) ? applied',
    replace: '((await commit(fence)) || gated ? applied',
    by: ['test/unit/worker/run-handler.test.ts'],
  },
  {
    name: 'an event is committed before its handler has run',
    file: RUN,
    find: 'const result = await run(handler,',
    replace: 'await passage.succeed(fence);\n  const result = await run(handler,',
    by: ['test/unit/worker/run-handler.test.ts'],
  },
  {
    name: 'a handler gets no sign that its time is over',
    file: RUN,
    find: "abort.abort(new InletError('handler-timeout'",
    replace: "void abort; void (new InletError('handler-timeout'",
    by: ['test/unit/worker/run-handler.test.ts'],
  },
  {
    name: 'a lease ends before its handler',
    watched: true,
    file: ATTEMPT,
    find: 'leaseUntil: now() + remaining + LEASE_MARGIN_MS',
    replace: 'leaseUntil: now() + LEASE_MARGIN_MS',
    by: ['test/unit/worker/leases.test.ts'],
  },
  {
    name: 'a handler begins although its invocation ends before its time is over',
    file: ATTEMPT,
    find: 'if (remaining < timeoutMs + CLOSING_MS)',
    replace: 'if (remaining < CLOSING_MS)',
    by: ['test/unit/worker/leases.test.ts'],
  },
  {
    name: 'an outcome is written down before its handler has run',
    file: ATTEMPT,
    find: 'return runHandler(\n    passageOf',
    replace:
      'await parts.ledger.settle({ source: source.name, id: envelope.id, kind: "event", receivedAt: 1 }, { state: State.applied });\n    return runHandler(passageOf',
    by: ['test/unit/worker/second-look.test.ts'],
  },
  {
    name: 'events of one subject in one batch go in any order',
    file: GROUPS,
    find: 'group.toSorted(byRevision)',
    replace: 'group.toReversed()',
    by: ['test/unit/worker/leases.test.ts'],
  },
  {
    name: 'a forced run ends before it begins, because its event has been applied',
    file: ATTEMPT,
    find: 'if (envelope.force !== undefined) return { isOver: false,',
    replace: 'if (envelope.force === null) return { isOver: false,',
    by: ['test/unit/worker/outcome-lines.test.ts'],
  },
  {
    name: 'a message of a source that was removed waits for ever',
    file: READ,
    find: 'if (now - envelope.receivedAt < UNKNOWN_SOURCE_WAITS)',
    replace: 'if (now - envelope.receivedAt > UNKNOWN_SOURCE_WAITS || now)',
    by: ['test/unit/worker/unknown-source.test.ts'],
  },
  {
    name: 'a message is over although its copy could not be sent',
    file: GIVE_BACK,
    find: 'await inbox.send(copy, undefined, seconds);',
    replace: 'await inbox.send(copy, undefined, seconds).catch(() => undefined);',
    by: ['test/unit/worker/unknown-source.test.ts'],
  },
  {
    name: 'a copy does not say that it is one',
    file: GIVE_BACK,
    find: '          again: true,\n',
    replace: '',
    by: ['test/unit/worker/give-back.test.ts'],
  },
  {
    name: 'a copy does not say until when its handler wants to be left alone',
    file: GIVE_BACK,
    find: '...(notBefore !== undefined && { notBefore }),',
    replace: '',
    by: ['test/unit/worker/handler-says.test.ts'],
  },
  {
    name: 'a copy that comes too early runs its handler',
    file: ATTEMPT,
    find: 'if (notBefore > parts.now())',
    replace: 'if (notBefore < 0)',
    by: ['test/unit/worker/handler-says.test.ts'],
  },
  {
    name: 'a payload that its handler does not expect is tried again and again',
    file: RUN,
    find: "if (code === 'unfit-payload')",
    replace: 'if (code === null)',
    by: ['test/unit/worker/handler-says.test.ts'],
  },
  {
    name: 'an attempt at an event that passes by its subject takes itself for the first',
    file: ATTEMPT,
    find: 'failures: entry?.failures ?? 0',
    replace: 'failures: 0 * (entry?.failures ?? 0)',
    by: ['test/unit/worker/handler-says.test.ts'],
  },
  {
    name: 'a failure that cannot be kept makes another attempt of it',
    file: 'functions/worker/carry-out.ts',
    find: "log.log('WARN', { message: 'failure not kept', source, id, error: errorName(error) });",
    replace: 'log.log; errorName; throw error;',
    by: ['test/unit/worker/handler-says.test.ts'],
  },
  {
    name: 'how the first attempts failed gives way to later ones',
    file: 'functions/store/failures.ts',
    find: 'REMOVE failures[${FIRST}]',
    replace: 'REMOVE failures[${FIRST - FIRST}]',
    by: ['test/unit/store/failures.test.ts'],
  },
  {
    name: 'events of one revision in one batch are handled in the order of the queue',
    file: GROUPS,
    find: ' || a.envelope.receivedAt - b.envelope.receivedAt',
    replace: '',
    by: ['test/unit/worker/ties.test.ts'],
  },
  {
    name: 'the 33rd event of one revision is stale, and nobody looks',
    file: 'functions/worker/project.ts',
    find: 'settlement: { state: State.quarantined, reason',
    replace: 'settlement: { state: State.stale, reason',
    by: ['test/unit/worker/ties.test.ts'],
  },
];
