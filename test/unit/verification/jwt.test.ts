/** Signed tokens, made here without the code under test. */
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { bearerToken, type TokenRules } from '../../../functions/verification/jwt.ts';
import { credentialHeaders } from '../../../functions/verification/verify.ts';
import { judge, refusal } from './custom-request.ts';
import { NOW } from './request.ts';

const body = '{"a":1}';
const ISSUER = 'https://issuer.example.com';
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwkOf = (key: KeyObject, kid: string, alg?: string) => ({
  ...key.export({ format: 'jwk' }),
  kid,
  ...(alg && { alg }),
  use: 'sig',
});
const jwks = { keys: [jwkOf(rsa.publicKey, 'rsa'), jwkOf(ec.publicKey, 'ec', 'ES256')] };

/** Nothing listens here. */
const NOWHERE = 'https://127.0.0.1:1/jwks.json';
const rules: TokenRules = {
  issuer: ISSUER,
  audience: 'inlet',
  jwksUri: NOWHERE,
  accepts: ({ blocked }) => blocked !== true,
  sampleClaims: {},
};

const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');
const claims = { iss: ISSUER, aud: 'inlet', iat: NOW, exp: NOW + 60 };
function token(
  claimsOf: object = {},
  headerOf: object = {},
  key: KeyObject = rsa.privateKey,
  hash = 'sha256',
) {
  const content = `${encode({ alg: 'RS256', kid: 'rsa', ...headerOf })}.${encode({ ...claims, ...claimsOf })}`;
  const signature = sign(hash, Buffer.from(content), { key, dsaEncoding: 'ieee-p1363' });
  return `${content}.${signature.toString('base64url')}`;
}

const schemeOf = (change: Partial<TokenRules> = {}) => bearerToken(() => ({ ...rules, ...change }));
const check = (value: string, change: Partial<TokenRules> = {}, late = 0) =>
  judge(
    schemeOf(change),
    { headers: { [change.header ?? 'authorization']: value }, body },
    { secrets: [], options: { jwks }, late },
  );
const good = { ok: true };
const malformed = refusal('signature-malformed', 'expected "Bearer <JWT>"');

describe('the header', () => {
  const jwt = token();
  test.each([`Bearer ${jwt}`, `bearer ${jwt}`, `BEARER   ${jwt}`])('%.9s… carries it', async (value) => {
    expect(await check(value)).toEqual(good);
  });

  test.each([`Bearer ${jwt}`, `bearer  ${jwt}`, jwt])(
    'of its own carries it with or without the word: %.9s…',
    async (value) => {
      expect(await check(value, { header: 'x-jwt' })).toEqual(good);
    },
  );

  test.each([
    ['the token alone', jwt],
    ['another word', `Basic ${jwt}`],
    ['no blank', `Bearer${jwt}`],
    ['text before it', `x Bearer ${jwt}`],
    ['text after it', `Bearer ${jwt} x`],
    ['two tokens', `Bearer ${jwt}, Bearer ${jwt}`],
    ['a part too few', `Bearer ${jwt.slice(0, jwt.lastIndexOf('.'))}`],
    ['a part too many', `Bearer ${jwt}.a`],
    ['padding', `Bearer ${jwt}=`],
    ['a part that is empty', `Bearer ${jwt.replace(/\..*\./, '..')}`],
    // 256 bytes end in a character of which only two bits count.
    ['another spelling of the signature', `Bearer ${jwt.replace(/.$/, 'B')}`],
    ['another spelling of the claims', `Bearer ${jwt.replace(/\.(.*)\./, '.$1A.')}`],
  ])('with %s is malformed', async (_what, value) => {
    expect(await check(value)).toEqual(malformed);
  });

  test.each([`Basic ${jwt}`, `x${' '}${jwt}`, `${jwt} x`, 'Bearer '])(
    'of its own with other words is malformed: %.9s…',
    async (value) => {
      expect(await check(value, { header: 'x-jwt' })).toEqual(malformed);
    },
  );

  test('is missing', async () => {
    expect(await judge(schemeOf(), { body })).toEqual(refusal('signature-missing', 'authorization'));
    expect(await check('')).toEqual(refusal('signature-missing', 'authorization'));
    expect(await check('', { header: 'x-jwt' })).toEqual(refusal('signature-missing', 'x-jwt'));
  });

  test('is a credential', () => {
    expect(credentialHeaders(schemeOf())).toEqual(['authorization']);
    expect(credentialHeaders(bearerToken(() => rules, ['x-jwt']))).toEqual(['x-jwt']);
    expect(schemeOf().withoutSecret).toBe(true);
  });
});

describe('the signature', () => {
  test.each<[string, string, object]>([
    [
      'of a key that is not known',
      token({}, { kid: 'none' }),
      refusal('signature-mismatch', 'KidNotFoundInJwksError'),
    ],
    [
      'without a key’s name',
      token({}, { kid: undefined }),
      refusal('signature-mismatch', 'JwtWithoutValidKidError'),
    ],
    [
      'by another key',
      token({}, {}, generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey),
      refusal('signature-mismatch', 'JwtInvalidSignatureError'),
    ],
    [
      'of another algorithm than its key’s',
      token({}, { kid: 'ec' }),
      refusal('signature-mismatch', 'JwtInvalidSignatureAlgorithmError'),
    ],
    [
      'of no algorithm',
      token({}, { alg: undefined }),
      refusal('signature-mismatch', 'JwtInvalidSignatureAlgorithmError'),
    ],
    [
      'with extensions that have to be understood',
      token({}, { crit: ['https://example.com/once'], 'https://example.com/once': true }),
      refusal('signature-malformed'),
    ],
    ['with a list of none', token({}, { crit: [] }), refusal('signature-malformed')],
    ['under a header that is no JSON', token().replace(/^[^.]*/, 'AAAA'), refusal('signature-malformed')],
    [
      'under a header that is no object',
      token().replace(/^[^.]*/, encode([])),
      refusal('signature-malformed'),
    ],
    ['over claims that are no JSON', token().replace(/\..*\./, '.AAAA.'), refusal('signature-malformed')],
  ])('%s does not hold', async (_what, jwt, expected) => {
    expect(await check(`Bearer ${jwt}`)).toEqual(expected);
  });

  test('is of an algorithm that is accepted: RS256 unless the rules say otherwise', async () => {
    const es256 = `Bearer ${token({}, { alg: 'ES256', kid: 'ec' }, ec.privateKey)}`;
    const rs512 = `Bearer ${token({}, { alg: 'RS512' }, rsa.privateKey, 'sha512')}`;
    for (const value of [es256, rs512]) {
      expect(await check(value)).toEqual(refusal('signature-malformed'));
      expect(await check(value, { algorithms: ['ES256', 'RS512'] })).toEqual(good);
    }
    expect(await check(`Bearer ${token()}`, { algorithms: ['ES256'] })).toEqual(
      refusal('signature-malformed'),
    );
  });
});

describe('the claims', () => {
  test.each<[string, object, object]>([
    ['another issuer', { iss: `${ISSUER}/` }, refusal('token-claims', 'JwtInvalidIssuerError')],
    ['no issuer', { iss: undefined }, refusal('token-claims', 'JwtInvalidIssuerError')],
    ['another audience', { aud: 'other' }, refusal('token-claims', 'JwtInvalidAudienceError')],
    ['no audience', { aud: undefined }, refusal('token-claims', 'JwtInvalidAudienceError')],
    ['what the pack does not accept', { blocked: true }, refusal('token-claims')],
    ['no end', { exp: undefined }, refusal('timestamp-missing')],
    ['no beginning', { iat: undefined }, refusal('timestamp-missing')],
    ['an end that is now', { exp: NOW }, refusal('token-expired', '0 s ago')],
    ['an end that was', { exp: NOW - 7 }, refusal('token-expired', '7 s ago')],
    ['a beginning too far ahead', { iat: NOW + 61 }, refusal('timestamp-future', 'issued 61 s ahead')],
    ['a time that is no number', { exp: String(NOW + 60) }, refusal('signature-malformed')],
  ])('with %s are refused', async (_what, change, expected) => {
    expect(await check(`Bearer ${token(change)}`)).toEqual(expected);
  });

  test('name one of several audiences', async () => {
    const audience = ['other', 'inlet'];
    expect(await check(`Bearer ${token()}`, { audience })).toEqual(good);
    expect(await check(`Bearer ${token({ aud: ['inlet', 'x'] })}`, { audience })).toEqual(good);
    expect(await check(`Bearer ${token({ aud: 'x' })}`, { audience })).toEqual(
      refusal('token-claims', 'JwtInvalidAudienceError'),
    );
  });

  test('count at the time that is asked for, not at that of the machine', async () => {
    const [past, ahead] = [-50 * 365 * 86_400, 50 * 365 * 86_400];
    for (const late of [past, ahead]) {
      const times = { iat: NOW + late, nbf: NOW + late, exp: NOW + late + 60 };
      expect(await check(`Bearer ${token(times)}`, {}, late)).toEqual(good);
    }
  });

  test('prove the body where the rules name a claim for it', async () => {
    const digest = createHash('sha256').update(body);
    const hex = digest.copy().digest('hex');
    const wrong = refusal('signature-mismatch', 'the claim hash is not the hash of the body');
    for (const hash of [hex, digest.copy().digest('base64')])
      expect(await check(`Bearer ${token({ hash })}`, { bodyClaim: 'hash' })).toEqual(good);
    for (const change of [{}, { hash: '' }, { hash: hex.toUpperCase() }, { other: hex }])
      expect(await check(`Bearer ${token(change)}`, { bodyClaim: 'hash' })).toEqual(wrong);
  });
});

describe('the keys', () => {
  const value = `Bearer ${token()}`;
  const unknown = `Bearer ${token({}, { kid: 'none' })}`;
  const unavailable = refusal('key-unavailable', 'the key set of the issuer cannot be fetched');

  test('that are configured are looked through without a pause', async () => {
    const scheme = schemeOf();
    const given = (authorization: string) => ({ headers: { authorization }, body });
    const options = { jwks };
    for (const _ of [1, 2])
      expect(await judge(scheme, given(unknown), { options })).toEqual(
        refusal('signature-mismatch', 'KidNotFoundInJwksError'),
      );
    expect(await judge(scheme, given(value), { options })).toEqual(good);
  });

  test('are kept for a source, also when its scheme is made anew', async () => {
    let reads = 0;
    const counted = {
      get keys() {
        reads++;
        return jwks.keys;
      },
    };
    const rulesOf = () => rules;
    const options = { jwks: counted };
    const verify = (given = options, from = rulesOf) =>
      judge(bearerToken(from), { headers: { authorization: value }, body }, { options: given });
    expect([await verify(), await verify()]).toEqual([good, good]);
    expect(reads).toBe(1);
    // Another source, and another pack under the same options, have keys of their own.
    expect(await verify({ ...options })).toEqual(good);
    expect(reads).toBe(2);
    expect(await verify(options, () => ({ ...rules, issuer: 'https://other.example.com' }))).toEqual(
      refusal('token-claims', 'JwtInvalidIssuerError'),
    );
    expect(reads).toBe(3);
  });

  test('of an issuer that does not answer cannot be had', async () => {
    const scheme = schemeOf();
    for (const authorization of [value, unknown, value])
      expect(await judge(scheme, { headers: { authorization }, body })).toEqual(unavailable);
  });

  test('of a laptop count beside it, and an unknown one may be the issuer’s', async () => {
    const scheme = schemeOf();
    const options = { developmentJwks: jwks };
    const verify = (authorization: string) =>
      judge(scheme, { headers: { authorization }, body }, { options });
    expect(await verify(value)).toEqual(good);
    expect(await verify(unknown)).toEqual(unavailable);
    expect(await verify(unknown)).toEqual(unavailable);
    expect(await verify(value)).toEqual(good);
    const forged = token({}, {}, generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
    expect(await verify(`Bearer ${forged}`)).toEqual(
      refusal('signature-mismatch', 'JwtInvalidSignatureError'),
    );
  });
});
