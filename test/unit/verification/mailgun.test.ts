import { createHash } from 'node:crypto';
import { mailgunSignature as scheme } from '../../../functions/verification/mailgun.ts';
import { judge, NOW_MS, proven, refusal } from './custom-request.ts';
import { hmacOf, NOW, signWith } from './request.ts';

const token = '0123456789abcdefghij_-ABCDEFGHIJ';
const good = { timestamp: String(NOW), token, signature: hmacOf(NOW + token) };
const event = (signature: unknown) => JSON.stringify({ signature, 'event-data': { event: 'opened' } });
const form = (fields: Readonly<Record<string, string>>) => new URLSearchParams(fields).toString();
const formHeaders = { 'content-type': 'application/x-www-form-urlencoded' };
/** The three under a token or a time of their own. */
const signed = (change: { readonly token?: string; readonly timestamp?: string | number }) => {
  const proof = { ...good, ...change };
  return { ...proof, signature: hmacOf(`${proof.timestamp}${proof.token}`) };
};
/** The token names the proof. */
const accepted = (secret = 0, proofId = token) => ({ ok: true, secret, proofId });
const missing = refusal('signature-missing', 'signature.{timestamp,token,signature} of the body');

describe('an event', () => {
  test.each<[string, unknown]>([
    ['as Mailgun sends it', good],
    ['with its time as a number', { ...good, timestamp: NOW }],
    ['with the shortest token', signed({ token: 'a'.repeat(20) })],
    ['with the longest token', signed({ token: 'a'.repeat(100) })],
    ['with its signature in upper case', { ...good, signature: good.signature.toUpperCase() }],
  ])('%s', async (_what, signature) => {
    const { token: proofId } = signature as typeof good;
    expect(await judge(scheme, { body: event(signature) })).toEqual(accepted(0, proofId));
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', good.signature],
    ['a list', [good]],
    ['no time', { ...good, timestamp: undefined }],
    ['a time of nine digits', signed({ timestamp: '176722560' })],
    ['a time of eleven digits', signed({ timestamp: '17672256000' })],
    ['a time with a sign', signed({ timestamp: '+1767225600' })],
    ['a time with a fraction', signed({ timestamp: 1767225600.5 })],
    ['a time that is a list', { ...good, timestamp: [good.timestamp] }],
    ['no token', { ...good, token: undefined }],
    ['a token that is a number', { ...good, token: 123456789012345 }],
    ['a token in a list', { ...good, token: [token] }],
    ['a token that is too short', signed({ token: 'a'.repeat(19) })],
    ['a token that is too long', signed({ token: 'a'.repeat(101) })],
    ['a token with a blank at the start', signed({ token: ` ${token}` })],
    ['a token with a blank at the end', signed({ token: `${token} ` })],
    ['a token of other characters', signed({ token: '.'.repeat(30) })],
    ['no signature', { ...good, signature: undefined }],
    ['a signature that is a number', { ...good, signature: 1 }],
  ])('with %s in place of the proof has none', async (_what, signature) => {
    expect(await judge(scheme, { body: event(signature) })).toEqual(missing);
  });

  test.each(['', 'null', '[]', 'text', '{"signature":'])('%j is none', async (body) => {
    expect(await judge(scheme, { body })).toEqual(missing);
  });

  test.each<[string, object, string]>([
    ['a signature in base64', { ...good, signature: hmacOf(NOW + token, 'base64') }, 'signature-malformed'],
    ['a signature that is cut', { ...good, signature: good.signature.slice(2) }, 'signature-malformed'],
    ['another token', { ...good, token: token.toUpperCase() }, 'signature-mismatch'],
    ['another time', { ...good, timestamp: String(NOW - 1) }, 'signature-mismatch'],
  ])('with %s is refused', async (_what, signature, reason) => {
    expect(await judge(scheme, { body: event(signature) })).toEqual(refusal(reason));
  });

  test('that is wrong and late as well tells nothing about our clock', async () => {
    const body = event({ ...good, token: token.toUpperCase() });
    expect(await judge(scheme, { body }, { late: 50_000 })).toEqual(refusal('signature-mismatch'));
  });

  test('secrets', async () => {
    const body = event(good);
    expect(await judge(scheme, { body }, { secrets: ['new', 'secret'] })).toEqual(accepted(1));
    expect(await judge(scheme, { body }, { secrets: [] })).toEqual(refusal('secret-missing'));
    expect(await judge(scheme, { body }, { secrets: [''] })).toEqual(refusal('secret-malformed'));
  });

  test('twelve hours late, five minutes early', async () => {
    const body = event(good);
    expect((await judge(scheme, { body }, { late: 43_200 })).ok).toBe(true);
    expect((await judge(scheme, { body }, { late: -300 })).ok).toBe(true);
    expect(await judge(scheme, { body }, { late: 43_201 })).toEqual(
      refusal('timestamp-stale', '43201 s old, 43200 s allowed'),
    );
    expect(await judge(scheme, { body }, { late: -301 })).toEqual(
      refusal('timestamp-future', '301 s ahead, 300 s allowed'),
    );
  });
});

describe('a message that a route forwards', () => {
  const check = (body: string, headers = formHeaders) => judge(scheme, { headers, body });

  test('has the three among its fields', async () => {
    expect(await check(form({ sender: 'a@example.com', ...good }))).toEqual(accepted());
    expect(await check(form({ ...good, token: token.toUpperCase() }))).toEqual(refusal('signature-mismatch'));
  });

  test('is a form by what it says of itself, not by how it looks', async () => {
    expect(await check(form(good), { 'content-type': 'application/json' })).toEqual(missing);
    expect(await check(event(good))).toEqual(missing);
  });

  test.each(['timestamp', 'token', 'signature'] as const)(
    'has no proof without %s, or with two',
    async (name) => {
      const { [name]: value, ...rest } = good;
      expect(await check(form(rest as Record<string, string>))).toEqual(missing);
      expect(await check(`${form(good)}&${name}=${value}`)).toEqual(missing);
    },
  );

  test('is at most two mebibytes long', async () => {
    const fields = `${form(good)}&body-plain=`;
    const fill = 2 * 1024 * 1024 - fields.length;
    expect(await check(fields + 'x'.repeat(fill))).toEqual(accepted());
    expect(await check(fields + 'x'.repeat(fill + 1))).toEqual(missing);
  });
});

describe('a sample', () => {
  const text = '{"event-data":{"event":"opened"}}';
  const hashed = createHash('sha256').update(text).digest('hex').slice(0, 50);

  test('carries its proof before the event, and nothing in its headers', async () => {
    const request = await proven(scheme, { body: text, headers: { 'x-own': '1' } });
    expect(request.headers).toEqual({ 'x-own': '1' });
    expect(JSON.parse(request.body.toString())).toEqual({
      signature: { timestamp: String(NOW), token: hashed, signature: hmacOf(NOW + hashed) },
      'event-data': { event: 'opened' },
    });
    expect(await judge(scheme, request)).toEqual(accepted(0, hashed));
    expect(await signWith(scheme, 'secret', text)).toEqual({});
  });

  test('has a time in whole seconds', () => {
    const request = {
      method: 'POST',
      url: '',
      subpath: '',
      headers: {},
      body: Buffer.from(text),
      receivedAt: 0,
    };
    const context = { request, secret: 'secret', options: {}, now: NOW_MS + 999 };
    expect(JSON.parse(scheme.prepare?.(context).body?.toString() ?? '')).toMatchObject({
      signature: { timestamp: String(NOW), token: hashed },
    });
  });

  test.each(['[]', '1', 'null'])('cannot be made of %s', async (body) => {
    await expect(proven(scheme, { body })).rejects.toThrow(
      new TypeError('an event of Mailgun is a JSON object'),
    );
  });
});

test('JSON is no form, whatever the content type says: it would be read with another token', async () => {
  const inside = new URLSearchParams(good).toString();
  const body = JSON.stringify({ signature: { ...good, token: 'x'.repeat(30) }, text: `&${inside}&` });
  expect(await judge(scheme, { headers: formHeaders, body })).toEqual(missing);
});
