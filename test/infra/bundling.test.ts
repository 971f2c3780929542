/** Code is bundled for a stack that is deployed, and for no other. */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import defaultConfig from '../../inlet.config.ts';
import { synthesize, WITHOUT_CODE } from '../helpers/template.ts';

const folder = mkdtempSync(join(tmpdir(), 'inlet-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Bytes of all assets of a synthesized stack. */
function assetBytes(name: string, context: Readonly<Record<string, unknown>>): number {
  const keep = join(folder, name);
  synthesize(defaultConfig, 'dev', keep, context);
  return readdirSync(keep, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.startsWith('asset.'))
    .map((path) => statSync(join(keep, path)))
    .filter((stats) => stats.isFile())
    .reduce((sum, { size }) => sum + size, 0);
}

test('`cdk list` and `cdk destroy`, for which CDK wants no bundles, bundle nothing', () => {
  expect(assetBytes('deployed', {})).toBeGreaterThan(500_000);
  // The CDK command line sets it so for both.
  expect(assetBytes('listed', WITHOUT_CODE)).toBeLessThan(2_000);
});
