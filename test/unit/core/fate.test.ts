import fc from 'fast-check';
import {
  type Attempt,
  type Circumstances,
  errorFate,
  FRESH_COPY_AT,
  fateOf,
} from '../../../functions/core/fate.ts';
import { MAX_RECEIVES } from '../../../functions/core/names.ts';

const about: Circumstances = {
  now: 1_000_000,
  random: 0.5,
  receives: 1,
  forced: false,
  archived: true,
  limit: 10,
};
const failed: Attempt = { end: 'failed', reason: 'why' };

test.each<readonly [string, Attempt, Partial<Circumstances>, object]>([
  [
    'an outcome is written down',
    { end: 'settled', settlement: { state: 'applied' } },
    {},
    { kind: 'settle', settlement: { state: 'applied' }, archive: false },
  ],
  [
    'what is archived is not archived again when it dies',
    { end: 'settled', settlement: { state: 'dead' } },
    {},
    { kind: 'settle', archive: false },
  ],
  [
    'what is not archived is archived when it dies',
    { end: 'settled', settlement: { state: 'dead' } },
    { archived: false },
    { kind: 'settle', archive: true },
  ],
  [
    'what is not archived is archived when the gate quarantines it',
    { end: 'settled', settlement: { state: 'quarantined' } },
    { archived: false },
    { kind: 'settle', archive: true },
  ],
  [
    'what ends well need not be archived',
    { end: 'settled', settlement: { state: 'applied' } },
    { archived: false },
    { kind: 'settle', archive: false },
  ],
  [
    'a copy that comes too late is over',
    { end: 'settled-before' },
    {},
    { kind: 'over', outcome: 'settled-before' },
  ],
  [
    'a handler that says when is tried again then, not sooner and not later',
    { end: 'failed', reason: 'why', retryAfter: 20 },
    { attempts: 9 },
    { kind: 'return', why: 'failed', seconds: 20, as: 'hidden' },
  ],
  [
    'where SQS cannot wait as long the copy says until when',
    { end: 'failed', reason: 'why', retryAfter: 3_600 },
    { attempts: 1 },
    { kind: 'return', why: 'failed', seconds: 900, as: 'copy', notBefore: 4_600_000 },
  ],
  [
    'what comes before its time goes round once more, for the rest of it',
    { end: 'not-yet', until: 1_060_500 },
    {},
    { kind: 'return', why: 'not-yet', seconds: 61, as: 'copy' },
  ],
  [
    'a held subject is looked at again soon',
    { end: 'held', until: 2_000_000 },
    {},
    { kind: 'return', why: 'held', seconds: 3, as: 'hidden' },
  ],
  [
    'and at the latest when its lease ends',
    { end: 'held', until: 1_001_000 },
    {},
    { kind: 'return', why: 'held', seconds: 1, as: 'hidden' },
  ],
  ['no time is left', { end: 'no-time' }, {}, { kind: 'return', why: 'no-time', seconds: 1, as: 'hidden' }],
  [
    'the rest of a batch goes on as a copy, which knows how far it is',
    { end: 'no-time', progress: { taken: 1, of: 2 } },
    {},
    { kind: 'return', why: 'no-time', seconds: 1, as: 'copy', progress: { taken: 1, of: 2 } },
  ],
  ['the lease was lost', { end: 'lease-lost' }, {}, { kind: 'return', why: 'lease-lost', as: 'hidden' }],
  [
    'a source that is unknown here waits as a copy',
    { end: 'unknown-source' },
    {},
    { kind: 'return', why: 'unknown-source', seconds: 60, as: 'copy' },
  ],
  [
    'AWS fails: the pause grows with the receives',
    { end: 'error', passing: true },
    { receives: 4 },
    { kind: 'return', why: 'error', seconds: 6, as: 'hidden' },
  ],
  [
    'AWS fails for long: a copy keeps the message from the dead-letter queue',
    { end: 'error', passing: true },
    { receives: FRESH_COPY_AT },
    { kind: 'return', why: 'error', as: 'copy' },
  ],
  [
    'AWS fails, and did so for the copies before this one: the pause grows with the time',
    { end: 'error', passing: true },
    { waited: 3_600_000 },
    { kind: 'return', why: 'error', seconds: 675, as: 'copy' },
  ],
  [
    'something else fails: SQS gives the message up in the end',
    { end: 'error', passing: false },
    { receives: FRESH_COPY_AT, waited: 3_600_000 },
    { kind: 'return', why: 'error', as: 'hidden' },
  ],
  [
    'a handler fails: the pause grows with the attempts',
    failed,
    { attempts: 3, receives: 30 },
    { kind: 'return', why: 'failed', reason: 'why', seconds: 3, as: 'hidden' },
  ],
  [
    'a long pause is spent as a copy',
    failed,
    { attempts: 9 },
    { kind: 'return', why: 'failed', seconds: 192, as: 'copy' },
  ],
  [
    'a handler that hangs keeps its subject: nobody asks before',
    { end: 'failed', reason: 'why', leaseUntil: 1_020_000 },
    { attempts: 1 },
    { kind: 'return', why: 'failed', seconds: 20, as: 'hidden' },
  ],
  [
    'the last attempt fails',
    failed,
    { attempts: 10 },
    { kind: 'settle', settlement: { state: 'dead', reason: 'why', counted: true }, archive: false },
  ],
  [
    'the last attempt of an event that is not archived fails',
    failed,
    { attempts: 10, archived: false },
    { kind: 'settle', settlement: { state: 'dead' }, archive: true },
  ],
  ['an attempt at what is settled fails', failed, {}, { kind: 'over', outcome: 'settled-before' }],
  [
    'a forced run fails: the receives of its message are its attempts',
    failed,
    { forced: true, receives: 9 },
    { kind: 'return', why: 'failed', seconds: 192, as: 'hidden' },
  ],
  [
    'a forced run fails for the last time',
    failed,
    { forced: true, receives: 10 },
    { kind: 'over', outcome: 'forced', reason: 'why' },
  ],
])('%s', (_what, attempt, more, fate) => {
  expect(fateOf(attempt, { ...about, ...more })).toMatchObject(fate);
});

test('what cannot be read is never copied: SQS gives it up in the end, unless AWS has failed', () => {
  for (const receives of [1, FRESH_COPY_AT, MAX_RECEIVES]) {
    expect(errorFate({ receives, random: 0.5 }, false)).toMatchObject({ as: 'hidden' });
  }
  expect(errorFate({ receives: 1, random: 0.5 }, true)).toMatchObject({ as: 'hidden' });
  expect(errorFate({ receives: FRESH_COPY_AT, random: 0.5 }, true)).toMatchObject({ as: 'copy' });
});

/** What is none of a handler's doing, and passes. */
const ofAws = fc.oneof(
  fc.constantFrom<Attempt>(
    { end: 'no-time' },
    { end: 'no-time', progress: { taken: 1, of: 2 } },
    { end: 'lease-lost' },
    { end: 'unknown-source' },
    { end: 'error', passing: true },
  ),
  fc.record({ end: fc.constant('held' as const), until: fc.integer({ min: 0, max: 10 ** 10 }) }),
);

test('every fate that returns is within what SQS takes, and none but a forced run comes near the queue’s limit', () => {
  const attempts = fc.oneof(
    ofAws,
    fc.record({
      end: fc.constant('failed' as const),
      reason: fc.constant('why'),
      leaseUntil: fc.integer({ min: 0, max: 2_000_000 }),
    }),
  );
  const circumstances = fc.record({
    now: fc.constant(1_000_000),
    random: fc.double({ min: 0, max: 0.999, noNaN: true }),
    receives: fc.integer({ min: 1, max: MAX_RECEIVES }),
    forced: fc.boolean(),
    archived: fc.boolean(),
    attempts: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
    limit: fc.constant(10),
  });
  fc.assert(
    fc.property(attempts, circumstances, (attempt, some) => {
      const fate = fateOf(attempt, some);
      if (fate.kind !== 'return') return;
      expect(fate.seconds).toBeGreaterThanOrEqual(1);
      expect(fate.seconds).toBeLessThanOrEqual(fate.as === 'copy' ? 900 : 43_200);
      expect(Number.isInteger(fate.seconds)).toBe(true);
      if (some.receives >= FRESH_COPY_AT && !some.forced) expect(fate.as).toBe('copy');
    }),
  );
});

describe('a message comes no nearer to the dead-letter queue than a copy allows', () => {
  /** Of a few kinds each, as a pause of one kind may undo what another one brings about. */
  const runsOf = (some: fc.Arbitrary<Attempt>) =>
    fc
      .array(some, { minLength: 1, maxLength: 3 })
      .chain((kinds) => fc.array(fc.constantFrom(...kinds), { minLength: 100, maxLength: 200 }));

  /** How often the most received message of a run was received that comes back as long as its attempts go on. */
  function mostReceives(
    attempts: readonly Attempt[],
    some: Circumstances,
    random: readonly number[],
  ): number {
    let receives = some.receives;
    let most = receives;
    for (const [n, attempt] of attempts.entries()) {
      const fate = fateOf(attempt, { ...some, receives, random: random[n % random.length] ?? 0.5 });
      if (fate.kind !== 'return') break;
      receives = fate.as === 'copy' ? 1 : receives + 1;
      most = Math.max(most, receives);
    }
    return most;
  }
  const randoms = fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 1, maxLength: 5 });

  test('by errors of AWS and held subjects, in whatever order they come, also when it is a forced run', () => {
    fc.assert(
      fc.property(runsOf(ofAws), fc.boolean(), randoms, (attempts, forced, random) => {
        expect(mostReceives(attempts, { ...about, forced }, random)).toBeLessThanOrEqual(FRESH_COPY_AT);
      }),
    );
  });

  test('by failures of its handler among them', () => {
    const failing = fc.oneof(ofAws, fc.constant(failed));
    fc.assert(
      fc.property(runsOf(failing), fc.integer({ min: 1, max: 9 }), randoms, (attempts, counted, random) => {
        const most = mostReceives(attempts, { ...about, attempts: counted }, random);
        expect(most).toBeLessThanOrEqual(FRESH_COPY_AT);
      }),
    );
  });
});
