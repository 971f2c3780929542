import { hubspotSignatureV3 as scheme } from '../../../functions/verification/hubspot.ts';
import { judge, NOW_MS, proven, refusal, type Sent, SOURCE_URL } from './custom-request.ts';
import { hmacOf } from './request.ts';

const SIGNATURE = 'x-hubspot-signature-v3';
const TIME = 'x-hubspot-request-timestamp';
const body = '[{"eventId":1}]';
const signatureOf = (url: string, time: string | number = NOW_MS, method = 'POST') =>
  hmacOf(`${method}${url}${body}${time}`, 'base64');

const sent = (url = SOURCE_URL, signedAs = url, time: string | number = NOW_MS): Sent => ({
  url,
  headers: { [SIGNATURE]: signatureOf(signedAs, time), [TIME]: String(time) },
  body,
});

test('method, URL, body and time are signed', async () => {
  expect(await judge(scheme, sent())).toEqual({ ok: true, secret: 0 });
  expect(await judge(scheme, { ...sent(), method: 'PUT' })).toEqual(refusal('signature-mismatch'));
  expect(await judge(scheme, { ...sent(), url: `${SOURCE_URL}?a=1` })).toEqual(refusal('signature-mismatch'));
  expect(await judge(scheme, { ...sent(), body: '[]' })).toEqual(refusal('signature-mismatch'));
  const later = { ...sent().headers, [TIME]: String(NOW_MS + 1) };
  expect(await judge(scheme, { ...sent(), headers: later })).toEqual(refusal('signature-mismatch'));
});

describe('the URL', () => {
  test.each([
    ['%3A', ':'],
    ['%2F', '/'],
    ['%3F', '?'],
    ['%40', '@'],
    ['%21', '!'],
    ['%24', '$'],
    ['%27', "'"],
    ['%28', '('],
    ['%29', ')'],
    ['%2A', '*'],
    ['%2C', ','],
    ['%3B', ';'],
  ])('%s is undone before it is signed, in either case', async (code, character) => {
    const undone = `${SOURCE_URL}?q=a${character}b${character}`;
    for (const spelling of [code, code.toLowerCase()]) {
      const url = `${SOURCE_URL}?q=a${spelling}b${spelling}`;
      expect(await judge(scheme, sent(url, undone))).toEqual({ ok: true, secret: 0 });
      const signed = await proven(scheme, { url, body });
      expect(signed.headers[SIGNATURE]).toBe(signatureOf(undone));
      expect(signed.url).toBe(url);
    }
  });

  test.each(['%20', '%2B', '%26', '%3D', '%23', '%25', '%5B', '%c3%b6', '%', '%3', '%zz', '%253A'])(
    '%s is signed as it was sent',
    async (code) => {
      const url = `${SOURCE_URL}?q=a${code}`;
      expect(await judge(scheme, sent(url))).toEqual({ ok: true, secret: 0 });
      expect((await proven(scheme, { url, body })).headers[SIGNATURE]).toBe(signatureOf(url));
    },
  );
});

describe('refusals', () => {
  test.each<[string, Readonly<Record<string, string>>, object]>([
    ['no header', {}, refusal('signature-missing', SIGNATURE)],
    ['no signature', { [TIME]: String(NOW_MS) }, refusal('signature-missing', SIGNATURE)],
    ['no time', { [SIGNATURE]: signatureOf(SOURCE_URL) }, refusal('timestamp-missing')],
    [
      'a signature in hex',
      { [SIGNATURE]: hmacOf(`POST${SOURCE_URL}${body}${NOW_MS}`), [TIME]: String(NOW_MS) },
      refusal('signature-malformed'),
    ],
    [
      'a time in words',
      sent(SOURCE_URL, SOURCE_URL, 'now').headers ?? {},
      refusal('timestamp-malformed', 'expected milliseconds'),
    ],
    [
      'a time in seconds',
      sent(SOURCE_URL, SOURCE_URL, NOW_MS / 1000).headers ?? {},
      refusal('timestamp-stale', `${NOW_MS / 1000 - Math.floor(NOW_MS / 1e6)} s old, 300 s allowed`),
    ],
  ])('%s', async (_what, headers, expected) => {
    expect(await judge(scheme, { headers, body })).toEqual(expected);
  });

  test('five minutes on both sides', async () => {
    expect((await judge(scheme, sent(), { late: 300 })).ok).toBe(true);
    expect((await judge(scheme, sent(), { late: -300 })).ok).toBe(true);
    expect(await judge(scheme, sent(), { late: 301 })).toEqual(
      refusal('timestamp-stale', '301 s old, 300 s allowed'),
    );
    expect(await judge(scheme, sent(), { late: -301 })).toEqual(
      refusal('timestamp-future', '301 s ahead, 300 s allowed'),
    );
  });

  test('secrets', async () => {
    expect(await judge(scheme, sent(), { secrets: ['new', 'secret'] })).toEqual({ ok: true, secret: 1 });
    expect(await judge(scheme, sent(), { secrets: ['new'] })).toEqual(refusal('signature-mismatch'));
    expect(await judge(scheme, sent(), { secrets: [] })).toEqual(refusal('secret-missing'));
    expect(await judge(scheme, sent(), { secrets: [''] })).toEqual(refusal('secret-malformed'));
  });
});

test('a sample carries signature and time and is believed', async () => {
  const request = await proven(scheme, { body });
  expect(request.headers).toEqual({ [SIGNATURE]: signatureOf(SOURCE_URL), [TIME]: String(NOW_MS) });
  expect(await judge(scheme, request)).toEqual({ ok: true, secret: 0 });
  await expect(proven(scheme, { body }, '')).rejects.toThrow(TypeError);
});
