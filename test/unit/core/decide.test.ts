import { decide, decideForced, type Subject, type Verdict } from '../../../functions/core/decide.ts';

const NOW = 1_000;
const event = { id: 'e1', revision: '5' };
const ties = (count: number) => Array.from({ length: count }, (_, n) => `t${n}`);

describe('decide', () => {
  test.each<readonly [string, Subject | undefined, Verdict]>([
    ['nothing is known', undefined, { verdict: 'apply' }],
    ['nothing was applied', {}, { verdict: 'apply' }],
    ['this event was applied last', { revision: '5', eventId: 'e1' }, { verdict: 'repeat' }],
    ['this event was applied with another revision', { revision: '4', eventId: 'e1' }, { verdict: 'repeat' }],
    ['another event had the revision', { revision: '5', eventId: 'e2' }, { verdict: 'apply' }],
    [
      'another event had the revision, and a handler has it',
      { revision: '5', eventId: 'e2', leaseUntil: NOW },
      { verdict: 'held', until: NOW },
    ],
    ['31 others had the revision', { revision: '5', eventId: 't1', ties: ties(31) }, { verdict: 'apply' }],
    [
      '32 others had the revision',
      { revision: '5', eventId: 't1', ties: ties(32) },
      { verdict: 'full', revision: '5' },
    ],
    ['32 others had the one before', { revision: '4', eventId: 't1', ties: ties(32) }, { verdict: 'apply' }],
    [
      'this event and another had the revision',
      { revision: '5', eventId: 'e2', ties: ['e1', 'e2'] },
      { verdict: 'repeat' },
    ],
    [
      'this event and 31 others had the revision',
      { revision: '5', eventId: 't1', ties: [...ties(31), 'e1'] },
      { verdict: 'repeat' },
    ],
    [
      'this event and another had the revision, and its own is another by now',
      { revision: '4', eventId: 'e2', ties: ['e1', 'e2'] },
      { verdict: 'repeat' },
    ],
    [
      'another event had the revision, and this one was applied at an older one',
      { revision: '5', eventId: 'e2', recent: ['e1'] },
      { verdict: 'repeat' },
    ],
    ['a newer one was applied', { revision: '6', eventId: 'e2' }, { verdict: 'older', revision: '6' }],
    [
      'this event was applied, and newer ones since',
      { revision: '7', eventId: 'e3', recent: ['e2', 'e1'] },
      { verdict: 'repeat' },
    ],
    ['an older one was applied', { revision: '4', eventId: 'e2' }, { verdict: 'apply' }],
    [
      'an older one was applied, and a handler has it',
      { revision: '4', eventId: 'e2', leaseUntil: NOW },
      { verdict: 'held', until: NOW },
    ],
    ['a handler has it for the first time', { leaseUntil: 2_000 }, { verdict: 'held', until: 2_000 }],
    ['a handler had it', { leaseUntil: NOW - 1 }, { verdict: 'apply' }],
    [
      'a newer one was applied, and a handler has it',
      { revision: '6', eventId: 'e2', leaseUntil: 2_000 },
      { verdict: 'older', revision: '6' },
    ],
  ])('%s', (_what, subject, verdict) => {
    expect(decide(subject, event, NOW)).toEqual(verdict);
  });
});

describe('decideForced', () => {
  test.each<readonly [string, Subject | undefined, Verdict]>([
    ['nothing is known', undefined, { verdict: 'older', revision: 'none' }],
    ['nothing was applied', { leaseUntil: 2_000 }, { verdict: 'older', revision: 'none' }],
    ['a newer one was applied', { revision: '6', eventId: 'e2' }, { verdict: 'older', revision: '6' }],
    ['another event had the revision', { revision: '5', eventId: 'e2' }, { verdict: 'older', revision: '5' }],
    ['ours, with another revision', { revision: '4', eventId: 'e1' }, { verdict: 'older', revision: '4' }],
    ['ours', { revision: '5', eventId: 'e1' }, { verdict: 'apply' }],
    [
      'ours, and another of the revision since',
      { revision: '5', eventId: 'e2', ties: ['e1', 'e2'] },
      { verdict: 'apply' },
    ],
    [
      'ours, and two others of the revision',
      { revision: '5', eventId: 'e2', ties: ['e2', 'e3'] },
      { verdict: 'older', revision: '5' },
    ],
    [
      'ours, and a handler has it',
      { revision: '5', eventId: 'e1', leaseUntil: 2_000 },
      { verdict: 'held', until: 2_000 },
    ],
    ['ours, and done', { revision: '5', eventId: 'e1', forced: ['f'] }, { verdict: 'repeat' }],
    [
      'ours, done, and another since',
      { revision: '5', eventId: 'e1', forced: ['g', 'f'] },
      { verdict: 'repeat' },
    ],
    ['done, and a newer one since', { revision: '6', eventId: 'e2', forced: ['f'] }, { verdict: 'repeat' }],
    [
      'a newer one, done by another request',
      { revision: '6', eventId: 'e2', forced: ['g'] },
      { verdict: 'older', revision: '6' },
    ],
  ])('%s', (_what, subject, verdict) => {
    expect(decideForced(subject, event, 'f', NOW)).toEqual(verdict);
  });
});
