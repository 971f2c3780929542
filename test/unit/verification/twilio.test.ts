/** Twilio signs the URL and the sorted form; the signatures are computed here without the code under test. */
import { createHash, createHmac } from 'node:crypto';
import type { WebhookRequest } from '../../../functions/pack/request.ts';
import { twilioSignature } from '../../../functions/verification/twilio.ts';
import { signRequest, verifyRequest } from '../../../functions/verification/verify.ts';
import { packOf, requestOf } from './request.ts';

const URL_OF_HOOK = 'https://h.example/webhooks/twilio?a=1';
const FORM = 'application/x-www-form-urlencoded';
const pack = packOf(twilioSignature);

const signatureOf = (content: string, secret = 'token') =>
  createHmac('sha1', secret).update(content).digest('base64');

interface Given {
  readonly url?: string;
  readonly text?: string;
  readonly type?: string;
  /** What is signed, or the signature itself. */
  readonly content?: string;
  readonly signature?: string;
}

function given({ url = URL_OF_HOOK, text = '', type = FORM, content = url, ...rest }: Given): WebhookRequest {
  const { signature = signatureOf(content) } = rest;
  return { ...requestOf({ 'content-type': type, 'x-twilio-signature': signature }, text), url };
}

const verdict = (request: Given, secrets: readonly string[] = ['token']) =>
  verifyRequest(pack, { request: given(request), secrets, options: {}, now: 0 });
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const notSigned = { ok: false, reason: 'signature-mismatch', hint: 'the body is not what is signed' };
const mismatch = { ok: false, reason: 'signature-mismatch' };
const ok = { ok: true, secret: 0, proofId: expect.stringMatching(/^[0-9a-f]{40}$/) };

describe('refusals', () => {
  test.each<[string, Given, readonly string[], object]>([
    [
      'an empty signature',
      { signature: '' },
      [],
      { reason: 'signature-missing', hint: 'x-twilio-signature' },
    ],
    ['no base64', { signature: 'no' }, [], { reason: 'signature-malformed' }],
    ['hex', { signature: '0'.repeat(40) }, [], { reason: 'signature-malformed' }],
    [
      'a SHA-256',
      { signature: Buffer.alloc(32).toString('base64') },
      ['token'],
      { reason: 'signature-malformed' },
    ],
    ['no secret', {}, [], { reason: 'secret-missing' }],
    ['an empty secret', {}, [''], { reason: 'secret-malformed' }],
    ['another secret', {}, ['other'], { reason: 'signature-mismatch' }],
    [
      'another URL',
      { content: URL_OF_HOOK.replace('a=1', 'a=2') },
      ['token'],
      { reason: 'signature-mismatch' },
    ],
  ])('%s', async (_what, request, secrets, refusal) => {
    expect(await verdict(request, secrets)).toEqual({ ok: false, ...refusal });
  });

  test('no header', async () => {
    const context = { request: requestOf({}), secrets: ['token'], options: {}, now: 0 };
    expect(await verifyRequest(pack, context)).toEqual({
      ok: false,
      reason: 'signature-missing',
      hint: 'x-twilio-signature',
    });
  });

  test('the position of the secret that matched is told', async () => {
    expect(await verdict({}, ['', 'old', 'token'])).toEqual({ ...ok, secret: 2 });
  });
});

describe('a form', () => {
  test.each<[string, string, string]>([
    ['is sorted by name', 'b=2&a=1&B=3', 'B3a1b2'],
    ['is signed as it reads', 'a=gr%C3%B6%C3%9Fe+x%26', 'agröße x&'],
    ['counts a repeated value once, different ones in order', 'a=2&a=1&a=2', 'a1a2'],
    ['may have empty fields', 'a=&b', 'ab'],
  ])('%s', async (_what, text, content) => {
    expect(await verdict({ text, content: URL_OF_HOOK + content })).toEqual(ok);
    expect(await verdict({ text, content: `${URL_OF_HOOK}${content}x` })).toEqual(mismatch);
    expect(await verdict({ text, content: URL_OF_HOOK })).toEqual(mismatch);
  });

  test('of more than a megabyte is not read', async () => {
    const value = 'x'.repeat(1024 * 1024 - 2);
    expect(await verdict({ text: `a=${value}`, content: `${URL_OF_HOOK}a${value}` })).toEqual(ok);
    expect(await verdict({ text: `a=x${value}`, content: `${URL_OF_HOOK}ax${value}` })).toEqual(notSigned);
  });

  test.each(['application/json', 'text/plain', ''])(
    'is none as %p: nothing proves the body',
    async (type) => {
      expect(await verdict({ text: 'a=1', type, content: `${URL_OF_HOOK}a1` })).toEqual(notSigned);
      expect(await verdict({ text: 'a=1', type })).toEqual(notSigned);
      expect(await verdict({ type })).toEqual(ok);
    },
  );
});

describe('the hash of a body in the URL', () => {
  const text = '{"status":"größer"}';
  const base = 'https://h.example/hook';
  /** Every byte is proven, so that the proof needs no name. */
  const proven = { ok: true, secret: 0 };
  test.each<[string, string, object]>([
    ['alone', `${base}?bodySHA256=${sha256(text)}`, proven],
    ['behind another', `${base}?a=1&bodySHA256=${sha256(text)}`, proven],
    ['before another', `${base}?bodySHA256=${sha256(text)}&a=1`, notSigned],
    ['in upper case', `${base}?bodySHA256=${sha256(text).toUpperCase()}`, proven],
    ['of another body', `${base}?bodySHA256=${sha256('{}')}`, notSigned],
    ['cut off', `${base}?bodySHA256=${sha256(text).slice(1)}`, notSigned],
    ['with more behind it', `${base}?bodySHA256=${sha256(text)}0`, notSigned],
    ['under another name', `${base}?xbodySHA256=${sha256(text)}`, notSigned],
    ['in no query', `${base}/bodySHA256=${sha256(text)}`, notSigned],
  ])('%s', async (_what, url, expected) => {
    expect(await verdict({ url, text, type: 'application/json' })).toEqual(expected);
  });

  test('counts for no form, whose fields would then not be signed', async () => {
    const url = `${base}?bodySHA256=${sha256('a=1')}`;
    expect(await verdict({ url, text: 'a=1' })).toEqual(mismatch);
    expect(await verdict({ url, text: 'a=1', content: `${url}a1` })).toEqual(ok);
  });
});

test('what is signed is named the same, however it is cut and whatever port the URL has', async () => {
  const named = async (url: string, text: string, content: string) => {
    const told = await verdict({ url, text, content });
    return told.ok ? told.proofId : undefined;
  };
  const content = 'https://h.example/a?b=1ab2';
  const whole = await named('https://h.example/a?b=1', 'ab=2', content);
  expect(whole).toMatch(/^[0-9a-f]{40}$/);
  expect(await named('https://h.example/a?b=1', 'a=b2', content)).toBe(whole);
  expect(await named('https://h.example/a?b=1a', 'b=2', content)).toBe(whole);
  expect(await named('https://h.example:443/a?b=1', 'ab=2', content)).toBe(whole);
  expect(await named('https://h.example:8443/a?b=1', 'ab=2', content)).toBe(whole);
  const atRoot = await named('https://h.example?b=1', 'a=2', 'https://h.example:443?b=1a2');
  expect(await named('https://h.example:8443?b=1', 'a=2', 'https://h.example?b=1a2')).toBe(atRoot);
  expect(await named('https://h.example/a?b=1', 'ab=3', 'https://h.example/a?b=1ab3')).not.toBe(whole);
});

test.each<[string, string, object]>([
  ['https://h.example/a', 'https://h.example/a', ok],
  ['https://h.example/a', 'https://h.example:443/a', ok],
  ['https://h.example/a', 'https://h.example:80/a', mismatch],
  ['https://h.example:443/a', 'https://h.example/a', ok],
  ['http://h.example/a', 'http://h.example:80/a', ok],
  ['http://h.example/a', 'http://h.example:443/a', mismatch],
  ['http://h.example/a', 'https://h.example/a', mismatch],
  ['https://h.example:8443/a', 'https://h.example:8443/a', ok],
  ['https://h.example:8443/a', 'https://h.example/a', ok],
  ['https://h.example:8443/a', 'https://h.example:44/a', mismatch],
  ['https://h.example', 'https://h.example:443', ok],
  ['https://h.example?u=http://x:1', 'https://h.example:443?u=http://x:1', ok],
  ['https://h.example/?u=x:1', 'https://h.example/?u=x', mismatch],
  ['https://h.example#a', 'https://h.example:443#a', ok],
  ['https://[::1]/a', 'https://[::1]:443/a', ok],
  ['https://h.example/a\nb', 'https://h.example:443/a\nb', ok],
  ['/hook', '/hook', ok],
  ['x https://h.example/a', 'https://h.example/a', mismatch],
])('%j may be signed as %j', async (url, content, expected) => {
  expect(await verdict({ url, content })).toEqual(expected);
});

describe('signing', () => {
  const sign = (request: Given, secret = 'token') =>
    signRequest(pack, { request: given(request), secret, options: {}, now: 0 });

  test('signs the URL as it is, and the form', async () => {
    expect(await sign({ text: 'b=2&a=1' })).toEqual({
      'x-twilio-signature': signatureOf(`${URL_OF_HOOK}a1b2`),
    });
    expect(await sign({})).toEqual({ 'x-twilio-signature': signatureOf(URL_OF_HOOK) });
  });

  test('fails without a secret, and with a body that no signature covers', async () => {
    await expect(sign({}, '')).rejects.toThrow(new TypeError('the auth token is empty'));
    await expect(sign({ text: '{}', type: 'application/json' })).rejects.toThrow(
      new TypeError('Twilio signs a body that is no form only by ?bodySHA256=<hash> in the URL'),
    );
  });
});
