import { nearest } from '../../../config/nearest.ts';

const known = ['provider', 'options', 'handler', 'mode', 'type', 'timeoutSeconds'];

test.each([
  ['providr', 'provider'],
  ['prrovider', 'provider'],
  ['Provider', 'provider'],
  ['provjder', 'provider'],
  ['handelr', 'handler'],
  ['option', 'options'],
  ['mod', 'mode'],
  ['timeoutSecs', 'timeoutSeconds'],
])('%s was meant to be %s', (word, meant) => {
  expect(nearest(word, known)).toBe(meant);
});

test.each(['', 'speed', 'x', 'made up', 'secrets', 'mdoes'])('%j is like none of them', (word) => {
  expect(nearest(word, known)).toBeUndefined();
});

test('the closest of several wins', () => {
  expect(nearest('retries', ['retire', 'retrie', 'retried'])).toBe('retrie');
  expect(nearest('anything', [])).toBeUndefined();
});
