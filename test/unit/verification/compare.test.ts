import type { Encoding } from '../../../functions/pack/scheme.ts';
import { decodeSignature, equalText, isCanonicalBase64url } from '../../../functions/verification/compare.ts';

test.each([
  ['secret', 'secret', true],
  ['', '', true],
  ['größe ✓', 'größe ✓', true],
  ['secret', 'Secret', false],
  ['secret', 'secret ', false],
  ['secret', 'secre', false],
  ['', 's', false],
  ['é', 'e\u0301', false],
])('%j and %j are equal: %p', (a, b, equal) => {
  expect(equalText(a, b)).toBe(equal);
  expect(equalText(b, a)).toBe(equal);
});

/** Bytes whose base64 has both characters that base64url writes differently. */
const bytes = Buffer.from('fbff0aab', 'hex');

describe('the bytes of a signature', () => {
  test.each<[Encoding, string]>([
    ['hex', 'fbff0aab'],
    ['hex', 'FBFF0AAB'],
    ['base64', '+/8Kqw=='],
    ['base64url', '-_8Kqw'],
  ])('in %s: %s', (encoding, text) => {
    expect(decodeSignature(text, encoding, 4)).toEqual(bytes);
    expect(decodeSignature(text, encoding, 3)).toBeUndefined();
    expect(decodeSignature(text, encoding, 5)).toBeUndefined();
  });

  test.each<[string, Encoding, string]>([
    ['both cases', 'hex', 'FBff0aab'],
    ['one letter of the other case', 'hex', 'fbff0aaB'],
    ['an odd number of digits', 'hex', 'fbff0aab0'],
    ['something after it', 'hex', 'fbff0aab zz'],
    ['something before it', 'hex', ' fbff0aab'],
    ['a letter that is no digit', 'hex', 'fbff0aag'],
    ['base64 in its place', 'hex', '+/8Kqw=='],
    ['no padding', 'base64', '+/8Kqw'],
    ['half of the padding', 'base64', '+/8Kqw='],
    ['too much padding', 'base64', '+/8Kqw==='],
    ['the characters of base64url', 'base64', '-_8Kqw=='],
    ['bits that decoding drops', 'base64', '+/8Kqx=='],
    ['a line break after it', 'base64', '+/8Kqw==\n'],
    ['a line break in it', 'base64', '+/8\nKqw=='],
    ['padding', 'base64url', '-_8Kqw=='],
    ['the characters of base64', 'base64url', '+/8Kqw'],
    ['bits that decoding drops', 'base64url', '-_8Kqx'],
    ['nothing', 'hex', ''],
    ['nothing', 'base64', ''],
    ['nothing', 'base64url', ''],
  ])('are none with %s (%s %j)', (_what, encoding, text) => {
    expect(decodeSignature(text, encoding, 4)).toBeUndefined();
  });

  test('are none in a text longer than any signature, however right it is', () => {
    expect(decodeSignature('00'.repeat(2048), 'hex', 2048)).toEqual(Buffer.alloc(2048));
    expect(decodeSignature('00'.repeat(2049), 'hex', 2049)).toBeUndefined();
  });
});

test.each([
  ['-_8Kqw', true],
  ['-_8Kqg', true],
  ['', true],
  ['-_8Kqx', false],
  ['-_8Kqw==', false],
  ['+/8Kqw', false],
  ['-_8 Kqw', false],
  ['-', false],
])('%j is base64url as it should be: %p', (text, canonical) => {
  expect(isCanonicalBase64url(text)).toBe(canonical);
});
