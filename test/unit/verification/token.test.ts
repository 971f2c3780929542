/** What is checked of a token besides its signature, and how one is signed for samples. */
import { createHash, generateKeyPairSync, type KeyObject, verify } from 'node:crypto';
import type { SigningContext } from '../../../functions/pack/scheme.ts';
import {
  checkTimes,
  DEVELOPMENT_KEY_ID,
  isHashOf,
  signToken,
  type TokenRules,
} from '../../../functions/verification/token.ts';
import { NOW, requestOf } from './request.ts';

describe('times', () => {
  const missing = { ok: false, reason: 'timestamp-missing' };
  const expired = (seconds: number) => ({ ok: false, reason: 'token-expired', hint: `${seconds} s ago` });
  const ahead = (seconds: number) => ({
    ok: false,
    reason: 'timestamp-future',
    hint: `issued ${seconds} s ahead`,
  });
  const lasting = { iat: NOW, exp: NOW + 3600 };

  test.each<[string, object, object | undefined]>([
    ['a token of now', lasting, undefined],
    ['no end', { iat: NOW }, missing],
    ['no beginning', { exp: NOW + 1 }, missing],
    ['an end that is text', { ...lasting, exp: String(NOW + 1) }, missing],
    ['a beginning that is text', { ...lasting, iat: String(NOW) }, missing],
    ['the last second', { iat: NOW - 10, exp: NOW + 1 }, undefined],
    ['the end', { iat: NOW - 10, exp: NOW }, expired(0)],
    ['after the end', { iat: NOW - 10, exp: NOW - 5 }, expired(5)],
    ['issued a minute ahead', { ...lasting, iat: NOW + 60 }, undefined],
    ['issued further ahead', { ...lasting, iat: NOW + 61 }, ahead(61)],
    ['valid from a minute ahead', { ...lasting, nbf: NOW + 60 }, undefined],
    ['valid from further ahead', { ...lasting, nbf: NOW + 61 }, ahead(61)],
    ['valid before it was issued', { ...lasting, iat: NOW + 61, nbf: NOW }, ahead(61)],
    ['no time to be valid from', { ...lasting, nbf: 'later' }, undefined],
  ])('%s', (_what, claims, verdict) => {
    // Whole seconds count, as in the claims.
    expect(checkTimes({ ...claims }, NOW * 1000)).toEqual(verdict);
    expect(checkTimes({ ...claims }, NOW * 1000 + 999)).toEqual(verdict);
  });
});

test('a claim is the hash of the body in hex or in base64, and in nothing else', () => {
  const body = Buffer.from([0xff, 0x00]);
  const digest = createHash('sha256').update(body).digest();
  expect(isHashOf(digest.toString('hex'), body)).toBe(true);
  expect(isHashOf(digest.toString('base64'), body)).toBe(true);
  const others = [
    digest.toString('base64url'),
    digest.toString('hex').toUpperCase(),
    '',
    undefined,
    [digest],
  ];
  for (const claim of others) expect(isHashOf(claim, body)).toBe(false);
  expect(isHashOf(digest.toString('hex'), Buffer.from([0xff]))).toBe(false);
});

describe('a token for samples', () => {
  let publicKey: KeyObject;
  let context: SigningContext;
  beforeAll(() => {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
    publicKey = pair.publicKey;
    const pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' });
    const secret = Buffer.from(pem).toString('base64');
    context = { request: requestOf({}), secret, options: {}, now: NOW * 1000 + 999 };
  });
  const rules: TokenRules = {
    issuer: 'https://issuer.example',
    audience: 'inlet',
    jwksUri: 'https://issuer.example/keys',
    accepts: () => true,
    sampleClaims: { sub: 'sample', iss: 'overridden' },
  };

  function parse(text: string | undefined) {
    const [, header = '', claims = '', signature = ''] =
      /^Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(text ?? '') ?? [];
    const decode = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
    const holds = verify(
      'sha256',
      Buffer.from(`${header}.${claims}`),
      publicKey,
      Buffer.from(signature, 'base64url'),
    );
    return { header: decode(header), claims: decode(claims), holds };
  }

  test('lasts an hour and carries what the rules ask for', () => {
    const headers = signToken(rules, context);
    expect(Object.keys(headers)).toEqual(['authorization']);
    expect(parse(headers.authorization)).toEqual({
      holds: true,
      header: { alg: 'RS256', typ: 'JWT', kid: DEVELOPMENT_KEY_ID },
      claims: { sub: 'sample', iss: 'https://issuer.example', aud: 'inlet', iat: NOW, exp: NOW + 3600 },
    });
  });

  test('is for the first of several audiences, in the header of the rules, with the hash of the body', () => {
    const headers = signToken(
      { ...rules, audience: ['first', 'second'], header: 'x-jwt', bodyClaim: 'hash' },
      context,
    );
    expect(Object.keys(headers)).toEqual(['x-jwt']);
    expect(parse(headers['x-jwt']).claims).toMatchObject({
      aud: 'first',
      hash: createHash('sha256').update('{"a":1}').digest('hex'),
    });
  });

  test('cannot be signed with what is no private key', () => {
    expect(() => signToken(rules, { ...context, secret: 'c2VjcmV0' })).toThrow();
  });

  test('has a key id of its own', () => {
    expect(DEVELOPMENT_KEY_ID).toBe('inlet-development');
  });
});
