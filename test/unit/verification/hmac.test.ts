import { createHash, createHmac } from 'node:crypto';
import type { HmacScheme } from '../../../functions/pack/scheme.ts';
import { verifyRequest } from '../../../functions/verification/verify.ts';
import {
  hmacOf,
  NOW,
  packOf,
  refused,
  requestOf,
  hmacScheme as scheme,
  signWith,
  tryOut,
} from './request.ts';

const body = '{"a":1}';
const good = hmacOf(body);

const bare = scheme({ kind: 'bare' });

describe('a bare signature', () => {
  test('in lower or upper case is good, in a mixture it is not', async () => {
    expect(await tryOut(bare, { headers: { 'x-signature': good } })).toEqual({ ok: true, secret: 0 });
    expect(await tryOut(bare, { headers: { 'x-signature': good.toUpperCase() } })).toEqual({
      ok: true,
      secret: 0,
    });
    const mixed = good.replace(/[a-f]/, (letter) => letter.toUpperCase());
    expect(await tryOut(bare, { headers: { 'x-signature': mixed } })).toEqual(refused('signature-malformed'));
  });

  test.each([
    ['missing', undefined, 'signature-missing'],
    ['empty', '', 'signature-malformed'],
    ['white space', '   ', 'signature-malformed'],
    ['too short', good.slice(2), 'signature-malformed'],
    ['too long', `${good}00`, 'signature-malformed'],
    ['odd', good.slice(1), 'signature-malformed'],
    ['in another encoding', hmacOf(body, 'base64'), 'signature-malformed'],
    ['with white space around it', ` ${good} `, 'signature-malformed'],
    ['sent twice', `${good},${good}`, 'signature-malformed'],
    ['huge', good.repeat(20_000), 'signature-malformed'],
    ['not ASCII', 'é'.repeat(64), 'signature-malformed'],
    ['of another body', hmacOf('{"a":2}'), 'signature-mismatch'],
  ])('that is %s is refused', async (_what, value, reason) => {
    const headers: Record<string, string> = value === undefined ? {} : { 'x-signature': value };
    expect(await tryOut(bare, { headers })).toEqual(refused(reason));
  });

  test('is checked over the bytes, not over a text read from them', async () => {
    const bytes = Buffer.from([0xff, 0xfe, 0x00]);
    const request = {
      ...requestOf({ 'x-signature': createHmac('sha256', 'secret').update(bytes).digest('hex') }),
      body: bytes,
    };
    const context = { request, secrets: ['secret'], options: {}, now: NOW * 1000 };
    expect(await verifyRequest(packOf(bare), context)).toEqual({ ok: true, secret: 0 });
  });
});

describe('secrets', () => {
  const headers = { 'x-signature': good };
  test('the position of the one that matched is told', async () => {
    expect(await tryOut(bare, { headers, secrets: ['new', 'secret'] })).toEqual({ ok: true, secret: 1 });
    expect(await tryOut(bare, { headers, secrets: ['', 'secret'] })).toEqual({ ok: true, secret: 1 });
    expect(await tryOut(bare, { headers, secrets: ['new', 'other'] })).toEqual(refused('signature-mismatch'));
  });

  test('none, an empty one and one of the wrong form are the operator’s fault', async () => {
    expect(await tryOut(bare, { headers, secrets: [] })).toEqual(refused('secret-missing'));
    expect(await tryOut(bare, { headers, secrets: [''] })).toEqual(refused('secret-malformed'));
    const hexKey = scheme({ kind: 'bare' }, { key: 'hex' });
    expect(await tryOut(hexKey, { headers, secrets: ['xyz'] })).toEqual(refused('secret-malformed'));
  });

  test.each<[string, HmacScheme['key'], string, string | Buffer]>([
    ['hex', 'hex', '00ff', Buffer.from([0, 255])],
    ['base64', 'base64', 'AP8=', Buffer.from([0, 255])],
    [
      'after prefixes',
      { strip: ['v1,', 'whsec_'], decode: 'base64' },
      'v1,whsec_AP8=',
      Buffer.from([0, 255]),
    ],
    ['without the prefix', { strip: ['whsec_'], decode: 'base64', otherwise: 'utf8' }, 'AP8=', 'AP8='],
  ])('%s', async (_what, key, secret, bytes) => {
    const headers = { 'x-signature': hmacOf(body, 'hex', bytes) };
    const result = await tryOut(scheme({ kind: 'bare' }, { key }), { headers, secrets: [secret] });
    expect(result).toEqual({ ok: true, secret: 0 });
  });
});

test('a signed header that is missing or altered is refused', async () => {
  const signed = scheme({ kind: 'bare' }, { signed: '{method}\n{url}\n{header.x-id}\n{body}' });
  const right = hmacOf(`POST\nhttps://example.com/webhooks/source?x=1\n7\n${body}`);
  expect((await tryOut(signed, { headers: { 'x-id': '7', 'x-signature': right } })).ok).toBe(true);
  expect((await tryOut(signed, { headers: { 'x-id': '8', 'x-signature': right } })).ok).toBe(false);
  expect((await tryOut(signed, { headers: { 'x-signature': right } })).ok).toBe(false);
});

test('a plain hash needs the secret in what is hashed', async () => {
  const hash = { ...bare, kind: 'hash', signed: '{secret}{body}' } as const;
  const right = createHash('sha256').update(`secret${body}`).digest('hex');
  expect(await tryOut(hash, { headers: { 'x-signature': right } })).toEqual({ ok: true, secret: 0 });
  expect(await tryOut(hash, { headers: { 'x-signature': right }, secrets: ['other'] })).toEqual(
    refused('signature-mismatch'),
  );
  const open = { ...hash, signed: '{body}' };
  await expect(tryOut(open, { headers: { 'x-signature': right } })).rejects.toThrow(TypeError);
});

test('what is signed is verified, and a secret of the wrong form cannot sign', async () => {
  expect(await tryOut(bare, { headers: await signWith(bare, 'secret') })).toEqual({ ok: true, secret: 0 });
  await expect(signWith(scheme({ kind: 'bare' }, { key: 'hex' }), 'xyz')).rejects.toThrow(TypeError);
});
