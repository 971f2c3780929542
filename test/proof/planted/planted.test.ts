/**
 * A part of the planted bugs with every run of the tests; `npm run planted` plants them all, which takes minutes.
 * Here are those that the tests were blind for once, and those of pure code, which cost next to nothing. Of all others it
 * is checked that their text is still there.
 */
import { jest } from '@jest/globals';
import { type Bug, plantedText } from './bug.ts';
import { bugs } from './bugs.ts';
import { isGood, judge } from './judge.ts';

/** Forty runs of tests, on a machine that may be busy. */
jest.setTimeout(300_000);

const isPlanted = ({ equivalent }: Bug) => equivalent === undefined;
const isPure = ({ by }: Bug) =>
  by.every((file) => file.startsWith('test/unit/core/') && !file.endsWith('decide-and-gate.test.ts'));

test.each(bugs)('there is a place for it: $name', (bug) => {
  expect(plantedText(bug)).not.toBe('');
  expect(bug.by.length > 0).toBe(isPlanted(bug));
});

test('no two bugs have one name', () => {
  expect(new Set(bugs.map(({ name }) => name)).size).toBe(bugs.length);
});

test('each is noticed by a test of those that are named for it, and nothing fails without a bug', async () => {
  const chosen = bugs.filter((bug) => isPlanted(bug) && (bug.watched || isPure(bug)));
  const verdicts = await judge(chosen);
  expect(verdicts).toHaveLength(chosen.length + 1);
  expect(verdicts.filter((verdict) => !isGood(verdict))).toEqual([]);
});
