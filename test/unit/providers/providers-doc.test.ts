import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { providersDoc } from '../../../cli/providers-doc.ts';

test('docs/providers.md is what the packs say; if not, run "npm run docs:providers"', () => {
  expect(readFileSync(new URL('../../../docs/providers.md', import.meta.url), 'utf8')).toBe(providersDoc());
});
