import fc from 'fast-check';
import { compareRevisions } from '../../../functions/core/revisions.ts';
import { normaliseRevision, revisionToJson } from '../../../functions/facts/revision.ts';

test.each([
  ['0', 'integer', '0'],
  ['007', 'integer', '7'],
  ['-3', 'integer', '-3'],
  ['-0', 'integer', '0'],
  ['12345678901234567890', 'integer', '12345678901234567890'],
  ['1.5', 'integer', undefined],
  ['', 'integer', undefined],
  ['1e3', 'integer', undefined],
  ['9'.repeat(39), 'integer', undefined],
  ['1752613920', 'seconds', '1752613920000'],
  ['1752613920.7335', 'seconds', '1752613920733.5'],
  ['1752613920733', 'milliseconds', '1752613920733'],
  ['1970-01-01T00:00:01Z', 'timestamp', '1000'],
  ['1970-01-01T00:00:01.123456789Z', 'timestamp', '1123.456789'],
  ['1970-01-01T01:00:01.5+01:00', 'timestamp', '1500'],
  ['2016-11-08 16:22:20 -0500', 'timestamp', String(Date.parse('2016-11-08T16:22:20-05:00'))],
  ['2016-11-08T16:22:20-05', 'timestamp', String(Date.parse('2016-11-08T16:22:20-05:00'))],
  ['2016-11-08 16:22:20', 'timestamp', String(Date.parse('2016-11-08T16:22:20Z'))],
  ['2016-11-08T16:22Z', 'timestamp', String(Date.parse('2016-11-08T16:22:00Z'))],
  ['2016-11-08', 'timestamp', String(Date.parse('2016-11-08T00:00:00Z'))],
  ['Thu, 01 Jan 2026 10:00:00 GMT', 'timestamp', String(Date.parse('2026-01-01T10:00:00Z'))],
  ['Thu, 01 Jan 2026 10:00:00', 'timestamp', undefined],
  ['not a time', 'timestamp', undefined],
  ['rev-3', 'timestamp', undefined],
  ['v 2', 'timestamp', undefined],
  ['1.5', 'timestamp', undefined],
] as const)('%s as %s is %s', (text, as, expected) => {
  expect(normaliseRevision(text, as)).toBe(expected);
});

test('timestamps keep their order to the last digit', () => {
  const earlier = normaliseRevision('2026-01-01T00:00:00.123456788Z', 'timestamp') ?? '';
  const later = normaliseRevision('2026-01-01T00:00:00.123456789Z', 'timestamp') ?? '';
  expect(compareRevisions(earlier, later)).toBe(-1);
});

test('comparison agrees with arithmetic, in every spelling that DynamoDB may use', () => {
  fc.assert(
    fc.property(fc.bigInt(-(10n ** 30n), 10n ** 30n), fc.bigInt(-(10n ** 30n), 10n ** 30n), (a, b) => {
      const expected = a < b ? -1 : a > b ? 1 : 0;
      expect(compareRevisions(String(a), String(b))).toBe(expected);
    }),
  );
  expect(compareRevisions('1.5E+3', '1500')).toBe(0);
  expect(compareRevisions('1.5E-3', '0.0015')).toBe(0);
  expect(compareRevisions('1123.456789', '1123.4')).toBe(1);
  expect(compareRevisions('-1', '0')).toBe(-1);
  expect(compareRevisions('-0.5', '-0.25')).toBe(-1);
});

test('a revision is a JSON number only where that loses nothing', () => {
  expect(revisionToJson('2')).toBe(2);
  expect(revisionToJson('12345678901234567890')).toBe('12345678901234567890');
  expect(revisionToJson('1123.456789')).toBe(1123.456789);
});
