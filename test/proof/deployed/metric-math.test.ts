import { expect, test } from '@jest/globals';
import { calculate } from './metric-math.ts';

test.each([
  ['a', { a: 2 }, 2],
  ['a + b * 2 - 1', { a: 1, b: 3 }, 6],
  ['(a - b) / 2', { a: 5, b: 1 }, 2],
  ['a - b - 1', { a: 5, b: 1 }, 3],
  ['IF(a - b > 20, 100 * (a - b) / c, 0)', { a: 30, b: 5, c: 50 }, 50],
  ['IF(a - b > 20, 100 * (a - b) / c, 0)', { a: 20, b: 0, c: 50 }, 0],
  ['a >= 2', { a: 2 }, 1],
  ['a > 2', { a: 2 }, 0],
  ['a + b', { a: 1, b: undefined }, undefined],
  ['IF(a > 0, 1, 0)', { a: undefined }, undefined],
  ['IF(a > 0, 1, b)', { a: 1, b: undefined }, 1],
  ['a / b', { a: 1, b: 0 }, undefined],
])('%s with %j is %s', (expression, values, value) => {
  expect(calculate(expression, values)).toBe(value);
});

test.each(['FILL(a, 0)', 'a +', 'a b', 'IF(a, 1)', 'a ^ 2', '(a', 'SUM(METRICS())', ''])(
  '%s is not known here',
  (expression) => {
    expect(() => calculate(expression, { a: 1 })).toThrow('not known here');
  },
);
