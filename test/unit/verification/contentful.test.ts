import { createHmac } from 'node:crypto';
import { contentfulSignature as scheme } from '../../../functions/verification/canonical-contentful.ts';
import { judge, NOW_MS, proven, refusal, type Sent } from './custom-request.ts';

const SIGNATURE = 'x-contentful-signature';
const LIST = 'x-contentful-signed-headers';
const TIME = 'x-contentful-timestamp';
const URL_OF_SOURCE = 'https://hooks.example.com/webhooks/source';
const good = { ok: true, secret: 0 };

interface Canonical {
  readonly method?: string;
  readonly url?: string;
  /** As it stands in what is signed. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Names as the header lists them. Default: those of the headers and the two that have to be there. */
  readonly list?: string;
  /** The lines between path and body, where they differ from the headers in their order. */
  readonly line?: string;
  readonly body?: string;
  readonly time?: string;
}

/** A request whose signature is computed over what `path`, `line` and the rest say. */
function signed(given: Canonical = {}): Sent & { readonly headers: Readonly<Record<string, string>> } {
  const { method = 'POST', url = URL_OF_SOURCE, path = '/webhooks/source', body = '{}' } = given;
  const time = given.time ?? String(NOW_MS);
  const own = Object.keys(given.headers ?? {});
  const list = given.list ?? [...own, LIST, TIME].join(',');
  const headers = { ...given.headers, [LIST]: list, [TIME]: time };
  const line =
    given.line ??
    Object.entries(headers)
      .map(([name, value]) => `${name}:${value}`)
      .join(';');
  const signature = createHmac('sha256', 'secret').update(`${method}\n${path}\n${line}\n${body}`);
  return { method, url, body, headers: { ...headers, [SIGNATURE]: signature.digest('hex') } };
}

const withHeaders = (sent: ReturnType<typeof signed>, change: Readonly<Record<string, string>>) => ({
  ...sent,
  headers: { ...sent.headers, ...change },
});

const without = (sent: ReturnType<typeof signed>, name: string) => ({
  ...sent,
  headers: Object.fromEntries(Object.entries(sent.headers).filter(([key]) => key !== name)),
});

describe('what is signed', () => {
  test('is method, path, the headers of the list in order of their names, and body', async () => {
    const line = `content-type:a/b;${LIST}:${TIME},content-type,${LIST};${TIME}:${NOW_MS}`;
    const list = `${TIME},content-type,${LIST}`;
    expect(await judge(scheme, signed({ headers: { 'content-type': 'a/b' }, list, line }))).toEqual(good);
  });

  test('covers each of them', async () => {
    const genuine = signed({ headers: { 'content-type': 'a/b' } });
    expect(await judge(scheme, genuine)).toEqual(good);
    for (const change of [
      { ...genuine, method: 'PUT' },
      { ...genuine, url: `${URL_OF_SOURCE}/` },
      { ...genuine, url: `${URL_OF_SOURCE}?a=1` },
      { ...genuine, body: '{ }' },
      withHeaders(genuine, { 'content-type': 'a/c' }),
      withHeaders(genuine, { [TIME]: String(NOW_MS + 1) }),
      withHeaders(genuine, { [LIST]: `${LIST},${TIME}` }),
    ]) {
      expect(await judge(scheme, change)).toEqual(refusal('signature-mismatch'));
    }
    expect(await judge(scheme, withHeaders(genuine, { 'x-contentful-topic': 'not signed' }))).toEqual(good);
  });

  test.each([
    ['neither query nor fragment', 'https://h.example/a/b', '/a/b'],
    ['no path', 'https://h.example', '/'],
    ['a query and no path', 'https://h.example?a=1', '/?a%253D1'],
    ['an empty query', 'https://h.example/a?', '/a'],
    [
      'a query, escaped as a whole and then once more',
      'https://h.example/a?b=1&c=d%20e',
      '/a?b%253D1%2526c%253Dd%252520e',
    ],
    [
      'a second question mark, from which on nothing counts for Contentful’s library either',
      'https://h.example/a?b?c',
      '/a?b',
    ],
    ['a fragment', 'https://h.example/a?b#c', '/a?b'],
    ['a fragment that looks like a query', 'https://h.example/a#b?c', '/a'],
    ['an escape in the path', 'https://h.example/a%20b', '/a%2520b'],
    ['letters that need an escape', 'https://h.example/größe', '/gr%C3%B6%C3%9Fe'],
    ['a port', 'http://localhost:3000/a', '/a'],
  ])('has the path with %s', async (_what, url, path) => {
    expect(await judge(scheme, signed({ url, path }))).toEqual(good);
  });

  test.each([
    ['no URL', '/webhooks/source'],
    ['one of another scheme', 'ftp://h.example/webhooks/source'],
    ['one behind another scheme', 'x+https://h.example/webhooks/source'],
    ['one that cannot be encoded', 'https://h.example/\ud800'],
    ['one whose query cannot be encoded', 'https://h.example/?\ud800'],
  ])('is nothing with %s', async (_what, url) => {
    expect(await judge(scheme, signed({ url }))).toEqual(refusal('signature-malformed'));
  });
});

describe('the list of signed headers', () => {
  test('may name a header twice, and have spaces', async () => {
    const list = ` ${LIST} , ${TIME}, ${LIST}`;
    const line = `${LIST}:${list.trim()};${TIME}:${NOW_MS}`;
    expect(await judge(scheme, signed({ list, line }))).toEqual(good);
  });

  test('takes values without the spaces around them', async () => {
    const headers = { 'content-type': '  a/b ' };
    const line = `content-type:a/b;${LIST}:content-type,${LIST},${TIME};${TIME}:${NOW_MS}`;
    expect(await judge(scheme, signed({ headers, line }))).toEqual(good);
  });

  test.each([
    ['does not name the time', LIST, `${LIST}:${LIST}`],
    ['does not name itself', TIME, `${TIME}:${NOW_MS}`],
    ['names a header that is not there', `${LIST},${TIME},x-contentful-topic`, undefined],
    ['names one in upper case', `${LIST},${TIME},Content-Type`, undefined],
    ['names nothing beside the two', `${LIST},${TIME},`, undefined],
  ])('that %s is malformed', async (_what, list, line) => {
    const headers = { 'content-type': 'a/b' };
    expect(await judge(scheme, signed({ headers, list, ...(line && { line }) }))).toEqual(
      refusal('signature-malformed'),
    );
  });

  test('has at most 64 names', async () => {
    const full = Array(62).fill(LIST).join(',');
    const line = (list: string) => `${LIST}:${list};${TIME}:${NOW_MS}`;
    const [most, more] = [`${full},${LIST},${TIME}`, `${full},${LIST},${TIME},${TIME}`];
    expect(await judge(scheme, signed({ list: most, line: line(most) }))).toEqual(good);
    expect(await judge(scheme, signed({ list: more, line: line(more) }))).toEqual(
      refusal('signature-malformed'),
    );
  });
});

describe('the headers of the proof', () => {
  const genuine = signed();

  test.each([SIGNATURE, LIST])('%s is missing', async (name) => {
    const missing = refusal('signature-missing', `${SIGNATURE} and ${LIST}`);
    expect(await judge(scheme, without(genuine, name))).toEqual(missing);
    expect(await judge(scheme, withHeaders(genuine, { [name]: '' }))).toEqual(missing);
  });

  test('the time is missing', async () => {
    const missing = refusal('timestamp-missing', TIME);
    expect(await judge(scheme, without(genuine, TIME))).toEqual(missing);
    expect(await judge(scheme, withHeaders(genuine, { [TIME]: '' }))).toEqual(missing);
  });

  test.each(['nonsense', 'ab'.repeat(31), 'ab'.repeat(33), `${'ab'.repeat(31)}aB`])(
    'the signature %s is malformed',
    async (value) => {
      expect(await judge(scheme, withHeaders(genuine, { [SIGNATURE]: value }))).toEqual(
        refusal('signature-malformed'),
      );
    },
  );
});

test('secrets may be several', async () => {
  const sent = signed();
  expect(await judge(scheme, sent, { secrets: ['new', 'secret'] })).toEqual({ ok: true, secret: 1 });
  expect(await judge(scheme, sent, { secrets: ['new'] })).toEqual(refusal('signature-mismatch'));
  expect(await judge(scheme, sent, { secrets: [''] })).toEqual(refusal('secret-malformed'));
  expect(await judge(scheme, sent, { secrets: [] })).toEqual(refusal('secret-missing'));
});

describe('the window', () => {
  test('is thirty seconds in both directions', async () => {
    expect(await judge(scheme, signed(), { late: 30 })).toEqual(good);
    expect(await judge(scheme, signed(), { late: -30 })).toEqual(good);
    expect(await judge(scheme, signed(), { late: 31 })).toEqual(
      refusal('timestamp-stale', '31 s old, 30 s allowed'),
    );
    expect(await judge(scheme, signed(), { late: -31 })).toEqual(
      refusal('timestamp-future', '31 s ahead, 30 s allowed'),
    );
    expect(await judge(scheme, signed(), { late: 60, options: { toleranceSeconds: 60 } })).toEqual(good);
  });

  test('is told only to who knows the secret', async () => {
    expect(await judge(scheme, signed({ time: 'now' }))).toEqual(
      refusal('timestamp-malformed', 'expected milliseconds'),
    );
    expect(await judge(scheme, signed({ time: 'now' }), { secrets: ['other'] })).toEqual(
      refusal('signature-mismatch'),
    );
  });
});

describe('signing', () => {
  test('covers the headers of Contentful and the content type, and no others', async () => {
    const headers = { 'x-contentful-topic': 'c', accept: '*/*', 'content-type': 'a/b' };
    const { headers: sent } = await proven(scheme, { headers, body: '{}' });
    const list = `content-type,${LIST},${TIME},x-contentful-topic`;
    const line = `content-type:a/b;${LIST}:${list};${TIME}:${NOW_MS};x-contentful-topic:c`;
    const expected = signed({ headers, list, line }).headers;
    expect(sent).toEqual(expected);
  });

  test('replaces a proof that is there', async () => {
    const headers = { [SIGNATURE]: 'old', [LIST]: 'old', [TIME]: '1' };
    expect((await proven(scheme, { headers, body: '{}' })).headers).toEqual(signed().headers);
  });

  test.each<[string, Sent, string]>([
    ['an empty secret', {}, ''],
    ['a URL that is none', { url: 'source' }, 'secret'],
  ])('is not possible with %s', async (_what, sent, secret) => {
    await expect(proven(scheme, sent, secret)).rejects.toThrow(
      new TypeError('this request cannot be signed'),
    );
  });
});
