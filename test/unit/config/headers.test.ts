/** The key `headers` of a source names further headers to keep, and never one that carries a credential. */
import { expect, test } from '@jest/globals';
import { validateConfig } from '../../../config/validate.ts';

const configWith = (source: object) => () => validateConfig({ sources: { one: source } });

test.each([
  ['no list', { provider: 'tasks', headers: 'x-store-id' }],
  ['no name', { provider: 'tasks', headers: ['x store'] }],
  ['every header', { provider: 'tasks', headers: ['x-*'] }],
  ['numbers', { provider: 'tasks', headers: [1] }],
])('%s is refused with what to write instead', (_name, source) => {
  expect(configWith(source)).toThrow('sources.one.headers: write a list of at most 50 names of headers');
});

test.each([
  ['Authorization', { provider: 'github' }],
  ['cookie', { provider: 'github' }],
  ['X-Hub-Signature-256', { provider: 'github' }],
  ['x-docusign-signature-7', { provider: 'docusign' }],
  ['x-proof', { provider: 'shared-secret', options: { header: 'X-Proof' } }],
])('%s, which carries a credential, is refused', (name, source) => {
  expect(configWith({ ...source, headers: ['x-store-id', name] })).toThrow(
    `sources.one.headers: "${name}" carries a credential`,
  );
});

test('names in any case are taken', () => {
  expect(configWith({ provider: 'github', headers: ['X-Store-Id', 'referer'] })).not.toThrow();
});
