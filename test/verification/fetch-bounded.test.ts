import { describe, expect, test } from '@jest/globals';
import { allowedUrl, fetchBounded } from '../../functions/verification/fetch-bounded.ts';

const HOSTS = /sns\.[a-z0-9-]{3,}\.amazonaws\.com(\.cn)?/;
const GOOD = 'https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&Token=abc';

const answering =
  (respond: (init: RequestInit | undefined) => Response | Promise<Response>): typeof fetch =>
  async (_url, init) =>
    respond(init);

describe('a URL that a request names', () => {
  test('is allowed when scheme and whole host fit', () => {
    expect(allowedUrl(GOOD, HOSTS)?.href).toBe(GOOD);
    expect(allowedUrl('https://SNS.us-east-1.amazonaws.com/x.pem', HOSTS, /\/[\w-]+\.pem/)?.pathname).toBe(
      '/x.pem',
    );
  });

  test.each([
    ['http', 'http://sns.us-east-1.amazonaws.com/'],
    ['another scheme', 'file:///etc/passwd'],
    ['a longer host', 'https://sns.us-east-1.amazonaws.com.evil.example/'],
    ['a host that only ends so', 'https://evil-sns.us-east-1.amazonaws.com/'],
    ['a host in the path', 'https://evil.example/sns.us-east-1.amazonaws.com'],
    ['a user name', 'https://sns.us-east-1.amazonaws.com@evil.example/'],
    ['a user name before the right host', 'https://evil@sns.us-east-1.amazonaws.com/'],
    ['a port', 'https://sns.us-east-1.amazonaws.com:8443/'],
    ['a dot at the end', 'https://sns.us-east-1.amazonaws.com./'],
    ['a backslash', 'https://evil.example\\@sns.us-east-1.amazonaws.com/'],
    ['a line break', 'https://sns.us-east-1.amazon\naws.com/'],
    ['the metadata service', 'https://169.254.169.254/latest/meta-data/'],
    ['no URL', 'sns'],
    ['nothing', ''],
    ['no end', `${GOOD}${'a'.repeat(5000)}`],
  ])('is not with %s', async (_name, url) => {
    let called = false;
    const spy = answering(() => {
      called = true;
      return new Response('');
    });
    expect(await fetchBounded(url, { hosts: HOSTS, fetch: spy })).toEqual({ ok: false, reason: 'forbidden' });
    expect(called).toBe(false);
  });

  test('is not with another path', () => {
    expect(
      allowedUrl('https://sns.us-east-1.amazonaws.com/x.pem/../../y', HOSTS, /\/[\w-]+\.pem/),
    ).toBeUndefined();
  });
});

describe('fetching', () => {
  test('gives the body and follows no redirect', async () => {
    let init: RequestInit | undefined;
    const result = await fetchBounded(GOOD, {
      hosts: HOSTS,
      fetch: answering((given) => {
        init = given;
        return new Response('confirmed');
      }),
    });
    expect(result).toEqual({ ok: true, body: Buffer.from('confirmed') });
    expect(init?.redirect).toBe('error');
  });

  test.each<[string, (init: RequestInit | undefined) => Response | Promise<Response>]>([
    ['an error', () => new Response('no', { status: 500 })],
    ['more than is allowed', () => new Response('x'.repeat(101))],
    ['a broken connection', () => Promise.reject(new TypeError('fetch failed'))],
    [
      'silence',
      (init) =>
        new Promise((_, reject) =>
          init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)),
        ),
    ],
  ])('ends as unavailable with %s', async (_name, respond) => {
    const result = await fetchBounded(GOOD, {
      hosts: HOSTS,
      maxBytes: 100,
      timeoutMs: 50,
      fetch: answering(respond),
    });
    expect(result).toEqual({ ok: false, reason: 'unavailable' });
  });

  test('ends with the signal of the caller', async () => {
    const result = await fetchBounded(GOOD, {
      hosts: HOSTS,
      signal: AbortSignal.abort(),
      fetch: answering((init) =>
        Promise.reject(init?.signal?.aborted ? new Error('aborted') : new Error('not aborted')),
      ),
    });
    expect(result).toEqual({ ok: false, reason: 'unavailable' });
  });
});
