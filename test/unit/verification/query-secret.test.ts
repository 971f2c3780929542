import { querySecret, queryValues } from '../../../functions/verification/query-secret.ts';
import { judge, proven, refusal, SOURCE_URL } from './custom-request.ts';
import { signWith } from './request.ts';

const scheme = querySecret('key');
const at = (query: string) => ({ url: `${SOURCE_URL}?${query}` });

describe('a secret in the query', () => {
  test.each([
    ['alone', 'key=secret', 1],
    ['among others', 'a=1&key=secret&b=2', 1],
    ['escaped', 'key=%73ecret', 1],
    ['of the first place', 'key=one', 0],
    ['with characters that a query escapes', `key=${encodeURIComponent('a+b/c=d&e?f ö')}`, 2],
  ])('%s', async (_what, query, secret) => {
    const secrets = ['one', 'secret', 'a+b/c=d&e?f ö'];
    expect(await judge(scheme, at(query), { secrets })).toEqual({ ok: true, secret });
  });

  test.each([
    ['no query', '', refusal('signature-missing', '?key= in the URL')],
    ['another name', 'keys=secret', refusal('signature-missing', '?key= in the URL')],
    ['another case', 'KEY=secret', refusal('signature-missing', '?key= in the URL')],
    ['no value', 'key=', refusal('signature-missing', '?key= in the URL')],
    ['two values', 'key=secret&key=secret', refusal('signature-malformed', '?key= once')],
    ['another value', 'key=Secret', refusal('signature-mismatch')],
    ['a value that goes on', 'key=secret1', refusal('signature-mismatch')],
  ])('is refused with %s', async (_what, query, expected) => {
    expect(await judge(scheme, at(query))).toEqual(expected);
  });

  test('an empty secret is none: it neither matches nor hides the others', async () => {
    expect(await judge(scheme, at('key=secret'), { secrets: [] })).toEqual(refusal('secret-missing'));
    expect(await judge(scheme, at('key=secret'), { secrets: [''] })).toEqual(refusal('signature-mismatch'));
    expect(await judge(scheme, at('key='), { secrets: [''] })).toEqual(
      refusal('signature-missing', '?key= in the URL'),
    );
    expect(await judge(scheme, at('key=secret'), { secrets: ['', 'secret'] })).toEqual({
      ok: true,
      secret: 1,
    });
  });

  test.each([
    ['https://h.example/x', 'a b&c', 'https://h.example/x?key=a%20b%26c'],
    ['https://h.example/x?y=1', 'a', 'https://h.example/x?y=1&key=a'],
  ])('%s is the URL of a sample', async (url, secret, expected) => {
    const request = await proven(scheme, { url, headers: { 'x-own': '1' } }, secret);
    expect(request.url).toBe(expected);
    expect(request.headers).toEqual({ 'x-own': '1' });
    expect(await judge(scheme, request, { secrets: [secret] })).toEqual({ ok: true, secret: 0 });
  });

  test('needs no header', async () => {
    expect(await signWith(scheme, 'secret')).toEqual({});
  });

  test('the name of the parameter is escaped as well', async () => {
    const odd = querySecret('a&b');
    const request = await proven(odd, {}, 'x');
    expect(request.url).toBe(`${SOURCE_URL}?a%26b=x`);
    expect(await judge(odd, request, { secrets: ['x'] })).toEqual({ ok: true, secret: 0 });
  });
});

test.each([
  ['https://h.example/x', []],
  ['https://h.example/key=1', []],
  ['https://h.example/x&key=1', []],
  ['https://h.example/x?key=1', ['1']],
  ['?key=1', ['1']],
  ['/x?key=1&key=&other=3&key=%3F', ['1', '', '?']],
])('the values in %s', (url, expected) => {
  expect(queryValues(url, 'key')).toEqual(expected);
});
