/** The key `secrets` of the configuration names a place and never holds a secret. */
import { describe, expect, test } from '@jest/globals';
import { validateConfig } from '../../../config/validate.ts';

const sources = { tasks: { provider: 'tasks' } };

describe('a configuration that names no place is refused with what to write instead', () => {
  test.each(['vault', '', true, { tasks: 'a-secret-in-the-wrong-place' }])('%j', (secrets) => {
    const validate = () => validateConfig({ sources, secrets });
    expect(validate).toThrow('secrets: write "ssm" or "secrets-manager"');
    expect(validate).not.toThrow('a-secret-in-the-wrong-place');
  });

  test.each(['ssm', 'secrets-manager', undefined])('what is right is not: %j', (secrets) => {
    validateConfig({ sources, secrets });
  });
});
