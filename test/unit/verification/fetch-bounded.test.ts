import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { allowedUrl, fetchBounded } from '../../../functions/verification/fetch-bounded.ts';

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
    ['a form feed', `${GOOD}\f`],
    ['a space at the end', `${GOOD} `],
    ['a password', 'https://:secret@sns.us-east-1.amazonaws.com/'],
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

  test('is at most 4096 characters long', () => {
    const longest = GOOD.padEnd(4096, 'a');
    expect(allowedUrl(longest, HOSTS)?.href).toBe(longest);
    expect(allowedUrl(`${longest}a`, HOSTS)).toBeUndefined();
  });

  test('may name the port of its scheme', () => {
    expect(allowedUrl(GOOD.replace('.com/', '.com:443/'), HOSTS)?.href).toBe(GOOD);
  });

  test('is told by the whole host and the whole path, whatever the patterns say', () => {
    const either = /one\.example|two\.example/g;
    const path = /\/a|\/b/y;
    for (const url of ['https://one.example/a', 'https://two.example/b', 'https://one.example/a?c=/d']) {
      // Twice: a pattern that remembers where it was would fail the second time.
      for (const _ of [1, 2]) expect(allowedUrl(url, either, path)?.href).toBe(url);
    }
    for (const url of ['one.example.org/a', 'a.two.example/b', 'two.example/a/b', 'two.example/c/b']) {
      expect(allowedUrl(`https://${url}`, either, path)).toBeUndefined();
    }
    expect(allowedUrl('https://one.example/A', either, /\/a/i)?.pathname).toBe('/A');
    expect(allowedUrl('https://one.example/A', either, /\/a/)).toBeUndefined();
    expect(allowedUrl('https://one.example/a%0Ab', either, /^\/a$/m)).toBeUndefined();
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

  test.each([
    ['one byte less than is allowed', 99, true],
    ['as much as is allowed', 100, true],
    ['one byte more', 101, false],
  ])('takes %s, in pieces or at once', async (_name, length, ok) => {
    const pieces = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new Uint8Array(60));
        controller.enqueue(new Uint8Array(length - 60));
        controller.close();
      },
    });
    for (const body of [pieces, new Uint8Array(length)]) {
      const fetch = answering(() => new Response(body));
      const result = await fetchBounded(GOOD, { hosts: HOSTS, maxBytes: 100, fetch });
      expect(result).toEqual(
        ok ? { ok: true, body: Buffer.alloc(length) } : { ok: false, reason: 'unavailable' },
      );
    }
  });

  test('takes 64 KiB where nothing else is said', async () => {
    const sized = (length: number) => answering(() => new Response(new Uint8Array(length)));
    expect((await fetchBounded(GOOD, { hosts: HOSTS, fetch: sized(65_536) })).ok).toBe(true);
    expect((await fetchBounded(GOOD, { hosts: HOSTS, fetch: sized(65_537) })).ok).toBe(false);
  });

  test('takes an answer without a body for an empty one', async () => {
    const fetch = answering(() => new Response(null, { status: 204 }));
    expect(await fetchBounded(GOOD, { hosts: HOSTS, fetch })).toEqual({ ok: true, body: Buffer.alloc(0) });
  });

  test.each([
    ['an error', 500],
    ['too much', 200],
  ])('lets go of the connection after %s', async (_name, status) => {
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(64)),
      cancel() {
        cancelled = true;
        throw new Error('gone');
      },
    });
    const fetch = answering(() => new Response(endless, { status }));
    expect(await fetchBounded(GOOD, { hosts: HOSTS, maxBytes: 100, fetch })).toEqual({
      ok: false,
      reason: 'unavailable',
    });
    expect(cancelled).toBe(true);
  });
});

describe('time and network', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  test.each([
    ['three seconds', undefined, 3000],
    ['what the caller says', 50, 50],
  ])('an answer has %s', async (_name, timeoutMs, expected) => {
    const timeout = jest.spyOn(AbortSignal, 'timeout');
    const fetch = answering(() => new Response(''));
    await fetchBounded(GOOD, { hosts: HOSTS, fetch, ...(timeoutMs && { timeoutMs }) });
    expect(timeout).toHaveBeenCalledWith(expected);
  });

  test('it is the network that is asked where nothing stands in for it', async () => {
    const network = jest.spyOn(globalThis, 'fetch').mockResolvedValue(new Response('confirmed'));
    expect(await fetchBounded(GOOD, { hosts: HOSTS })).toEqual({ ok: true, body: Buffer.from('confirmed') });
    expect(String(network.mock.calls[0]?.[0])).toBe(GOOD);
  });

  test('the signal of the caller counts beside the time', async () => {
    const caller = new AbortController();
    const fetch = answering(async (init) => {
      caller.abort();
      return new Response(String(init?.signal?.aborted));
    });
    const result = await fetchBounded(GOOD, { hosts: HOSTS, signal: caller.signal, fetch });
    expect(result).toEqual({ ok: true, body: Buffer.from('true') });
  });
});
