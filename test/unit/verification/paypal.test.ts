import { type KeyObject, sign } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Certificates } from '../../../functions/verification/certificates.ts';
import { paypalOrigin, paypalSignature } from '../../../functions/verification/paypal.ts';
import { selfSigned } from '../providers/self-signed.ts';
import { type Circumstances, judge, NOW_MS, refusal } from './custom-request.ts';

const { pem, privateKey } = selfSigned();
const URL = 'https://api.paypal.com/v1/notifications/certs/CERT-1';
const WEBHOOK = 'WH-1';
const TIME = new Date(NOW_MS).toISOString();
const body = '{"id":"WH-EVENT"}';
const options = { certificates: { [URL]: pem } };
const scheme = paypalSignature();

type Headers = Readonly<Record<string, string>>;
const seal = (content: string, key: KeyObject = privateKey) =>
  sign('sha256', Buffer.from(content), key).toString('base64');

function headersOf(webhook = WEBHOOK, time = TIME): Headers {
  return {
    'paypal-transmission-id': 'id-1',
    'paypal-transmission-time': time,
    'paypal-transmission-sig': seal(`id-1|${time}|${webhook}|${crc32(body)}`),
    'paypal-cert-url': URL,
    'paypal-auth-algo': 'SHA256withRSA',
  };
}
const check = (headers: Headers = headersOf(), more: Circumstances & { body?: string } = {}) =>
  judge(scheme, { headers, body: more.body ?? body }, { options, secrets: [WEBHOOK], ...more });

const malformed = refusal('signature-malformed', 'expected SHA256withRSA in base64');
const mismatch = refusal('signature-mismatch');

describe('what is signed', () => {
  test('id, time, webhook and the CRC-32 of the body', async () => {
    expect(await check()).toEqual({ ok: true, secret: 0, proofId: 'id-1' });
    expect(await check({ ...headersOf(), 'paypal-transmission-id': 'id-2' })).toEqual(mismatch);
    const later = new Date(NOW_MS + 1).toISOString();
    expect(await check({ ...headersOf(), 'paypal-transmission-time': later })).toEqual(mismatch);
    expect(await check(headersOf('WH-2'))).toEqual(mismatch);
    expect(await check(headersOf(), { body: '{}' })).toEqual(mismatch);
  });

  test('with the key of the certificate', async () => {
    const content = `id-1|${TIME}|${WEBHOOK}|${crc32(body)}`;
    const foreign = seal(content, selfSigned().privateKey);
    expect(await check({ ...headersOf(), 'paypal-transmission-sig': foreign })).toEqual(mismatch);
  });
});

describe('refusals', () => {
  test.each([
    'paypal-transmission-id',
    'paypal-transmission-time',
    'paypal-transmission-sig',
    'paypal-cert-url',
  ])('without %s, or with an empty one', async (name) => {
    const { [name]: _, ...rest } = headersOf();
    const missing = refusal('signature-missing', 'paypal-transmission-{id,time,sig} and paypal-cert-url');
    expect(await check(rest)).toEqual(missing);
    expect(await check({ ...rest, [name]: '' })).toEqual(missing);
  });

  test.each<[string, Headers]>([
    ['another algorithm', { 'paypal-auth-algo': 'SHA1withRSA' }],
    ['an algorithm in another case', { 'paypal-auth-algo': 'sha256withrsa' }],
    ['an empty algorithm', { 'paypal-auth-algo': '' }],
    ['a signature of other characters', { 'paypal-transmission-sig': 'é'.repeat(10) }],
    ['a signature without its padding', { 'paypal-transmission-sig': seal('x').replace(/=+$/, '') }],
    ['a signature that is too long', { 'paypal-transmission-sig': Buffer.alloc(513).toString('base64') }],
  ])('%s', async (_what, change) => {
    expect(await check({ ...headersOf(), ...change })).toEqual(malformed);
  });

  test('a signature of 512 bytes is looked at', async () => {
    const longest = Buffer.alloc(512).toString('base64');
    expect(await check({ ...headersOf(), 'paypal-transmission-sig': longest })).toEqual(mismatch);
  });

  test('no algorithm', async () => {
    const { 'paypal-auth-algo': _, ...rest } = headersOf();
    expect(await check(rest)).toEqual(malformed);
  });

  test('a certificate that is not configured, or not PayPal’s', async () => {
    expect(await check(headersOf(), { options: { certificates: {} } })).toEqual(
      refusal('signature-mismatch', 'the certificate is not among options.certificates'),
    );
    const elsewhere = { ...headersOf(), 'paypal-cert-url': 'https://paypal.com.example/v1/cert' };
    expect(await check(elsewhere)).toEqual(
      refusal('signature-malformed', 'the certificate is not at an address of the provider'),
    );
  });
});

describe('webhooks', () => {
  test('the position of the one that matched is told', async () => {
    expect(await check(headersOf(), { secrets: ['WH-0', WEBHOOK] })).toEqual({
      ok: true,
      secret: 1,
      proofId: 'id-1',
    });
    expect(await check(headersOf(), { secrets: ['', WEBHOOK] })).toEqual({
      ok: true,
      secret: 1,
      proofId: 'id-1',
    });
  });

  test('none, and an empty one, are no webhook', async () => {
    expect(await check(headersOf(), { secrets: [] })).toEqual(refusal('secret-missing'));
    expect(await check(headersOf(''), { secrets: [''] })).toEqual(mismatch);
  });
});

test('four days late, five minutes early', async () => {
  const days = 4 * 86_400;
  expect((await check(headersOf(), { late: days })).ok).toBe(true);
  expect((await check(headersOf(), { late: -300 })).ok).toBe(true);
  expect(await check(headersOf(), { late: days + 1 })).toEqual(
    refusal('timestamp-stale', `${days + 1} s old, ${days} s allowed`),
  );
  expect(await check(headersOf(), { late: -301 })).toEqual(
    refusal('timestamp-future', '301 s ahead, 300 s allowed'),
  );
  expect(await check(headersOf(WEBHOOK, String(NOW_MS)))).toEqual(
    refusal('timestamp-malformed', 'expected rfc3339'),
  );
});

describe('addresses of certificates', () => {
  const PATH = '/v1/notifications/certs/CERT-1';
  /** Whether a certificate is asked for at an address. */
  async function asked(url: string): Promise<boolean> {
    const urls: string[] = [];
    const certificates = new Certificates(paypalOrigin, async (address) => {
      urls.push(String(address));
      return new Response(pem);
    });
    const { ok } = await certificates.keyAt(url, {}, NOW_MS);
    expect(urls).toEqual(ok ? [url] : []);
    return ok;
  }

  test.each([
    `https://api.paypal.com${PATH}`,
    `https://a.b.c.paypal.com${PATH}`,
    `https://api-3.sandbox.paypal.com${PATH}`,
    `https://${'a'.repeat(63)}.paypal.com${PATH}`,
    'https://api.paypal.com/v1/notifications/certs/a',
    `https://api.paypal.com/v1/notifications/certs/${'aZ09-'.repeat(20)}`,
  ])('%s is one', async (url) => {
    expect(await asked(url)).toBe(true);
  });

  test.each([
    `https://paypal.com${PATH}`,
    `https://a.b.c.d.paypal.com${PATH}`,
    `https://api_1.paypal.com${PATH}`,
    `https://${'a'.repeat(64)}.paypal.com${PATH}`,
    `https://api.paypalxcom${PATH}`,
    `https://api.paypal.com.example${PATH}`,
    'https://api.paypal.com/v1/notifications/certs/',
    'https://api.paypal.com/v1/notifications/certs/a/b',
    'https://api.paypal.com/v1/notifications/certs/a_b',
    'https://api.paypal.com/v2/v1/notifications/certs/a',
    `https://api.paypal.com/v1/notifications/certs/${'a'.repeat(101)}`,
  ])('%s is none', async (url) => {
    expect(await asked(url)).toBe(false);
  });

  test('a certificate that is fetched signs as well', async () => {
    const fetching = paypalSignature(new Certificates(paypalOrigin, async () => new Response(pem)));
    expect(await judge(fetching, { headers: headersOf(), body }, { secrets: [WEBHOOK] })).toEqual({
      ok: true,
      secret: 0,
      proofId: 'id-1',
    });
  });
});
