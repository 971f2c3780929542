import { jest } from '@jest/globals';
import { Certificates, certificatesRule } from '../../../functions/verification/certificates.ts';
import { selfSigned } from '../providers/self-signed.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 0, 1);

const origin = { hosts: /certs\.example\.com/, path: /\/[a-z0-9-]+\.pem/ };
const urlOf = (name: string | number) => `https://certs.example.com/${name}.pem`;
const URL_OF_CERTIFICATE = urlOf('one');

const { pem } = selfSigned();
const unavailable = refusedFor('key-unavailable', 'the certificate cannot be fetched');
const found = { ok: true, key: expect.anything() };

/** A certificate whose key is not RSA, but of the curve P-256. */
const ecPem = `-----BEGIN CERTIFICATE-----
MIIBdzCCAR+gAwIBAgIULSJRL5WAmXah4xIp7FslTlLtumQwCgYIKoZIzj0EAwIw
ETEPMA0GA1UEAwwGc2FtcGxlMCAXDTI2MTEyMjA0MTQzNVoYDzIxMjYxMDI5MDQx
NDM1WjARMQ8wDQYDVQQDDAZzYW1wbGUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AASwos5eDTZLWDCGHBfhm65ShMzyB+HFhxxmcv3+hU588mk9U01Hw4vDnRVdE7Mh
XPEa7F8IizcJFCePnnaB7OMdo1MwUTAdBgNVHQ4EFgQU9BwI9o8xDsk9Oy/fO+zO
10X6NBUwHwYDVR0jBBgwFoAU9BwI9o8xDsk9Oy/fO+zO10X6NBUwDwYDVR0TAQH/
BAUwAwEB/zAKBggqhkjOPQQDAgNGADBDAiA+DN9vJpKSVYgGSTd+VK8vzutbsJY3
BxchNH5PbWR84QIfak1SK/otH3x5tzM1e2J8451p2rry/rB2DriAxOA06g==
-----END CERTIFICATE-----
`;

function refusedFor(reason: string, hint: string) {
  return { ok: false, verdict: { ok: false, reason, hint } };
}

/** Certificates from answers by path, which are counted. */
function storeOf(answer: (path: string) => Response | Promise<Response>) {
  const calls: string[] = [];
  const store = new Certificates(origin, async (url) => {
    const { pathname } = new URL(String(url));
    calls.push(pathname);
    return answer(pathname);
  });
  return { store, calls };
}

describe('an address', () => {
  test.each([
    [
      'another host',
      'https://certs.example.org/one.pem',
      'the certificate is not at an address of the provider',
    ],
    ['no host', 'one.pem', 'the certificate is not at an address of the provider'],
    ['another path', 'https://certs.example.com/one.txt', 'the address is not one of a certificate'],
  ])('of %s is refused, and nothing is asked', async (_what, url, hint) => {
    const { store, calls } = storeOf(() => new Response(pem));
    expect(await store.keyAt(url, {}, NOW)).toEqual(refusedFor('signature-malformed', hint));
    expect(calls).toEqual([]);
  });

  test('is asked over the network unless something stands in for it', async () => {
    const network = jest.spyOn(globalThis, 'fetch').mockResolvedValue(new Response(pem));
    try {
      expect(await new Certificates(origin).keyAt(URL_OF_CERTIFICATE, {}, NOW)).toEqual(found);
      expect(network).toHaveBeenCalledTimes(1);
    } finally {
      network.mockRestore();
    }
  });
});

describe('certificates of the options', () => {
  const { store, calls } = storeOf(() => new Response(pem));
  const notAmong = refusedFor('signature-mismatch', 'the certificate is not among options.certificates');

  test('count in place of fetched ones, whatever their path and their time', async () => {
    for (const url of [URL_OF_CERTIFICATE, 'https://certs.example.com/any/path']) {
      expect(await store.keyAt(url, { certificates: { [url]: pem } }, NOW + 9999 * DAY)).toEqual(found);
    }
    expect(calls).toEqual([]);
  });

  test.each<[string, object]>([
    ['there are none', {}],
    ['there are others', { [urlOf('two')]: pem }],
    ['it is no text', { [URL_OF_CERTIFICATE]: [pem] }],
    ['it is no certificate', { [URL_OF_CERTIFICATE]: 'PEM' }],
    ['its key is not RSA', { [URL_OF_CERTIFICATE]: ecPem }],
    ['it is inherited', Object.create({ [URL_OF_CERTIFICATE]: pem })],
  ])('are all that counts: %s', async (_what, certificates) => {
    expect(await store.keyAt(URL_OF_CERTIFICATE, { certificates }, NOW)).toEqual(notAmong);
    expect(calls).toEqual([]);
  });

  test('do not make another address the provider’s', async () => {
    const url = 'https://evil.example/one.pem';
    expect(await store.keyAt(url, { certificates: { [url]: pem } }, NOW)).toMatchObject({ ok: false });
  });

  test('are fetched where they are null', async () => {
    const asked = storeOf(() => new Response(pem));
    expect(await asked.store.keyAt(URL_OF_CERTIFICATE, { certificates: null }, NOW)).toEqual(found);
    expect(asked.calls).toEqual(['/one.pem']);
  });

  const advice = 'write { "<URL of the certificate>": "-----BEGIN CERTIFICATE-----…" }';
  test.each<[unknown, string | undefined]>([
    [{ [URL_OF_CERTIFICATE]: pem }, undefined],
    [{ [URL_OF_CERTIFICATE]: pem, [urlOf('two')]: 'PEM' }, advice],
    [{ [URL_OF_CERTIFICATE]: ecPem }, advice],
    [{ [URL_OF_CERTIFICATE]: 7 }, advice],
    [[pem], advice],
    [pem, advice],
    [null, advice],
    [undefined, advice],
  ])('are checked when the source is configured (%#)', (value, problem) => {
    expect(certificatesRule.check?.(value, {})).toBe(problem);
  });
});

describe('the time of a fetched certificate', () => {
  const [from, to] = [Date.UTC(2025, 5, 1), Date.UTC(2025, 6, 1)];
  const short = selfSigned('250601000000Z', '250701000000Z').pem;

  test.each([
    ['its first moment', from, true],
    ['the moment before', from - 1, false],
    ['its last moment', to, true],
    ['30 days after it', to + 30 * DAY, true],
    ['a moment later', to + 30 * DAY + 1, false],
  ])('%s', async (_what, now, ok) => {
    const { store } = storeOf(() => new Response(short));
    expect(await store.keyAt(URL_OF_CERTIFICATE, {}, now)).toEqual(ok ? found : unavailable);
  });
});

describe('memory', () => {
  test('keeps a certificate for a day', async () => {
    const { store, calls } = storeOf(() => new Response(pem));
    for (const now of [NOW, NOW + 30_000, NOW + DAY - 1]) {
      expect(await store.keyAt(URL_OF_CERTIFICATE, {}, now)).toEqual(found);
    }
    expect(calls).toHaveLength(1);
    expect(await store.keyAt(URL_OF_CERTIFICATE, {}, NOW + DAY)).toEqual(found);
    expect(calls).toHaveLength(2);
  });

  test('keeps a failure for half a minute', async () => {
    let works = false;
    const { store, calls } = storeOf(() => new Response(pem, { status: works ? 200 : 503 }));
    expect(await store.keyAt(URL_OF_CERTIFICATE, {}, NOW)).toEqual(unavailable);
    works = true;
    expect(await store.keyAt(URL_OF_CERTIFICATE, {}, NOW + 29_999)).toEqual(unavailable);
    expect(calls).toHaveLength(1);
    expect(await store.keyAt(URL_OF_CERTIFICATE, {}, NOW + 30_000)).toEqual(found);
    expect(calls).toHaveLength(2);
  });

  test('holds 32 certificates; of more, the oldest goes first', async () => {
    const { store, calls } = storeOf(() => new Response(pem));
    const isAsked = async (name: number, now: number) => {
      const before = calls.length;
      expect(await store.keyAt(urlOf(name), {}, now)).toEqual(found);
      return calls.length > before;
    };
    for (let name = 1; name <= 32; name++) expect(await isAsked(name, NOW + name)).toBe(true);
    expect(await isAsked(1, NOW + 40)).toBe(false);
    expect(await isAsked(33, NOW + 50)).toBe(true);
    for (const name of [33, 2, 32]) expect(await isAsked(name, NOW + 60)).toBe(false);
    expect(await isAsked(1, NOW + 70)).toBe(true);
  });

  test('forgets failures before a certificate, however many there are', async () => {
    const { store, calls } = storeOf(
      (path) => new Response(pem, { status: path === '/one.pem' ? 200 : 404 }),
    );
    expect(await store.keyAt(URL_OF_CERTIFICATE, {}, NOW)).toEqual(found);
    for (let name = 1; name <= 100; name++) {
      expect(await store.keyAt(urlOf(name), {}, NOW + name)).toEqual(unavailable);
    }
    expect(calls).toHaveLength(101);
    expect(await store.keyAt(URL_OF_CERTIFICATE, {}, NOW + 200)).toEqual(found);
    for (let name = 100; name > 100 - 31; name--) {
      expect(await store.keyAt(urlOf(name), {}, NOW + 200)).toEqual(unavailable);
    }
    expect(calls).toHaveLength(101);
    expect(await store.keyAt(urlOf(100 - 31), {}, NOW + 200)).toEqual(unavailable);
    expect(calls).toHaveLength(102);
  });
});

describe('requests at the same time', () => {
  /** Answers when it is told to. */
  function held() {
    const { promise, resolve } = Promise.withResolvers<void>();
    return { ...storeOf(() => promise.then(() => new Response(pem))), release: resolve };
  }

  test('for one address share one call', async () => {
    const { store, calls, release } = held();
    const keys = [1, 2, 3].map(() => store.keyAt(URL_OF_CERTIFICATE, {}, NOW));
    release();
    expect(await Promise.all(keys)).toEqual([found, found, found]);
    expect(calls).toHaveLength(1);
  });

  test('for more than four addresses are refused, and may be repeated at once', async () => {
    const { store, calls, release } = held();
    const first = [1, 2, 3, 4].map((name) => store.keyAt(urlOf(name), {}, NOW));
    expect(await store.keyAt(urlOf(5), {}, NOW)).toEqual(unavailable);
    expect(calls).toHaveLength(4);
    release();
    expect(await Promise.all(first)).toEqual([found, found, found, found]);
    expect(await store.keyAt(urlOf(5), {}, NOW)).toEqual(found);
    for (const name of [6, 7, 8, 9, 10]) expect(await store.keyAt(urlOf(name), {}, NOW)).toEqual(found);
  });
});
