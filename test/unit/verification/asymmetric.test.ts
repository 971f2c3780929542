import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import {
  decodeCanonicalBase64,
  developmentEcKey,
  ecPublicKey,
  ecPublicKeyFromJwk,
  holds,
  spkiBase64,
} from '../../../functions/verification/asymmetric.ts';

const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ed25519 = generateKeyPairSync('ed25519');

const spki = (key: KeyObject) => key.export({ format: 'der', type: 'spki' });
const encoded = spki(p256.publicKey).toString('base64');

describe('a P-256 key in base64', () => {
  test('is read with its padding and without, and written with it', () => {
    for (const text of [encoded, encoded.replace('==', '')]) {
      expect(ecPublicKey(text)?.equals(p256.publicKey)).toBe(true);
    }
    expect(spkiBase64(p256.privateKey)).toBe(encoded);
  });

  test.each([
    ['another curve', spki(p384.publicKey).toString('base64')],
    ['RSA', spki(rsa.publicKey).toString('base64')],
    ['Ed25519', spki(ed25519.publicKey).toString('base64')],
    ['a private key', p256.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')],
    ['hexadecimal', spki(p256.publicKey).toString('hex')],
    ['the whole PEM file', p256.publicKey.export({ format: 'pem', type: 'spki' }).toString()],
    ['a space before it', ` ${encoded}`],
    ['a line break in it', `${encoded.slice(0, 64)}\n${encoded.slice(64)}`],
    ['a line break after it', `${encoded}\n`],
    ['too much padding', `${encoded}=`],
    ['an end that is cut off', encoded.slice(0, 100)],
    ['a long tail', Buffer.concat([spki(p256.publicKey), Buffer.alloc(300)]).toString('base64')],
    ['nothing', ''],
  ])('is none with %s', (_what, text) => {
    expect(ecPublicKey(text)).toBeUndefined();
  });
});

describe('a P-256 key of a key set', () => {
  const jwk = p256.publicKey.export({ format: 'jwk' });

  test('is read, whatever else the set says of it', () => {
    expect(ecPublicKeyFromJwk({ ...jwk, kid: '1', use: 'sig' })?.equals(p256.publicKey)).toBe(true);
  });

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['another type', { kty: 'RSA' }],
    ['no type', { kty: undefined }],
    ['another curve', { crv: 'P-384' }],
    ['no curve', { crv: undefined }],
    ['no x', { x: undefined }],
    ['an x that is no text', { x: 1 }],
    ['no y', { y: undefined }],
    ['a y that is no text', { y: [jwk.y] }],
    ['a point that is not of the curve', { y: jwk.x }],
  ])('is none with %s', (_what, change) => {
    expect(ecPublicKeyFromJwk({ ...jwk, ...change })).toBeUndefined();
  });
});

describe('a signature', () => {
  const content = ['größe', Buffer.from([0xff, 0x00]), '.'];
  const message = Buffer.concat(content.map((chunk) => Buffer.from(chunk)));

  test.each([
    ['sha256', p256],
    ['sha1', p256],
    ['sha256', rsa],
    ['sha1', rsa],
  ] as const)('holds with %s over all pieces, in their order', (algorithm, { privateKey, publicKey }) => {
    const signature = sign(algorithm, message, privateKey);
    expect(holds(algorithm, content, publicKey, signature)).toBe(true);
    expect(holds(algorithm, [message], publicKey, signature)).toBe(true);
    expect(holds(algorithm, content.slice(0, 2), publicKey, signature)).toBe(false);
    expect(holds(algorithm, content.toReversed(), publicKey, signature)).toBe(false);
    expect(holds(algorithm === 'sha1' ? 'sha256' : 'sha1', content, publicKey, signature)).toBe(false);
    expect(holds(algorithm, content, p384.publicKey, signature)).toBe(false);
  });

  test('has the spelling that is asked for, DER unless it says otherwise', () => {
    const der = sign('sha256', message, p256.privateKey);
    const plain = sign('sha256', message, { key: p256.privateKey, dsaEncoding: 'ieee-p1363' });
    expect(holds('sha256', content, p256.publicKey, der, 'der')).toBe(true);
    expect(holds('sha256', content, p256.publicKey, plain)).toBe(false);
    expect(holds('sha256', content, p256.publicKey, plain, 'ieee-p1363')).toBe(true);
    expect(holds('sha256', content, p256.publicKey, der, 'ieee-p1363')).toBe(false);
  });

  test('is wrong, and no error, when it cannot be read or the key is of another kind', () => {
    expect(holds('sha256', content, p256.publicKey, Buffer.alloc(0))).toBe(false);
    expect(holds('sha256', content, p256.publicKey, Buffer.from('nonsense'))).toBe(false);
    const signature = sign(null, message, ed25519.privateKey);
    expect(holds('sha256', content, ed25519.publicKey, signature)).toBe(false);
  });
});

describe('base64 in its one spelling', () => {
  test.each([
    ['AA==', 1],
    ['AP8=', 2],
    ['+/8K', 3],
    ['+/8KAA==', 4],
  ])('%s is %i bytes, and not more than that are allowed', (text, bytes) => {
    expect(decodeCanonicalBase64(text, 72)).toEqual(Buffer.from(text, 'base64'));
    expect(decodeCanonicalBase64(text, 72)).toHaveLength(bytes);
    const exact = Buffer.alloc(72 + bytes).toString('base64');
    expect(decodeCanonicalBase64(exact, 72 + bytes)).toEqual(Buffer.alloc(72 + bytes));
    expect(decodeCanonicalBase64(exact, 71 + bytes)).toBeUndefined();
  });

  test.each([
    ['nothing', ''],
    ['no padding', 'AA'],
    ['half of the padding', 'AA='],
    ['too much padding', 'AA==='],
    ['bits that decoding drops', 'AB=='],
    ['the characters of base64url', '-_8K'],
    ['a line break', 'AA==\n'],
    ['a space', 'AP 8='],
    ['hexadecimal', '00f'],
    ['far too much', 'AAAA'.repeat(1000)],
  ])('is not %s', (_what, text) => {
    expect(decodeCanonicalBase64(text, 72)).toBeUndefined();
  });
});

describe('a key for samples', () => {
  const key = developmentEcKey('sample');

  test('follows from its name, as everybody can compute', () => {
    const scalar = createHash('sha256').update('inlet-development-sample').digest('base64url');
    expect(key.export({ format: 'jwk' })).toMatchObject({ kty: 'EC', crv: 'P-256', d: scalar });
    expect(developmentEcKey('sample').equals(key)).toBe(true);
    expect(developmentEcKey('other').equals(key)).toBe(false);
  });

  test('signs what its public half verifies', () => {
    const publicKey = ecPublicKey(spkiBase64(key));
    expect(publicKey?.equals(createPublicKey(key))).toBe(true);
    const signature = sign('sha256', Buffer.from('text'), key);
    expect(publicKey && verify('sha256', Buffer.from('text'), publicKey, signature)).toBe(true);
  });
});
