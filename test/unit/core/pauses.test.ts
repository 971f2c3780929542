import fc from 'fast-check';
import { backoffSeconds, heldSeconds } from '../../../functions/core/pauses.ts';

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const attempt = fc.integer({ min: 1, max: 10_000 });

test('a pause is a whole number of seconds that SQS takes, and never 0, which would spin', () => {
  fc.assert(
    fc.property(attempt, random, (n, at) => {
      const seconds = backoffSeconds(n, at);
      expect(Number.isInteger(seconds)).toBe(true);
      expect(seconds).toBeGreaterThanOrEqual(1);
      expect(seconds).toBeLessThanOrEqual(900);
    }),
  );
});

test('a pause is between half of its ceiling and the whole, and the ceiling doubles up to 15 minutes', () => {
  fc.assert(
    fc.property(attempt, random, (n, at) => {
      const ceiling = n > 10 ? 900 : Math.min(900, 2 ** (n - 1));
      expect(backoffSeconds(n, at)).toBeGreaterThanOrEqual(ceiling / 2);
      expect(backoffSeconds(n, at)).toBeLessThanOrEqual(ceiling);
    }),
  );
});

test('with the same luck no attempt waits for less than the one before', () => {
  fc.assert(
    fc.property(attempt, random, (n, at) => {
      expect(backoffSeconds(n + 1, at)).toBeGreaterThanOrEqual(backoffSeconds(n, at));
    }),
  );
});

test.each([
  [1, 0, 1],
  [2, 0, 1],
  [3, 0, 2],
  [3, 0.999, 4],
  [10, 0, 256],
  [11, 0, 450],
  [11, 0.999, 900],
  [1e6, 0.5, 675],
])('attempt %i with luck %d: %i s', (n, at, seconds) => {
  expect(backoffSeconds(n, at)).toBe(seconds);
});

test('a busy subject is looked at again within 1 to 5 s, and not after its lease has ended', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e6, max: 1e6 }), random, (rest, at) => {
      const now = 1_700_000_000_000;
      const seconds = heldSeconds(now + rest, now, at);
      expect(Number.isInteger(seconds)).toBe(true);
      expect(seconds).toBeGreaterThanOrEqual(1);
      expect(seconds).toBeLessThanOrEqual(Math.min(5, Math.max(1, Math.ceil(rest / 1000))));
    }),
  );
  expect(heldSeconds(10_000, 0, 0)).toBe(1);
  expect(heldSeconds(10_000, 0, 0.99)).toBe(5);
  expect(heldSeconds(1_500, 0, 0.99)).toBe(2);
});
