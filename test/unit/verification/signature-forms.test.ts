/** What is read out of a signature header, and what is written into one. */
import type { SignatureForm, SignatureHeader, TimestampRule } from '../../../functions/pack/scheme.ts';
import {
  headerNames,
  pairValue,
  parsePairs,
  positionValue,
  signatureCandidates,
  signatureHeaders,
  writeSignature,
} from '../../../functions/verification/signature-header.ts';
import { hmacScheme } from './request.ts';

const LONGEST = 8_192;
const bare: SignatureForm = { kind: 'bare' };
const prefix: SignatureForm = { kind: 'prefix', prefix: 'v=' };
const prefixes: SignatureForm = { kind: 'prefix', prefix: 'v=', separator: ',' };
const pairs: SignatureForm = { kind: 'pairs', separator: ',', key: 'v1' };
const semicolons: SignatureForm = { kind: 'pairs', separator: ';', key: 'v1' };
const list: SignatureForm = { kind: 'list', version: 'v1' };
const positional: SignatureForm = { kind: 'positional', separator: ',', first: 1 };

const rule = (form: SignatureForm, header = 'x-signature'): SignatureHeader => ({ header, form });
const candidates = (form: SignatureForm, value: string) =>
  signatureCandidates({ 'x-signature': value }, [rule(form)]).candidates;

describe('candidates', () => {
  test.each<[string, SignatureForm, string, readonly string[]]>([
    ['the whole value', bare, ' ab= ', [' ab= ']],
    ['the whole value, however empty', bare, '', ['']],
    ['after the prefix', prefix, 'v=ab', ['ab']],
    ['a prefix is no prefix behind white space', prefix, ' v=ab', []],
    ['a prefix is no prefix in the middle', prefix, 'wv=ab', []],
    ['after each prefix', prefixes, 'v=ab , w=cd,v=ef', ['ab', 'ef']],
    ['after prefixes, of different lengths', prefixes, 'v=ab,v=cdef', ['ab', 'cdef']],
    ['each value of the key', pairs, 't=1, v1 = ab ,v0=x,v1=cd', ['ab', 'cd']],
    ['a value with padding', pairs, 'v1=ab==', ['ab==']],
    ['a key without a value', pairs, 'v1', ['']],
    ['a key that only begins so', pairs, 'v10=ab', []],
    ['between semicolons', semicolons, 't=1; v1=ab', ['ab']],
    ['each item of the version', list, 'v1,ab v2,cd v1a,ef v1,gh', ['ab', 'gh']],
    ['from the first position on', positional, '1, ab ,cd', ['ab', 'cd']],
    ['nothing before the first position', positional, 'ab', []],
  ])('%s', (_what, form, value, expected) => {
    expect(candidates(form, value)).toEqual(expected);
  });

  test.each<[string, SignatureForm, string]>([
    ['a bare one, joined by a comma', bare, 'ab,ab'],
    ['after a prefix, joined by a comma', prefix, 'v=ab,v=cd'],
    ['prefixes, one of them twice', prefixes, 'v=ab,v=ab'],
    ['pairs, one of them twice', pairs, 't=1,v1=ab,t=1,v1=ab'],
    ['pairs, joined by nothing', pairs, 't=1,v1=abt=1,v1=cd'],
    ['semicolons, joined by a comma', semicolons, 't=1;v1=ab,t=1;v1=cd'],
    ['semicolons, joined by nothing', semicolons, 't=1;v1=abt=1;v1=cd'],
    ['a list, joined by a comma', list, 'v1,ab,v1,ab'],
    ['a list, an item with two commas behind a good one', list, 'v1,ab v1,cd,ef'],
    ['positions, one of them twice', positional, '1,ab,ab'],
    ['positions, joined by nothing', positional, '1,ab1,cd'],
  ])('of a header that was sent twice nothing counts: %s', (_what, form, value) => {
    expect(candidates(form, value)).toEqual([]);
  });

  test('a semicolon-separated signature may stand there twice', () => {
    expect(candidates(semicolons, 'v1=ab;v1=ab')).toEqual(['ab', 'ab']);
  });

  test('a header of 8192 characters is read, a longer one is there but not read', () => {
    expect(candidates(bare, 'a'.repeat(LONGEST))).toHaveLength(1);
    const headers = { 'x-long': 'a'.repeat(LONGEST + 1), 'x-signature': 'ab' };
    const rules = [rule(bare, 'x-long'), rule(bare)];
    expect(signatureCandidates(headers, rules)).toEqual({ present: true, candidates: ['ab'] });
    expect(signatureCandidates({ 'x-long': headers['x-long'] }, rules)).toEqual({
      present: true,
      candidates: [],
    });
  });

  test('every header that is there counts, in the order of the rules, up to 32 values', () => {
    const rules = [rule(bare, 'x-a'), rule(prefix, 'x-b'), rule(bare, 'x-c')];
    expect(signatureCandidates({ 'x-c': '3', 'x-a': '1' }, rules)).toEqual({
      present: true,
      candidates: ['1', '3'],
    });
    expect(signatureCandidates({ 'x-b': 'w=2' }, rules)).toEqual({ present: true, candidates: [] });
    expect(signatureCandidates({ 'x-d': '4' }, rules)).toEqual({ present: false, candidates: [] });
    const many = Array.from({ length: 33 }, (_, index) => `v1=${index}`).join(';');
    expect(candidates(semicolons, many)).toHaveLength(32);
  });
});

test('a scheme may name one header or several', () => {
  const one = hmacScheme(bare);
  expect(signatureHeaders(one)).toEqual([rule(bare)]);
  const several = [rule(bare, 'x-a'), rule(prefix, 'x-b')];
  expect(signatureHeaders({ ...one, signature: several })).toEqual(several);
});

test('only a star at the end takes every header that begins so', () => {
  const headers = {
    'x-signature-1': 'a',
    'x-signature-10': 'b',
    'x-signature': 'c',
    'not-x-signature-1': 'd',
  };
  expect(headerNames(headers, 'x-signature-*')).toEqual(['x-signature-1', 'x-signature-10']);
  expect(headerNames(headers, 'x-signature-1')).toEqual(['x-signature-1']);
  expect(headerNames(headers, 'x-sig')).toEqual([]);
  expect(headerNames(headers, 'x-other-*')).toEqual([]);
});

test('pairs are read in order, up to 8192 characters', () => {
  expect(parsePairs(' t = 1 ,v1=a=b,, v1 ', ',')).toEqual([
    ['t', '1'],
    ['v1', 'a=b'],
    ['', ''],
    ['v1', ''],
  ]);
  expect(parsePairs('=a', ',')).toEqual([['', 'a']]);
  expect(parsePairs('a=1,b=2', ';')).toEqual([['a', '1,b=2']]);
  expect(parsePairs(`a=${'1'.repeat(LONGEST - 2)}`, ',')).toHaveLength(1);
  expect(parsePairs(`a=${'1'.repeat(LONGEST - 1)}`, ',')).toEqual([]);
});

describe('a time that stands in the signature header', () => {
  test.each<[string, Readonly<Record<string, string>>, string | undefined]>([
    ['in the header', { 'x-signature': 'v1=ab, t=1' }, '1'],
    ['under another key', { 'x-signature': 'tt=1,v1=ab' }, undefined],
    ['twice', { 'x-signature': 't=1,t=2' }, undefined],
    ['in the second header, with semicolons', { 'x-second': 't=2;v1=ab' }, '2'],
    ['twice in the first header, once in the second', { 'x-signature': 't=1,t=1', 'x-second': 't=2' }, '2'],
    ['only where no pairs are', { 'x-bare': 't=3' }, undefined],
    ['in no header', {}, undefined],
  ])('as a pair: %s', (_what, headers, expected) => {
    const rules = [rule(bare, 'x-bare'), rule(pairs), rule(semicolons, 'x-second')];
    expect(pairValue(headers, rules, 't')).toBe(expected);
  });

  test.each<[string, Readonly<Record<string, string>>, number, string | undefined]>([
    ['the first', { 'x-signature': ' 1 ,ab' }, 0, '1'],
    ['a later one', { 'x-signature': '1,ab,2' }, 2, '2'],
    ['one that is not there', { 'x-signature': '1,ab' }, 2, undefined],
    ['an empty one', { 'x-signature': ' ,ab' }, 0, undefined],
    ['only where no positions are', { 'x-bare': '1,ab' }, 0, undefined],
    ['in the second header', { 'x-second': '2,ab' }, 0, '2'],
    ['in a header of 8192 characters', { 'x-signature': `1,${'a'.repeat(LONGEST - 2)}` }, 0, '1'],
    ['in a longer header', { 'x-signature': `1,${'a'.repeat(LONGEST - 1)}` }, 0, undefined],
    ['in no header', {}, 0, undefined],
  ])('at a position: %s', (_what, headers, position, expected) => {
    const rules = [rule(bare, 'x-bare'), rule(positional), rule(positional, 'x-second')];
    expect(positionValue(headers, rules, position)).toBe(expected);
  });
});

test.each<[string, SignatureForm, TimestampRule['from'] | undefined, string]>([
  ['bare', bare, undefined, 'ab'],
  ['a prefix', prefix, undefined, 'v=ab'],
  ['a list', list, undefined, 'v1,ab'],
  ['pairs', pairs, undefined, 'v1=ab'],
  ['pairs, the time elsewhere', pairs, { header: 'x-time' }, 'v1=ab'],
  ['pairs with the time', pairs, { pair: 't' }, 't=7,v1=ab'],
  ['semicolons with the time', semicolons, { pair: 't' }, 't=7;v1=ab'],
  ['positions, the time elsewhere', positional, { header: 'x-time' }, ',ab'],
  ['positions, no time', positional, undefined, ',ab'],
  ['positions with the time', positional, { position: 0 }, '7,ab'],
  ['several positions', { ...positional, first: 3 }, { position: 1 }, ',7,,ab'],
])('a signature is written as the provider writes it: %s', (_what, form, from, expected) => {
  expect(writeSignature(rule(form), 'ab', from, '7')).toBe(expected);
});
