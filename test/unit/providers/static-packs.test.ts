/** Packs whose requests carry a fixed secret or a token. */
import { describe, expect, test } from '@jest/globals';
import { validateConfig } from '../../../config/validate.ts';
import { verifyRequest } from '../../../functions/verification/verify.ts';
import { packOf, requestOf, verdictOf } from './judge-pack.ts';
import { NOW, provenSample, standFor } from './sample-request.ts';

const basicHeader = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });

describe.each(['basic', 'postmark', 'chargebee'])('%s', (name) => {
  const secrets = ['inlet:päss:word', 'old:one'];

  test('accepts user name and password of any live secret', async () => {
    expect(await verdictOf(name, { headers: basicHeader('inlet:päss:word') }, { secrets })).toEqual({
      ok: true,
      secret: 0,
    });
    expect(await verdictOf(name, { headers: basicHeader('old:one') }, { secrets })).toEqual({
      ok: true,
      secret: 1,
    });
    const lower = basicHeader('old:one').authorization.replace('Basic', 'basic');
    expect((await verdictOf(name, { headers: { authorization: lower } }, { secrets })).ok).toBe(true);
  });

  test.each([
    ['another password', basicHeader('inlet:other').authorization],
    ['no password', basicHeader('inlet').authorization],
    ['nothing', basicHeader('').authorization],
    [
      'another spelling of the same bytes',
      `${basicHeader('old:one').authorization.replace(/=+$/, '')}`.replace(/.$/, 'V'),
    ],
    ['blanks inside', basicHeader('old:one').authorization.replace('b2', 'b 2')],
    ['the secret as it is', 'old:one'],
    ['a token', 'Bearer b2xkOm9uZQ=='],
    ['the same twice', `${basicHeader('old:one').authorization}, ${basicHeader('old:one').authorization}`],
  ])('refuses %s', async (_name, authorization) => {
    expect((await verdictOf(name, { headers: { authorization } }, { secrets })).ok).toBe(false);
  });

  test('tells a missing header, a missing secret and a secret without a colon apart', async () => {
    expect(await verdictOf(name, {}, { secrets })).toMatchObject({ reason: 'signature-missing' });
    const headers = basicHeader('a:b');
    expect(await verdictOf(name, { headers }, { secrets: [] })).toMatchObject({ reason: 'secret-missing' });
    expect(await verdictOf(name, { headers }, { secrets: ['ab'] })).toMatchObject({
      reason: 'secret-malformed',
    });
  });
});

describe.each(['query-secret', 'azure-event-grid'])('%s', (name) => {
  const secrets = ['a+b/c=d&e', 'old'];

  test('accepts the secret once in the query', async () => {
    expect(
      await verdictOf(name, { query: `x=1&secret=${encodeURIComponent('a+b/c=d&e')}` }, { secrets }),
    ).toEqual({ ok: true, secret: 0 });
    expect(await verdictOf(name, { query: 'secret=old' }, { secrets })).toEqual({ ok: true, secret: 1 });
    expect(
      await verdictOf(name, { query: 'code=old' }, { secrets, options: { parameter: 'code' } }),
    ).toMatchObject({ ok: true });
  });

  test.each([
    'secret=other',
    'secret=',
    '',
    'secret=old&secret=old',
    'Secret=old',
    'x=secret=old',
    'secret=ol',
    'secret=%',
  ])('refuses ?%s', async (query) => {
    expect((await verdictOf(name, { query }, { secrets })).ok).toBe(false);
  });

  test('refuses an empty secret and an empty query alike', async () => {
    expect((await verdictOf(name, { query: 'secret=' }, { secrets: [''] })).ok).toBe(false);
  });
});

test('a header in place of the query: Event Grid', async () => {
  const options = { header: 'X-Delivery-Secret' };
  const secrets = ['secret'];
  expect(
    (
      await verdictOf(
        'azure-event-grid',
        { headers: { 'x-delivery-secret': 'secret' } },
        { secrets, options },
      )
    ).ok,
  ).toBe(true);
  expect((await verdictOf('azure-event-grid', { query: 'secret=secret' }, { secrets, options })).ok).toBe(
    false,
  );
});

describe('shared-secret', () => {
  const secrets = ['s3cret'];
  test('takes header and prefix from its options', async () => {
    const options = { header: 'X-Api-Token', prefix: 'Token ' };
    expect(
      (await verdictOf('shared-secret', { headers: { 'x-api-token': 'Token s3cret' } }, { secrets, options }))
        .ok,
    ).toBe(true);
    expect(
      (await verdictOf('shared-secret', { headers: { 'x-api-token': 's3cret' } }, { secrets, options })).ok,
    ).toBe(false);
    expect(
      (await verdictOf('shared-secret', { headers: { 'x-webhook-secret': 's3cret' } }, { secrets })).ok,
    ).toBe(true);
  });
});

describe('cloudevents', () => {
  const secrets = ['token'];
  test('takes the token from the header, or from the query where there is no header', async () => {
    expect(
      (await verdictOf('cloudevents', { headers: { authorization: 'Bearer token' } }, { secrets })).ok,
    ).toBe(true);
    expect((await verdictOf('cloudevents', { query: 'access_token=token' }, { secrets })).ok).toBe(true);
    const both = { headers: { authorization: 'Bearer wrong' }, query: 'access_token=token' };
    expect((await verdictOf('cloudevents', both, { secrets })).ok).toBe(false);
  });
});

describe('microsoft-graph', () => {
  const secrets = ['state-a', 'state-b'];
  const bodyOf = (...states: unknown[]) =>
    JSON.stringify({ value: states.map((clientState) => ({ clientState, changeType: 'updated' })) });

  test('accepts items of several subscriptions', async () => {
    expect(await verdictOf('microsoft-graph', { body: bodyOf('state-b', 'state-a') }, { secrets })).toEqual({
      ok: true,
      secret: 1,
    });
  });

  test.each([
    ['one false item among true ones', bodyOf('state-a', 'state-x')],
    ['an item without', bodyOf('state-a', undefined)],
    ['no text', bodyOf(['state-a'])],
    ['an empty list', bodyOf()],
    ['no list', '{"value":{"clientState":"state-a"}}'],
    ['a list at the top', '[{"clientState":"state-a"}]'],
    ['an inherited one', '{"value":[{"__proto__":{"clientState":"state-a"}}]}'],
    ['no JSON', 'state-a'],
    ['nothing', ''],
  ])('refuses %s', async (_name, body) => {
    expect((await verdictOf('microsoft-graph', { body }, { secrets })).ok).toBe(false);
  });
});

describe('jwt', () => {
  const pack = packOf('jwt');
  const [sample] = pack.samples;
  const verify = async (change: Record<string, unknown>, signedWith: Record<string, unknown> = {}) => {
    const stand = standFor(pack);
    if (!sample) throw new TypeError('no sample');
    const request = await provenSample(pack, sample, {
      seed: 1,
      stand: { ...stand, options: { ...stand.options, ...signedWith } },
    });
    return verifyRequest(pack, { request, secrets: [], options: { ...stand.options, ...change }, now: NOW });
  };

  test('checks issuer, audience, claims, algorithm and body', async () => {
    expect((await verify({})).ok).toBe(true);
    expect((await verify({ audience: ['other', 'inlet'] })).ok).toBe(true);
    expect(await verify({ issuer: 'https://other.example.com' })).toMatchObject({ reason: 'token-claims' });
    expect(await verify({ audience: 'other' })).toMatchObject({ reason: 'token-claims' });
    expect(await verify({ algorithms: ['ES256'] })).toMatchObject({ ok: false });
    const claims = { sub: 'me', admin: false };
    expect((await verify({ claims }, { claims })).ok).toBe(true);
    expect((await verify({ claims })).ok).toBe(false);
    const bodyClaim = 'request_body_sha256';
    expect((await verify({ bodyClaim }, { bodyClaim })).ok).toBe(true);
    expect((await verify({ bodyClaim })).ok).toBe(false);
    expect((await verify({ header: 'x-jwt' }, { header: 'X-Jwt' })).ok).toBe(true);
  });

  test('accepts nothing without issuer or audience', async () => {
    expect((await verify({ issuer: undefined }, { issuer: undefined })).ok).toBe(false);
    expect((await verify({ audience: undefined }, { audience: undefined })).ok).toBe(false);
  });
});

describe('options', () => {
  const problems = (provider: string, options: Record<string, unknown>) => {
    try {
      validateConfig({ sources: { it: { provider, options } } });
      return [];
    } catch (error) {
      return (error as { problems: string[] }).problems.map((problem) =>
        problem.replace('sources.it.options.', ''),
      );
    }
  };

  test.each<[string, Record<string, unknown>]>([
    ['hmac', { header: 'X-Signature' }],
    ['hmac', { header: 'x-sig', algorithm: 'sha512', encoding: 'base64url', key: 'hex', prefix: 'v0=' }],
    [
      'hmac',
      {
        header: 'x-sig',
        form: { kind: 'pairs', separator: ',', key: 'v1' },
        signed: '{timestamp}.{body}',
        timestamp: { pair: 't' },
      },
    ],
    ['hmac', { header: 'x-sig', signed: '{method}{url}{header.x-id}{body}' }],
    ['jwt', { issuer: 'https://a', audience: ['b'], jwksUri: 'https://a/keys', claims: { sub: 'x' } }],
    ['shared-secret', { header: 'x-api-key', prefix: 'Token ' }],
    ['query-secret', { parameter: 'code' }],
  ])('of %s: %j are fine', (provider, options) => {
    expect(problems(provider, options)).toEqual([]);
  });

  test.each<[string, Record<string, unknown>, RegExp]>([
    ['hmac', {}, /^header: is missing/],
    ['hmac', { header: 'two words' }, /^header: write the name/],
    ['hmac', { header: 'x', algorithm: 'md5' }, /^algorithm: write one of: "sha256"/],
    ['hmac', { header: 'x', signed: '{timestamp}' }, /^signed: the body has to be signed/],
    ['hmac', { header: 'x', signed: '{timestamp}.{body}' }, /^signed: .*`timestamp`/],
    ['hmac', { header: 'x', signed: '{nonsense}{body}' }, /^signed: write text/],
    ['hmac', { header: 'x', timestamp: { header: 'x-time' } }, /^timestamp: the time has to be signed/],
    [
      'hmac',
      { header: 'x', signed: '{timestamp}{body}', timestamp: { header: 'x-time', toleranceSeconds: 0 } },
      /^timestamp: write/,
    ],
    ['hmac', { header: 'x', prefix: 'a', form: { kind: 'bare' } }, /^form: write either/],
    ['hmac', { header: 'x', form: { kind: 'pairs' } }, /^form: write/],
    ['jwt', { issuer: 'https://a' }, /^audience: is missing/],
    ['jwt', { issuer: 'https://a', audience: 'b', jwksUri: 'http://a' }, /^jwksUri: write an https/],
    ['jwt', { issuer: 'https://a', audience: 'b', algorithms: ['none'] }, /^algorithms: write/],
    ['jwt', { issuer: 'https://a', audience: 'b', algorithms: ['HS256'] }, /^algorithms: write/],
    ['jwt', { issuer: 'https://a', audience: 'b', claims: { sub: {} } }, /^claims: write/],
    ['query-secret', { parameter: 'a&b' }, /^parameter: write/],
    ['meta', { verifyToken: '' }, /^verifyToken: write/],
  ])('of %s: %j are refused with what to write', (provider, options, message) => {
    expect(problems(provider, options).join('\n')).toMatch(message);
  });

  test('that nobody checked refuse every request and never throw', async () => {
    const wrong = [
      {},
      { header: 5 },
      { header: 'x', form: 7 },
      { header: 'x', signed: '{nonsense}' },
      { header: 'x', timestamp: [] },
    ];
    for (const options of wrong) {
      expect((await verdictOf('hmac', { headers: { x: 'y' }, body: '{}' }, { options })).ok).toBe(false);
    }
    expect(requestOf({}).headers).toBeDefined();
  });
});
