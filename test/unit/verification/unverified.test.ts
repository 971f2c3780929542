/** Bodies that are read before anything in them is proven: what is too large or too much is not read at all. */

import { isObject } from '../../../functions/core/is-object.ts';
import { isForm, saysForm } from '../../../functions/parsing/is-form.ts';
import {
  onlyField,
  readUnverifiedForm,
  readUnverifiedJson,
  textAt,
} from '../../../functions/verification/unverified.ts';

const MEGABYTE = 1024 * 1024;
const json = (text: string) => readUnverifiedJson(Buffer.from(text));

describe('JSON', () => {
  test.each<[string, string, unknown]>([
    ['an object', '{"a":"größe"}', { a: 'größe' }],
    ['white space around it', ' \n{"a":1}\r\n', { a: 1 }],
    ['a list', '[1]', undefined],
    ['null', 'null', undefined],
    ['a text', '"a"', undefined],
    ['a number', '1', undefined],
    ['half an object', '{"a":', undefined],
    ['nothing', '', undefined],
  ])('%s', (_what, text, fields) => {
    expect(json(text)).toEqual(fields);
  });

  test('bytes that are no UTF-8 are not guessed at', () => {
    expect(readUnverifiedJson(Buffer.from('{"a":"\xe9"}', 'latin1'))).toBeUndefined();
    expect(readUnverifiedJson(Buffer.from('{"a":"\xc3\xa9"}', 'latin1'))).toEqual({ a: 'é' });
  });

  test('a megabyte is read, a byte more is not', () => {
    const ofSize = (bytes: number) => json(`{"a":"${'x'.repeat(bytes - 8)}"}`);
    expect(Object.keys(ofSize(MEGABYTE) ?? {})).toEqual(['a']);
    expect(ofSize(MEGABYTE + 1)).toBeUndefined();
  });

  const ones = (count: number) => Array<number>(count).fill(1).join();
  // One part each for the brace, the bracket and every comma.
  test.each<[string, (parts: number) => string]>([
    ['commas', (parts) => `{"a":[${ones(parts - 1)}]}`],
    ['commas after a text', (parts) => `{"a,":[${ones(parts - 1)}]}`],
    ['commas after an escaped quote', (parts) => `{"a\\",":[${ones(parts - 1)}]}`],
    ['commas after an escaped backslash', (parts) => `{"a,\\\\":[${ones(parts - 1)}]}`],
    ['brackets', (parts) => `{"a":${'['.repeat(parts - 1)}${']'.repeat(parts - 1)}}`],
    ['braces', (parts) => `${'{"a":'.repeat(parts - 1)}{}${'}'.repeat(parts - 1)}`],
  ])('20 000 parts are read, one more is not: %s', (_what, withParts) => {
    expect(isObject(json(withParts(20_000)))).toBe(true);
    expect(json(withParts(20_001))).toBeUndefined();
  });

  test('what stands in a text is no part', () => {
    const text = ',[{'.repeat(10_000);
    expect(json(JSON.stringify({ a: text }))).toEqual({ a: text });
    expect(json(JSON.stringify({ a: `"${text}\\"${text}` }))).toEqual({ a: `"${text}\\"${text}` });
  });
});

test.each<[unknown, boolean]>([
  [{}, true],
  [{ a: 1 }, true],
  [[], false],
  [null, false],
  [undefined, false],
  ['a', false],
  [1, false],
])('%j is an object of fields: %p', (value, expected) => {
  expect(isObject(value)).toBe(expected);
});

test('a text is read only from a field of its own, and only when it is one', () => {
  const fields = Object.assign(Object.create({ inherited: 'a' }), {
    own: 'b',
    empty: '',
    number: 1,
    none: null,
  });
  const names = ['own', 'empty', 'inherited', 'toString', 'number', 'none', 'missing'];
  expect(names.map((name) => textAt(fields, name))).toEqual([
    'b',
    '',
    ...Array<undefined>(5).fill(undefined),
  ]);
});

describe('forms', () => {
  const form = (text: string, maxBytes?: number) => readUnverifiedForm(Buffer.from(text), maxBytes);

  test('keep their order and what is repeated', () => {
    expect(form('b=1&a=gr%C3%B6%C3%9Fe+x&b=2&c&=d')).toEqual([
      ['b', '1'],
      ['a', 'größe x'],
      ['b', '2'],
      ['c', ''],
      ['', 'd'],
    ]);
    expect(form('')).toEqual([]);
    expect(form('a=größe')).toEqual([['a', 'größe']]);
  });

  test('2000 fields are read, one more is not, be they empty or not', () => {
    const fields = (count: number, field: string) => Array<string>(count).fill(field).join('&');
    expect(form(fields(2000, 'a=1'))).toHaveLength(2000);
    expect(form(fields(2001, 'a=1'))).toBeUndefined();
    expect(form(fields(2000, ''))).toEqual([]);
    expect(form(fields(2001, ''))).toBeUndefined();
  });

  test('are read up to the size that is given, without one of any size', () => {
    expect(form('a=12', 4)).toEqual([['a', '12']]);
    expect(form('a=123', 4)).toBeUndefined();
    expect(form(`a=${'x'.repeat(2 * MEGABYTE)}`)).toHaveLength(1);
  });

  test('of a field that stands there twice, neither value counts', () => {
    const fields = form('a=1&b=2&b=3&c=4&d=') ?? [];
    expect(['a', 'b', 'c', 'd', 'e'].map((name) => onlyField(fields, name))).toEqual([
      '1',
      undefined,
      '4',
      '',
      undefined,
    ]);
  });
});

test.each<[string | undefined, boolean]>([
  ['application/x-www-form-urlencoded', true],
  ['application/x-www-form-urlencoded; charset=utf-8', true],
  [' Application/X-WWW-Form-URLEncoded', true],
  ['multipart/form-data; boundary=application/x-www-form-urlencoded', false],
  ['application/json', false],
  ['', false],
  [undefined, false],
])('the content type %p says that the body is a form: %p', (contentType, expected) => {
  expect(saysForm(contentType)).toBe(expected);
});

test.each<[string, boolean]>([
  ['a=1', true],
  ['payload%5Bid%5D[]=1&b', true],
  ['{"a":"&b=1"}', false],
  ['[1]', false],
  ['"a=1"', false],
  ['', false],
  ['a', false],
])('%j is a form by its bytes: %p', (text, expected) => {
  expect(isForm(Buffer.from(text))).toBe(expected);
});
