import fc from 'fast-check';
import { compareRevisions } from '../../../functions/core/revisions.ts';

describe('compareRevisions', () => {
  test('is the order of whole numbers of any length', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt(), (a, b) => {
        expect(compareRevisions(String(a), String(b))).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
    );
  });

  test('is the order of decimals', () => {
    const part = fc.nat({ max: 99_999 });
    fc.assert(
      fc.property(part, part, part, part, (a, b, c, d) => {
        const [left, right] = [`${a}.${b}`, `${c}.${d}`];
        const scaled = (text: string) => Math.round(Number(text) * 1e5);
        expect(compareRevisions(left, right)).toBe(Math.sign(scaled(left) - scaled(right)));
      }),
    );
  });

  test.each([
    ['1', '1.0', 0],
    ['1.5', '1.25', 1],
    ['0.1', '0.09', 1],
    ['-1', '1', -1],
    ['-2.5', '-2.4', -1],
    ['1e3', '1000', 0],
    ['1E+3', '999', 1],
    ['1.2345e2', '123.45', 0],
    ['1.5e3', '1500', 0],
    ['5e-1', '0.5', 0],
    ['125e-2', '1.25', 0],
    ['1.25e-3', '0.00125', 0],
    ['-1.5e1', '-15', 0],
    ['1.2E+20', '120000000000000000001', -1],
    ['.5', '0.5', 0],
    ['1e-12', '0.000000000001', 0],
    ['1e15', '1000000000000000', 0],
  ])('%s against %s: %i', (a, b, order) => {
    expect(compareRevisions(a, b)).toBe(order);
    expect(compareRevisions(b, a)).toBe(0 - order);
  });
});
