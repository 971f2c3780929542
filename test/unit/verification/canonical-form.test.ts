import { canonicalForm } from '../../../functions/verification/canonical-form.ts';

type Fields = readonly (readonly [string, string])[];

test.each<[string, Fields, string]>([
  ['no fields', [], ''],
  ['one field', [['a', '1']], 'a1'],
  ['an empty value', [['a', '']], 'a'],
  [
    'fields in order of their names, whatever that of the form',
    [
      ['b', '1'],
      ['a', '2'],
      ['B', '3'],
    ],
    'B3a2b1',
  ],
  [
    'names in order of their code units, not of a language',
    [
      ['ä', '1'],
      ['z', '2'],
      ['a10', '3'],
      ['a9', '4'],
    ],
    'a103a94z2ä1',
  ],
  [
    'each different value of a name, in order',
    [
      ['a', '2'],
      ['b', '0'],
      ['a', '10'],
      ['a', '1'],
    ],
    'a1a10a2b0',
  ],
  [
    'the same value of a name once',
    [
      ['a', '1'],
      ['a', '1'],
      ['b', '1'],
      ['a', '1'],
    ],
    'a1b1',
  ],
  [
    'names that objects have by themselves',
    [
      ['toString', '1'],
      ['__proto__', '2'],
    ],
    '__proto__2toString1',
  ],
])('%s', (_what, fields, text) => {
  expect(canonicalForm(fields)).toBe(text);
});
