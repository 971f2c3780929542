import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parseForm } from '../../../functions/parsing/form.ts';

const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

test('nested brackets become objects and indexes become lists', () => {
  const form = parseForm('id=1&payload[a][b]=x&payload[list][0][id]=7&payload[list][1][id]=8');
  expect(plain(form)).toEqual({ id: '1', payload: { a: { b: 'x' }, list: [{ id: '7' }, { id: '8' }] } });
});

test('a key that comes again without an index becomes a list in order', () => {
  const form = parseForm('p[page][id]=1&p[page][url]=a&p[page][id]=2&p[page][url]=b&p[page][id]=3');
  expect(plain(form)).toEqual({ p: { page: { id: ['1', '2', '3'], url: ['a', 'b'] } } });
});

test('empty brackets append', () => {
  expect(plain(parseForm('tag[]=a&tag[]=b'))).toEqual({ tag: ['a', 'b'] });
  expect(plain(parseForm('tag[]=a'))).toEqual({ tag: ['a'] });
});

test.each(['0=x&1=y', '0[a]=x&1[a]=y', '=x', '[]=x'])('%s: a form is no list itself', (text) => {
  expect(Array.isArray(parseForm(text))).toBe(false);
});

test('text and object under one key are both kept', () => {
  expect(plain(parseForm('a=1&a[b]=2'))).toEqual({ a: { '': '1', b: '2' } });
  expect(plain(parseForm('a[b]=2&a=1'))).toEqual({ a: { b: '2', '': '1' } });
});

test('prototype names are ordinary keys', () => {
  const form = parseForm('__proto__[polluted]=1&constructor[prototype][polluted]=1&a[__proto__]=2');
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  expect(Object.keys(form)).toEqual(['__proto__', 'constructor', 'a']);
});

test('brackets that do not match are part of the key', () => {
  expect(plain(parseForm('a[b=1&]c=2&[d]=3&a]=4'))).toEqual({ 'a[b': '1', ']c': '2', '[d]': '3', 'a]': '4' });
});

test('percent signs, plus signs and characters beyond ASCII are decoded', () => {
  expect(plain(parseForm('a=%26%3D+%C3%BC&b=100%'))).toEqual({ a: '&= ü', b: '100%' });
});

test('no value is lost, whatever the keys', () => {
  const key = fc.array(fc.constantFrom('a', 'b', '0', '1', '', '__proto__', 'length'), {
    minLength: 1,
    maxLength: 4,
  });
  fc.assert(
    fc.property(fc.array(key, { maxLength: 12 }), (keys) => {
      const values = keys.map((_, position) => `value-${position}`);
      const text = keys
        .map(
          ([head, ...rest], position) =>
            `k${head}${rest.map((part) => `[${part}]`).join('')}=${values[position]}`,
        )
        .join('&');
      const found: string[] = [];
      collect(parseForm(text), found);
      expect(found.sort()).toEqual(values.sort());
    }),
    { numRuns: 2000 },
  );
});

function collect(value: unknown, into: string[]): void {
  if (typeof value === 'string') into.push(value);
  else for (const item of Object.values(value as object)) collect(item, into);
}

const bodies = new URL('../../../../shared/vectors/chargify_bodies.json', import.meta.url);
const published = existsSync(bodies) ? test : test.skip;
if (!existsSync(bodies)) console.log('skipped: the printed Chargify bodies are not on this machine');

published('every pair of the printed Chargify bodies is found again', () => {
  for (const { body } of JSON.parse(readFileSync(bodies, 'utf8')) as { body: string }[]) {
    const found: string[] = [];
    collect(parseForm(body), found);
    expect(found.sort()).toEqual([...new URLSearchParams(body).values()].sort());
  }
});
