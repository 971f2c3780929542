/** What every scheme over a template of the request has in common: the order of its checks, and its signing. */
import { createHash } from 'node:crypto';
import type { HmacScheme, SignatureHeader, TimestampRule } from '../../../functions/pack/scheme.ts';
import { signRequest } from '../../../functions/verification/verify.ts';
import { hmacOf, hmacScheme, NOW, packOf, requestOf, signWith, tryOut } from './request.ts';

const body = '{"a":1}';
const bare = { kind: 'bare' } as const;
const timed = (rest: Partial<HmacScheme> = {}, rule: Partial<TimestampRule> = {}) =>
  hmacScheme(bare, {
    signed: '{timestamp}.{body}',
    timestamp: { from: { header: 'x-time' }, unit: 'seconds', toleranceSeconds: 300, ...rule },
    ...rest,
  });
const at = (time: number | string) => ({ 'x-time': String(time), 'x-signature': hmacOf(`${time}.${body}`) });

describe('a refusal says the first thing that is wrong', () => {
  const hex = timed({ key: 'hex' });
  const withId = hmacScheme(bare, { signed: '{header.x-id}{body}' });
  const other = hmacOf('other');
  test.each<[string, HmacScheme, Readonly<Record<string, string>>, readonly string[], object]>([
    ['no header', timed(), {}, [], { reason: 'signature-missing', hint: 'x-signature' }],
    ['only unusable secrets', hex, { 'x-signature': '' }, ['xyz', ''], { reason: 'secret-malformed' }],
    ['no time', timed(), { 'x-signature': '' }, [], { reason: 'timestamp-missing' }],
    [
      'an empty time',
      timed(),
      { 'x-signature': '', 'x-time': '' },
      ['secret'],
      { reason: 'timestamp-missing' },
    ],
    ['no signature', timed(), { 'x-signature': '!', 'x-time': '1' }, [], { reason: 'signature-malformed' }],
    [
      'a signed header is missing',
      withId,
      { 'x-signature': other },
      [],
      { reason: 'signature-malformed', hint: 'a signed header is missing' },
    ],
    ['no secret', timed(), { 'x-signature': other, 'x-time': '1' }, [], { reason: 'secret-missing' }],
    ['another secret', timed(), at(NOW), ['other'], { reason: 'signature-mismatch' }],
    ['an unusable and another secret', hex, at(NOW), ['xyz', '00'], { reason: 'signature-mismatch' }],
    [
      'an old time',
      timed(),
      at(NOW - 301),
      ['secret'],
      { reason: 'timestamp-stale', hint: '301 s old, 300 s allowed' },
    ],
    [
      'no time at all',
      timed(),
      at('soon'),
      ['secret'],
      { reason: 'timestamp-malformed', hint: 'expected seconds' },
    ],
  ])('%s', async (_what, scheme, headers, secrets, refusal) => {
    expect(await tryOut(scheme, { headers, secrets })).toEqual({ ok: false, ...refusal });
  });

  test('with several headers, all of them are named', async () => {
    const signature: readonly SignatureHeader[] = [
      { header: 'x-first', form: bare },
      { header: 'x-second-*', form: bare },
    ];
    const scheme = hmacScheme(bare, { signature });
    expect(await tryOut(scheme, { headers: {} })).toEqual({
      ok: false,
      reason: 'signature-missing',
      hint: 'x-first or x-second-*',
    });
    for (const name of ['x-first', 'x-second-2']) {
      expect(await tryOut(scheme, { headers: { [name]: hmacOf(body) } })).toEqual({ ok: true, secret: 0 });
    }
  });
});

test('an unusable secret beside the right one does no harm', async () => {
  const scheme = timed({ key: 'hex' });
  const headers = { 'x-time': String(NOW), 'x-signature': hmacOf(`${NOW}.${body}`, 'hex', Buffer.from([0])) };
  expect(await tryOut(scheme, { headers, secrets: ['xyz', '00'] })).toEqual({ ok: true, secret: 1 });
});

test.each([
  ['malformed', 'ab'],
  ['of another body', hmacOf('other')],
])('a signature that is %s beside a true one does no harm', async (_what, other) => {
  const scheme = hmacScheme({ kind: 'pairs', separator: ',', key: 'v1' });
  const headers = { 'x-signature': `v1=!,v1=${hmacOf(body)},v1=${other}` };
  expect(await tryOut(scheme, { headers })).toEqual({ ok: true, secret: 0 });
});

describe('a time in the body', () => {
  const inBody = timed({ signed: '{body}' }, { from: { body: 'meta.sent' } });
  const sent = (text: string) => tryOut(inBody, { headers: { 'x-signature': hmacOf(text) }, body: text });

  test.each<[string, object]>([
    [`{"meta":{"sent":${NOW}}}`, { ok: true, secret: 0 }],
    [`{"meta":{"sent":"${NOW}"}}`, { ok: true, secret: 0 }],
    ['{"meta":{"sent":""}}', { ok: false, reason: 'timestamp-missing' }],
    ['{"meta":{"sent":true}}', { ok: false, reason: 'timestamp-missing' }],
    [`{"meta":{"sent":[${NOW}]}}`, { ok: false, reason: 'timestamp-missing' }],
    [`{"meta.sent":${NOW}}`, { ok: false, reason: 'timestamp-missing' }],
    ['{"meta":', { ok: false, reason: 'timestamp-missing' }],
    ['{"meta":{"sent":0}}', { ok: false, reason: 'timestamp-stale', hint: `${NOW} s old, 300 s allowed` }],
  ])('%s', async (text, verdict) => {
    expect(await sent(text)).toEqual(verdict);
  });
});

describe('signing', () => {
  const idOf = (text: string) => `msg_${createHash('sha256').update(text).digest('hex').slice(0, 24)}`;
  const withId = timed({ signed: '{header.x-id}.{timestamp}.{body}' });
  const signed = (scheme: HmacScheme, headers = {}) =>
    signRequest(packOf(scheme), {
      request: requestOf(headers),
      secret: 'secret',
      options: {},
      now: NOW * 1000 + 999,
    });

  test.each<[string, HmacScheme, Readonly<Record<string, string>>]>([
    ['a body', hmacScheme(bare), { 'x-signature': hmacOf(body) }],
    ['a time', timed(), at(NOW)],
    ['a time in milliseconds', timed({}, { unit: 'milliseconds' }), at(`${NOW}999`)],
    ['in base64', hmacScheme(bare, { encoding: 'base64' }), { 'x-signature': hmacOf(body, 'base64') }],
    [
      'a time in the signature header',
      timed(
        { signature: { header: 'x-signature', form: { kind: 'pairs', separator: ',', key: 'v1' } } },
        { from: { pair: 't' } },
      ),
      { 'x-signature': `t=${NOW},v1=${hmacOf(`${NOW}.${body}`)}` },
    ],
    [
      'the first of several headers, numbered',
      hmacScheme(bare, {
        signature: [
          { header: 'x-signature-*', form: bare },
          { header: 'x-other', form: bare },
        ],
      }),
      { 'x-signature-1': hmacOf(body) },
    ],
    ['a time that is signed as a header', timed({ signed: '{header.x-time}.{body}' }), at(NOW)],
  ])('%s', async (_what, scheme, headers) => {
    expect(await signed(scheme)).toEqual(headers);
  });

  test('an id that is signed is the one of the request, else one made from the body', async () => {
    const expected = (id: string) => ({
      'x-id': id,
      'x-time': String(NOW),
      'x-signature': hmacOf(`${id}.${NOW}.${body}`),
    });
    expect(await signed(withId, { 'x-id': '7' })).toEqual(expected('7'));
    expect(await signed(withId)).toEqual(expected(idOf(body)));
    expect((await signWith(withId, 'secret', '{"a":2}'))['x-id']).toBe(idOf('{"a":2}'));
  });

  const wrongSecret = 'this secret does not have the form that signs for this provider';
  test.each<[string, HmacScheme, string, string]>([
    ['a secret of the wrong form', hmacScheme(bare, { key: 'hex' }), 'xyz', wrongSecret],
    ['an empty secret', hmacScheme(bare), '', wrongSecret],
    ['a time that stands nowhere', hmacScheme(bare, { signed: '{timestamp}{body}' }), 'secret', wrongSecret],
    ['no header', hmacScheme(bare, { signature: [] }), 'secret', 'the scheme has no signature header'],
  ])('fails with %s', async (_what, scheme, secret, message) => {
    await expect(signWith(scheme, secret)).rejects.toThrow(new TypeError(message));
  });
});
