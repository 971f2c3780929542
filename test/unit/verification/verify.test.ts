/** What a pack's scheme and the options of a source come to: verifying, signing, headers, handshakes. */

import type { Handshake, HandshakeActions, Provider } from '../../../functions/pack/provider.ts';
import type { Answer } from '../../../functions/pack/request.ts';
import type { CustomScheme, Verification } from '../../../functions/pack/scheme.ts';
import { EVERYTHING } from '../../../functions/verification/coverage.ts';
import {
  answerHandshake,
  credentialHeaders,
  proveRequest,
  rehearsal,
  schemeOf,
  signRequest,
  verifyRequest,
} from '../../../functions/verification/verify.ts';
import { hmacOf, hmacScheme, NOW, packOf, requestOf, signWith, tryOut } from './request.ts';

const bare = { kind: 'bare' } as const;
const body = '{"a":1}';
const token = { kind: 'shared-secret', header: 'x-token' } as const;
const custom = (rest: Partial<CustomScheme> = {}): CustomScheme => ({
  kind: 'custom',
  covers: EVERYTHING,
  verify: () => ({ ok: true, secret: 3 }),
  ...rest,
});

describe('the scheme', () => {
  const pack = packOf(token);
  test('is that of the pack, or what the pack makes of the options', () => {
    expect(schemeOf(pack, {})).toBe(token);
    const byOptions: Provider = {
      ...pack,
      verification: ({ header }) => ({ ...token, header: String(header) }),
    };
    expect(schemeOf(byOptions, { header: 'x-other' })).toEqual({ ...token, header: 'x-other' });
  });

  test.each([true, false, 'true', 1, undefined])('unsigned: %p', async (unsigned) => {
    const off = unsigned === true;
    expect(schemeOf(pack, { unsigned })).toEqual(off ? { kind: 'unsigned' } : token);
    expect((await tryOut(token, { headers: {}, options: { unsigned } })).ok).toBe(off);
  });
});

test('a source without proof takes every request and signs none', async () => {
  expect(await tryOut({ kind: 'unsigned' }, { headers: {}, secrets: [] })).toEqual({ ok: true });
  expect(await signWith({ kind: 'unsigned' }, 'secret')).toEqual({});
});

test('a scheme of its own is asked with all there is', async () => {
  let asked: unknown;
  const scheme = custom({
    verify: (context) => {
      asked = context;
      return { ok: true, secret: 3 };
    },
    sign: ({ secret, now, options }) => ({ 'x-signed': `${secret} ${now} ${options.a}` }),
  });
  const request = requestOf({});
  const context = { request, secrets: ['a', 'b'], options: { a: 1 }, now: 5 };
  expect(await verifyRequest(packOf(scheme), context)).toEqual({ ok: true, secret: 3 });
  expect(asked).toEqual(context);
  const signing = { request, secret: 'a', options: { a: 1 }, now: 5 };
  expect(await signRequest(packOf(scheme), signing)).toEqual({ 'x-signed': 'a 5 1' });
});

test('where only the provider can sign, nobody else does', async () => {
  await expect(signWith(custom(), 'secret')).rejects.toThrow(
    new TypeError('nobody but the provider can sign its requests'),
  );
});

describe('a whole request', () => {
  const given = { request: requestOf({ 'x-mine': '1' }), secret: 'secret', options: {}, now: NOW * 1000 };

  test('has its signature beside its own headers', async () => {
    const proven = await proveRequest(packOf(hmacScheme(bare)), given);
    expect(proven).toEqual({ ...given.request, headers: { 'x-mine': '1', 'x-signature': hmacOf(body) } });
  });

  test('is signed as it is once the proof stands in its URL and body', async () => {
    const scheme = custom({
      prepare: ({ request, secret }) => ({ url: `${request.url}&s=${secret}`, body: Buffer.from('new') }),
      sign: ({ request }) => ({ 'x-mine': `${request.url} ${request.body}` }),
    });
    expect(await proveRequest(packOf(scheme), given)).toEqual({
      ...given.request,
      url: `${given.request.url}&s=secret`,
      body: Buffer.from('new'),
      headers: { 'x-mine': `${given.request.url}&s=secret new` },
    });
  });

  test('of a scheme of its own may need nothing but headers', async () => {
    const proven = await proveRequest(packOf(custom({ sign: () => ({ 'x-a': 'b' }) })), given);
    expect(proven).toEqual({ ...given.request, headers: { 'x-mine': '1', 'x-a': 'b' } });
  });

  test('says in its body when it was sent, where that is signed', async () => {
    const timestamp = { from: { body: 'sent' }, unit: 'milliseconds', toleranceSeconds: 60 } as const;
    const proven = await proveRequest(packOf(hmacScheme(bare, { timestamp })), given);
    const text = `{"a":1,"sent":${NOW}000}`;
    expect(proven.body.toString()).toBe(text);
    expect(proven.headers['x-signature']).toBe(hmacOf(text));
  });

  test('cannot be made with a secret of the wrong form', async () => {
    const hex = packOf(hmacScheme(bare, { key: 'hex' }));
    await expect(proveRequest(hex, given)).rejects.toThrow(TypeError);
  });
});

test.each<[string, Verification, readonly string[]]>([
  ['a signature', hmacScheme(bare), ['x-signature']],
  [
    'several signatures',
    hmacScheme(bare, {
      signature: [
        { header: 'x-a', form: bare },
        { header: 'x-b', form: bare },
      ],
    }),
    ['x-a', 'x-b'],
  ],
  [
    'not the time',
    hmacScheme(bare, { timestamp: { from: { header: 'x-time' }, unit: 'seconds', toleranceSeconds: 1 } }),
    ['x-signature'],
  ],
  ['a shared secret', token, ['x-token']],
  ['any', { kind: 'any', schemes: [token, hmacScheme(bare)] }, ['x-token', 'x-signature']],
  ['first', { kind: 'first', schemes: [hmacScheme(bare), token] }, ['x-signature', 'x-token']],
  ['custom', custom({ credentials: ['x-key'] }), ['x-key']],
  ['custom without', custom(), []],
  ['none', { kind: 'unsigned' }, []],
])('headers that are never stored: %s', (_what, scheme, names) => {
  expect(credentialHeaders(scheme)).toEqual(names);
});

describe('handshakes', () => {
  const handshake = (method: Handshake['method'], when: Handshake['when'], answer?: Answer): Handshake => ({
    method,
    when,
    answer: async () => answer,
  });
  const ask = (handshakes: Provider['handshakes'], when: Handshake['when'], method = 'GET') =>
    answerHandshake(
      { ...packOf(token), ...(handshakes && { handshakes }) },
      { request: { ...requestOf({}), method }, secrets: [], options: {} },
      when,
      rehearsal,
    );

  test('are asked by method and time, until one answers', async () => {
    const handshakes = [
      handshake('POST', 'before', { status: 201 }),
      handshake('GET', 'after', { status: 202 }),
      handshake('GET', 'before'),
      handshake('GET', 'before', { status: 204 }),
      handshake('GET', 'before', { status: 205 }),
    ];
    expect(await ask(handshakes, 'before')).toEqual({ status: 204 });
    expect(await ask(handshakes, 'after')).toEqual({ status: 202 });
    expect(await ask(handshakes, 'before', 'POST')).toEqual({ status: 201 });
    expect(await ask(handshakes, 'after', 'POST')).toBeUndefined();
    expect(await ask([], 'before')).toBeUndefined();
    expect(await ask(undefined, 'before')).toBeUndefined();
  });

  test('get the request and what they may do', async () => {
    let asked: unknown;
    const actions: HandshakeActions = { learnSecret: async () => 'closed', confirm: async () => false };
    const request = { ...requestOf({}), method: 'GET' };
    const context = { request, secrets: ['a'], options: { b: 1 }, secret: 'a' };
    const asking: Handshake = {
      method: 'GET',
      when: 'after',
      answer: (given) => {
        asked = given;
        return { status: 200 };
      },
    };
    await answerHandshake({ ...packOf(token), handshakes: [asking] }, context, 'after', actions);
    expect(asked).toEqual({ ...context, actions });
  });

  test('are rehearsed without doing anything', async () => {
    expect(await rehearsal.learnSecret('secret')).toBe('learnt');
    expect(await rehearsal.confirm('https://hooks.example.com/a', /hooks\.example\.com/)).toBe(true);
    expect(await rehearsal.confirm('https://evil.example/a', /hooks\.example\.com/)).toBe(false);
  });
});
