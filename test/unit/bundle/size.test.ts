/** The budget of the bundles, and what they must not carry along. `npm run size` shows what is in them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { everyPack } from '../../../bench/lib/every-pack.ts';
import { bytesByModule } from '../../../bench/lib/size-report.ts';
import type { InletConfig } from '../../../functions/config/config.ts';
import { bundleFunction } from '../../../infra/bundle.ts';
import defaultConfig from '../../fixtures/inlet.config.ts';

const BUDGET = 290_000;
/** What 97 packs may add to those of the default configuration. */
const BUDGET_OF_PACKS = 167_500;

const folder = mkdtempSync(join(tmpdir(), 'inlet-test-'));
const ingest = (name: string, config: InletConfig) =>
  bundleFunction('functions/ingest.lambda.ts', config, join(folder, name));
const hmacOnly: InletConfig = { sources: { chargify: { provider: 'chargify' } } };

afterAll(() => rmSync(folder, { recursive: true }));

test('ingest stays below 290 KB with the default configuration', () => {
  expect(ingest('default', defaultConfig).bytes).toBeLessThan(BUDGET);
});

test('what a cold start of ingest reads carries no JWT and no S3 code', () => {
  const modules = [...bytesByModule(ingest('jwt', defaultConfig).metafile).keys()];
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
  const added = ingest('every', everyPack()).bytes - ingest('default', defaultConfig).bytes;
  expect(added).toBeLessThan(BUDGET_OF_PACKS);
});
