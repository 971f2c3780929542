import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { plaidToken as scheme } from '../../../functions/verification/plaid.ts';
import { judge, refusal } from './custom-request.ts';
import { NOW } from './request.ts';

const HEADER = 'plaid-verification';
const body = '{"webhook_type":"ITEM"}';
const hash = createHash('sha256').update(body).digest('hex');
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'k1' };
const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');
const header = { alg: 'ES256', kid: 'k1', typ: 'JWT' };
const claims = { iat: NOW, request_body_sha256: hash };

/** The first two parts as they are given, under a true signature. */
function sealed(content: string, key = privateKey, dsaEncoding: 'ieee-p1363' | 'der' = 'ieee-p1363') {
  return `${content}.${sign('sha256', Buffer.from(content), { key, dsaEncoding }).toString('base64url')}`;
}
const token = (claimsOf: object = {}, headerOf: object = {}) =>
  sealed(`${encode({ ...header, ...headerOf })}.${encode({ ...claims, ...claimsOf })}`);

const keys = (...list: unknown[]) => ({ jwks: { keys: list } });
const check = (jwt: string, options: Readonly<Record<string, unknown>> = keys(jwk), late = 0) =>
  judge(scheme, { headers: { [HEADER]: jwt }, body }, { secrets: [], options, late });

const malformed = refusal('signature-malformed', 'expected a JWT signed with ES256');
const unknownKey = refusal('signature-mismatch', 'its key (kid) is not in options.jwks, or has expired');
const mismatch = refusal('signature-mismatch');
const otherBody = refusal('token-claims', 'the token is for another body');
const good = { ok: true, proofId: expect.stringMatching(/^[0-9a-f]{40}:\d+$/) };

test('secrets play no part', () => {
  expect(scheme.withoutSecret).toBe(true);
});

describe('the token', () => {
  test('is missing', async () => {
    const missing = refusal('signature-missing', HEADER);
    expect(await judge(scheme, { body }, { options: keys(jwk) })).toEqual(missing);
    expect(await check('')).toEqual(missing);
  });

  const [head = '', payload = '', signature = ''] = token().split('.');
  test.each([
    ['no JWT', 'token'],
    ['of two parts', `${head}.${payload}`],
    ['of four parts', `${token()}.${signature}`],
    ['with text before it', `Bearer ${token()}`],
    ['with text after it', `${token()} x`],
    ['with padding', `${token()}=`],
    ['with a part that is empty', `${head}..${signature}`],
    ['with a header that is no JSON', sealed(`AAAA.${payload}`)],
    ['with a header that is no object', sealed(`${encode([header])}.${payload}`)],
    ['with claims that are no JSON', sealed(`${head}.AAAA`)],
    ['with claims that are no object', sealed(`${head}.${encode(null)}`)],
    ['of another algorithm', token({}, { alg: 'HS256' })],
    ['of no algorithm', token({}, { alg: 'none' })],
    ['that does not name its algorithm', token({}, { alg: undefined })],
    ['with extensions that have to be understood', token({}, { crit: ['exp'], exp: NOW + 60 })],
    ['whose signature has another spelling', token().replace(/.$/, 'B')],
  ])('%s is malformed', async (_what, jwt) => {
    expect(await check(jwt)).toEqual(malformed);
  });

  test('is at most 4096 characters long', async () => {
    const long = (typ: string, padding: number) => token({ padding: 'x'.repeat(padding) }, { typ });
    const fill = Math.floor(((4_096 - long('', 0).length) * 3) / 4);
    // A part in base64 is never 4n + 1 characters long: two parts that grow reach every length.
    const tokens = ['', 'J', 'JW'].flatMap((typ) => [-3, -2, -1, 0, 1].map((more) => long(typ, fill + more)));
    const lengths = tokens.map(({ length }) => length);
    expect(lengths).toEqual(expect.arrayContaining([4_096, 4_097]));
    for (const jwt of tokens) expect(await check(jwt)).toEqual(jwt.length <= 4_096 ? good : malformed);
  });

  test.each([
    ['made with another key', sealed(`${head}.${payload}`, other.privateKey)],
    ['in DER', sealed(`${head}.${payload}`, privateKey, 'der')],
    ['of another token', `${head}.${encode({ ...claims, iat: NOW - 1 })}.${signature}`],
  ])('with a signature %s does not hold', async (_what, jwt) => {
    expect(await check(jwt)).toEqual(mismatch);
  });

  test.each([
    ['another body', createHash('sha256').update('x').digest('hex')],
    ['this body in upper case', hash.toUpperCase()],
    ['no text', 1],
    ['none', undefined],
    ['an empty one', ''],
  ])('with the hash of %s is for another body', async (_what, request_body_sha256) => {
    expect(await check(token({ request_body_sha256 }))).toEqual(otherBody);
  });

  test('of five minutes ago or ahead still counts, and has to say its time', async () => {
    expect(await check(token(), keys(jwk), 300)).toEqual(good);
    expect(await check(token(), keys(jwk), -300)).toEqual(good);
    expect(await check(token(), keys(jwk), 301)).toEqual(
      refusal('timestamp-stale', '301 s old, 300 s allowed'),
    );
    expect(await check(token(), keys(jwk), -301)).toEqual(
      refusal('timestamp-future', '301 s ahead, 300 s allowed'),
    );
    for (const iat of [undefined, null, String(NOW)])
      expect(await check(token({ iat }))).toEqual(refusal('timestamp-missing', 'iat'));
    expect(await check(token({ iat: NOW + 0.5 }))).toEqual(
      refusal('timestamp-malformed', 'expected seconds'),
    );
  });
});

describe('the key', () => {
  const decoy = { ...other.publicKey.export({ format: 'jwk' }), kid: 'k2' };
  const others = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ ...decoy, kid: `other-${at}` }));

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['among others', keys(decoy, jwk)],
    ['among what is no key', keys(null, 1, 'k1', [], jwk)],
    ['the last of 64', keys(...others(63), jwk)],
    ['without an end', keys({ ...jwk, expired_at: null })],
    ['that will end in a second', keys({ ...jwk, expired_at: NOW + 1 })],
    ['whose end is no number', keys({ ...jwk, expired_at: String(NOW - 1) })],
  ])('%s counts', async (_what, options) => {
    expect(await check(token(), options)).toEqual(good);
  });

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['of no option', {}],
    ['of an option that is null', { jwks: null }],
    ['of an option that is a list', { jwks: [jwk] }],
    ['of a key set without a list', { jwks: { keys: jwk } }],
    ['of a key set without keys', keys()],
    ['of another name', keys(decoy)],
    ['of another case', keys({ ...jwk, kid: 'K1' })],
    ['without a name', keys({ ...jwk, kid: undefined })],
    ['the 65th', keys(...others(64), jwk)],
    ['that ends now', keys({ ...jwk, expired_at: NOW })],
    ['of another type', keys({ ...jwk, kty: 'RSA' })],
    ['without a point', keys({ ...jwk, x: undefined })],
  ])('%s is not known', async (_what, options) => {
    expect(await check(token(), options)).toEqual(unknownKey);
  });

  test.each([
    ['does not name its key', undefined],
    ['names it by a number', 1],
  ])('is not known to a token that %s', async (_what, kid) => {
    expect(await check(token({}, { kid }))).toEqual(unknownKey);
    expect(await check(token({}, { kid }), keys({ ...jwk, kid }))).toEqual(unknownKey);
  });

  test('of the name is the right one or none is', async () => {
    expect(await check(token(), keys({ ...decoy, kid: 'k1' }, jwk))).toEqual(mismatch);
  });
});

test('what names the proof is the hash, cut, and the time of the token', async () => {
  expect(await check(token())).toEqual({ ok: true, proofId: `${hash.slice(0, 40)}:${NOW}` });
});
