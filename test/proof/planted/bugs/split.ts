/** Faults in how the worker splits a batch. */
import type { Bug } from '../bug.ts';

const ATTEMPT = 'functions/worker/attempt.ts';
const SPLIT = 'functions/worker/split.ts';

export const split: readonly Bug[] = [
  {
    name: 'a batch is split although one of its events could not be queued',
    file: SPLIT,
    find: 'isToConfirm(source.config, place),\n    );',
    replace: 'isToConfirm(source.config, place),\n    ).catch(() => undefined);',
    by: ['test/unit/worker/split.test.ts'],
  },
  {
    name: 'a batch is split before its events are queued',
    file: ATTEMPT,
    find: 'const progress = await splitBatch(parts, source, envelope, items, hasTime);',
    replace:
      'splitBatch(parts, source, envelope, items, hasTime).catch(() => undefined);\n    const progress = { taken: items.length, of: items.length };',
    by: ['test/unit/worker/split.test.ts'],
  },
  {
    name: 'a batch is split when the time of its invocation is over',
    file: ATTEMPT,
    find: 'return progress.taken < progress.of',
    replace: 'return progress.taken < 0',
    by: ['test/unit/worker/split.test.ts'],
  },
  {
    name: 'a batch that takes longer than an invocation begins anew in each',
    file: 'functions/worker/give-back.ts',
    find: '...(progress && { progress })',
    replace: '',
    by: ['test/unit/worker/split.test.ts'],
  },
  {
    name: 'a batch in which other events are found now goes on where it has stopped',
    file: SPLIT,
    find: 'batch.progress?.of === of ? batch.progress.taken : 0',
    replace: 'batch.progress?.taken ?? 0',
    by: ['test/unit/worker/split.test.ts'],
  },
  {
    name: 'what was applied as one event is split when its pack finds several in it',
    file: ATTEMPT,
    find: "task.envelope.kind === 'event' && (await hasOutcome(parts, task))",
    replace: 'false',
    by: ['test/unit/worker/split.test.ts'],
  },
];
