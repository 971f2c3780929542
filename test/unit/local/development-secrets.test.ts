import { createPrivateKey, createPublicKey } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { InletConfig } from '../../../functions/config/config.ts';
import { openDataFolder } from '../../../local/data-folder.ts';
import { checkSecrets, localSecrets } from '../../../local/development-secrets.ts';
import { temporaryFolder } from './temporary-folder.ts';

const fortellis = { provider: 'fortellis', options: { apiKey: 'key' } };
const config: InletConfig = { sources: { tasks: { provider: 'tasks' }, fortellis } };
const folder = temporaryFolder();
const memory = openDataFolder('memory');

test('a source without a secret gets the development secret of its pack', () => {
  const { secrets, development } = localSecrets(config, {}, memory);
  expect(secrets.tasks).toEqual(['development-secret-of-tasks']);
  expect(development.tasks).toBe('development-secret-of-tasks');
});

test('a secret that is given is used and never shown', () => {
  const { secrets, development } = localSecrets(config, { tasks: ['new', 'old'] }, memory);
  expect(secrets.tasks).toEqual(['new', 'old']);
  expect(development).not.toHaveProperty('tasks');
});

test('where only a private key can sign, the pack is given the public key and the source the private one', () => {
  const { config: changed, development } = localSecrets(config, {}, memory);
  const pem = Buffer.from(development.fortellis ?? '', 'base64').toString();
  const { n, e } = createPublicKey(createPrivateKey(pem)).export({ format: 'jwk' });
  expect(development.fortellis).not.toContain('\n');
  expect(changed.sources.fortellis?.options).toMatchObject({
    apiKey: 'key',
    developmentJwks: { keys: [{ kty: 'RSA', alg: 'RS256', use: 'sig', kid: expect.any(String), n, e }] },
  });
  expect(config.sources.fortellis).toBe(fortellis);
});

test('a key set in the configuration is left alone, and nothing can be signed in its place', () => {
  const options = { apiKey: 'key', jwks: { keys: [] } };
  const own = { sources: { fortellis: { provider: 'fortellis', options } } };
  const { config: unchanged, development, secrets } = localSecrets(own, {}, memory);
  expect(unchanged.sources.fortellis?.options).toEqual(options);
  expect(development).toEqual({});
  expect(secrets).toEqual({ fortellis: [] });
});

test('the key pair is made once and kept for this user only', () => {
  const data = openDataFolder(folder);
  const first = localSecrets(config, {}, data);
  const second = localSecrets(config, {}, data);
  data.release();
  expect(second.development.fortellis).toBe(first.development.fortellis);
  expect(statSync(join(data.path ?? '', 'development-keys.json')).mode & 0o777).toBe(0o600);
});

test('secrets for unknown sources are refused, all at once', () => {
  expect(() => checkSecrets(config, { nope: ['x'], constructor: ['y'], tasks: ['z'] })).toThrow(
    /"nope" is not a source.*\n- "constructor" is not a source/,
  );
});

test('a short secret is warned of, not refused, and not quoted', () => {
  const dotdigital = { sources: { dotdigital: { provider: 'dotdigital' }, tasks: { provider: 'tasks' } } };
  const warnings = checkSecrets(dotdigital, {
    dotdigital: ['a strong secret'],
    tasks: ['long enough by any rule', 'short'],
  });
  expect(warnings).toEqual([
    expect.stringMatching(/^Secret 1 of "dotdigital": It is shorter than 16 characters/),
    expect.stringMatching(/^Secret 2 of "tasks": It is shorter than 16 characters/),
  ]);
  expect(warnings.join()).not.toMatch(/a strong secret|"short"/);
});

test('a secret that its provider itself would refuse is refused for its length, too', () => {
  const sources = { twitch: { provider: 'twitch' }, klaviyo: { provider: 'klaviyo' } };
  expect(() => checkSecrets({ sources }, { twitch: ['short'], klaviyo: ['short'] })).toThrow(
    /"twitch": It has to have 10 to 100.*\n- Secret 1 of "klaviyo": It is shorter than 16/,
  );
});

test('a secret of the wrong form is refused', () => {
  const sources = { airtable: { provider: 'airtable' } };
  expect(() => checkSecrets({ sources }, { airtable: ['a strong secret!'] })).toThrow(/not base64/);
});
