import { expect, test } from '@jest/globals';
import { allows, matches } from './policy.ts';

const secret = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:inlet/dev/tasks';

test.each([
  [`${secret}-??????`, `${secret}-a1B2c3`, true],
  [`${secret}-??????`, `${secret}-a1B2c`, false],
  // Another source, whose name goes on where this one ends.
  [`${secret}-??????`, `${secret}-eu-a1B2c3`, false],
  [`${secret}-??????`, `${secret}-??????`, true],
  ['arn:aws:s3:::bodies/*', 'arn:aws:s3:::bodies/', true],
  ['arn:aws:s3:::bodies/*', 'arn:aws:s3:::bodies/a/b?c\nd', true],
  ['arn:aws:s3:::bodies/*', 'arn:aws:s3:::subjects/a', false],
  ['a.b+c', 'a.b+c', true],
  ['a.b+c', 'aXb+c', false],
  ['a.b+c', 'a.bbc', false],
])('%s takes in %s: %s', (pattern, text, isMatch) => {
  expect(matches(pattern, text)).toBe(isMatch);
});

test('a right is one action on what its pattern takes in', () => {
  const rights = [{ action: 'secretsmanager:GetSecretValue', resource: `${secret}-??????` }];
  const resource = `${secret}-a1B2c3`;
  expect(allows(rights, { action: 'secretsmanager:GetSecretValue', resource })).toBe(true);
  expect(allows(rights, { action: 'secretsmanager:PutSecretValue', resource })).toBe(false);
});
