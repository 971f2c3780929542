/** Faults in what the worker does about what fails: retried, dead, archived. */
import type { Bug } from '../bug.ts';

const WORKER = 'functions/worker/worker.ts';
const CARRY_OUT = 'functions/worker/carry-out.ts';
const DEAD_LETTERS = 'functions/worker/dead-letters.ts';

export const failures: readonly Bug[] = [
  {
    name: 'a dead letter is recorded although it could not be archived',
    watched: true,
    file: DEAD_LETTERS,
    find: 'await archive.put([envelope]);',
    replace: 'await archive.put([envelope]).catch(() => undefined);',
    by: ['test/unit/worker/dead-and-archived.test.ts'],
  },
  {
    name: 'a dead letter is not archived',
    file: DEAD_LETTERS,
    find: 'await archive.put([envelope]);',
    replace: '',
    by: ['test/unit/worker/dead-and-archived.test.ts'],
  },
  {
    name: 'a batch that SQS gave up counts as one event when its entry has expired',
    file: DEAD_LETTERS,
    find: "task?.kind === 'batch' ? task.items.length : undefined",
    replace: 'undefined',
    by: ['test/unit/worker/dead-and-archived.test.ts'],
  },
  {
    name: 'a dead letter is dead although the gate has applied its event',
    file: DEAD_LETTERS,
    find: "return verdict === 'repeat' ?",
    replace: "return verdict === 'apply' && !task ?",
    by: ['test/unit/worker/second-look.test.ts'],
  },
  {
    name: 'an event is dead although it could not be archived',
    file: CARRY_OUT,
    find: 'if (isLacking) await archive.put([envelope]);',
    replace: 'if (isLacking) await archive.put([envelope]).catch(() => undefined);',
    by: ['test/unit/worker/dead-and-archived.test.ts'],
  },
  {
    name: 'an event is dead and not archived',
    watched: true,
    file: CARRY_OUT,
    find: 'if (isLacking) await archive.put([envelope]);',
    replace: '',
    by: ['test/unit/worker/dead-and-archived.test.ts'],
  },
  {
    name: 'a failure that could not be counted is taken for settled',
    watched: true,
    file: CARRY_OUT,
    find: '* 1000 }),\n  });',
    replace: '* 1000 }),\n  }).catch(() => undefined);',
    by: ['test/unit/worker/failures.test.ts'],
  },
  {
    name: 'an outcome that could not be written down is taken for written',
    file: CARRY_OUT,
    find: 'await ledger.settle(entry, settlement, token, { restores: envelope.force === undefined, ...lease })',
    replace: 'await ledger.settle(entry, settlement, token).catch(() => true)',
    by: ['test/unit/worker/failures.test.ts'],
  },
  {
    name: 'what could not be archived is dropped',
    file: WORKER,
    find: "carryOut({ ...this.#parts, giveBack }, task, { end: 'error', passing: isPassing(error) }),",
    replace: 'Promise.resolve(task),',
    by: ['test/unit/worker/failures.test.ts'],
  },
  {
    name: 'one event that could not be archived brings the whole batch back',
    file: WORKER,
    find: 'ids === undefined || ids.includes(ledgerId(source, id)),',
    replace: 'ids === undefined || source + id !== "",',
    by: ['test/proof/degradation/left-over.test.ts'],
  },
  {
    name: 'a message that nobody can read is dropped',
    file: WORKER,
    find: 'await giveBack(record, errorFate(about, isPassing(error)));',
    replace: 'void about;',
    by: ['test/unit/worker/failures.test.ts'],
  },
  {
    name: 'a message that comes back is reported as done',
    file: WORKER,
    find: 'if (!isReplaced) returned.add(record.messageId);',
    replace: '',
    by: ['test/unit/worker/failures.test.ts'],
  },
  {
    name: 'a redrive of an event gives it another id than ingest did',
    file: 'functions/facts/describe.ts',
    find: 'facts: withId(delivery.facts, carrier.id) }',
    replace: 'facts: withId(delivery.facts, delivery.facts.id) }',
    by: ['test/unit/worker/failures.test.ts'],
  },
  {
    name: 'a forced run that SQS gave up writes an entry for an event that has none any more',
    file: DEAD_LETTERS,
    find: '{ restores: !isForced }',
    replace: '{ restores: true }',
    by: ['test/unit/worker/second-look.test.ts'],
  },
];
