/** Templates of what is signed: `v0:{timestamp}:{body}`. */
import {
  parseTemplate,
  SECRET,
  signedContent,
  signedHeaders,
} from '../../../functions/verification/signed-content.ts';
import { requestOf } from './request.ts';

test.each<[string, readonly object[]]>([
  ['{body}', [{ value: 'body' }]],
  ['v0:{timestamp}:{body}', [{ text: 'v0:' }, { value: 'timestamp' }, { text: ':' }, { value: 'body' }]],
  ['{method}{url}\n', [{ value: 'method' }, { value: 'url' }, { text: '\n' }]],
  ['{header.x-id.2}', [{ value: 'header.x-id.2' }]],
  ['{b}', [{ value: 'b' }]],
  ['{Body}{}{1}{-a} { body}', [{ text: '{Body}{}{1}{-a} { body}' }]],
  ['plain {a', [{ text: 'plain {a' }]],
])('%j is split into texts and names', (template, parts) => {
  expect(parseTemplate(template)).toEqual(parts);
});

test('the same template is split once', () => {
  expect(parseTemplate('once {body}')).toBe(parseTemplate('once {body}'));
});

test.each<[string, readonly string[]]>([
  ['{header.x-id}.{timestamp}.{header.x-topic}.{body}', ['x-id', 'x-topic']],
  ['{header.x-id}{header.x-id}', ['x-id', 'x-id']],
  ['header.x-id{body}', []],
  ['{xheader.a}{body}', []],
])('the headers that %j signs', (template, names) => {
  expect(signedHeaders(template)).toEqual(names);
});

describe('what is signed', () => {
  const request = requestOf({ 'x-id': '7', 'x-empty': '' });

  test.each<[string, readonly unknown[]]>([
    ['{body}', [request.body]],
    ['v0:{timestamp}:{body}', ['v0:', '12', ':', request.body]],
    ['{method} {url}', ['POST', ' ', 'https://example.com/webhooks/source?x=1']],
    ['{header.x-id}{header.x-empty}', ['7', '']],
    ['{secret}{body}', [SECRET, request.body]],
    ['', []],
  ])('%j', (template, content) => {
    expect(signedContent(template, request, '12')).toEqual(content);
  });

  test('is the very bytes of the body', () => {
    expect(signedContent('{body}', request, undefined)?.[0]).toBe(request.body);
  });

  test('is nothing without a header or a time that it names', () => {
    expect(signedContent('{body}{header.x-other}', request, '12')).toBeUndefined();
    expect(signedContent('{timestamp}{body}', request, undefined)).toBeUndefined();
    expect(signedContent('{body}', request, undefined)).toBeDefined();
  });

  test.each(['bodies', 'headers', 'header', 'urls', 'time'])('cannot contain {%s}', (name) => {
    expect(() => signedContent(`{body}{${name}}`, request, '12')).toThrow(
      new TypeError(`a signature template cannot contain {${name}}`),
    );
  });
});
