/** The budget of the bundles, and what they must not carry along. `npm run size` shows what is in them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { everyPack } from '../../../bench/lib/every-pack.ts';
import { bytesByModule } from '../../../bench/lib/size-report.ts';
import type { InletConfig } from '../../../functions/config/config.ts';
import { bundleFunction } from '../../../infra/bundle.ts';
import defaultConfig from '../../../inlet.config.ts';

const BUDGET = 240_000;
/** What 97 packs may add to the code that all share. */
const BUDGET_EVERY_PACK = 402_000;

const folder = mkdtempSync(join(tmpdir(), 'inlet-test-'));
const ingest = (name: string, config: InletConfig) =>
  bundleFunction('functions/ingest.lambda.ts', config, join(folder, name));
const hmacOnly: InletConfig = { sources: { chargify: { provider: 'chargify' } } };

afterAll(() => rmSync(folder, { recursive: true }));

test('ingest stays below 240 KB with the default configuration', () => {
  expect(ingest('default', defaultConfig).bytes).toBeLessThan(BUDGET);
});

test('ingest carries no JWT and no S3 code for a source that needs neither', () => {
  const modules = [...bytesByModule(ingest('hmac', hmacOnly).metafile).keys()];
  expect(modules).not.toContain('aws-jwt-verify');
  expect(modules).not.toContain('@aws-sdk/client-s3');
  expect(modules).toContain('@aws-sdk/client-sqs');
});

test('the report accounts for every byte but the glue between modules', () => {
  const { metafile, bytes } = ingest('account', hmacOnly);
  const accounted = [...bytesByModule(metafile).values()].reduce((sum, size) => sum + size, 0);
  expect(accounted).toBeLessThanOrEqual(bytes);
  expect(accounted).toBeGreaterThan(bytes * 0.95);
});

test('every pack at once stays within its own budget', () => {
  expect(ingest('every', everyPack()).bytes).toBeLessThan(BUDGET_EVERY_PACK);
});
