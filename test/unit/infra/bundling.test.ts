/** Code is bundled for a stack that is deployed, and for no other. */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { InletConfig } from '../../../functions/config/config.ts';
import defaultConfig from '../../fixtures/inlet.config.ts';
import { at, synthesize, WITHOUT_CODE } from '../../helpers/template.ts';
import { roleOf } from '../../proof/deployed/deployment.ts';

const folder = mkdtempSync(join(tmpdir(), 'inlet-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Bytes of each asset of a synthesized stack: functions and layer. */
function assetBytes(name: string, context: Readonly<Record<string, unknown>>): number[] {
  const keep = join(folder, name);
  synthesize(defaultConfig, 'dev', keep, context);
  return readdirSync(keep)
    .filter((path) => path.startsWith('asset.'))
    .map((asset) =>
      readdirSync(join(keep, asset), { recursive: true, encoding: 'utf8' })
        .map((path) => statSync(join(keep, asset, path)))
        .reduce((sum, stats) => sum + (stats.isFile() ? stats.size : 0), 0),
    );
}

let deployed: number[];
beforeAll(() => {
  deployed = assetBytes('deployed', {});
});

test('a stack that is deployed brings the code of four functions and the page', () => {
  expect(deployed).toHaveLength(5);
  expect(Math.min(...deployed)).toBeGreaterThan(10_000);
});

test('every package is within Lambda’s 50 MB even unpacked, and the largest with its layer within 250 MB', () => {
  // https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
  expect(Math.max(...deployed)).toBeLessThan(50 * 1024 * 1024);
  expect(deployed.reduce((sum, size) => sum + size, 0)).toBeLessThan(250 * 1024 * 1024);
});

test('`cdk list` and `cdk destroy`, for which CDK wants no bundles, bundle nothing', () => {
  // The CDK command line sets it so for both.
  const listed = assetBytes('listed', WITHOUT_CODE);
  expect(Math.max(...listed)).toBeLessThan(1_000);
});

test('keys that no function reads deploy no function anew; a source that ingest reads deploys ingest', () => {
  const codeOf = (name: string, config: InletConfig) => {
    const functions = synthesize(config, 'dev', join(folder, name)).ofType('AWS::Lambda::Function');
    return Object.fromEntries(functions.map(([id, it]) => [roleOf(id), at(it, 'Properties.Code.S3Key')]));
  };
  const sources = { tasks: { provider: 'tasks' } };
  const before = codeOf('before', { sources });
  const unread = { production: false, consoleUrl: 'https://inlet.example.com', workerConcurrency: 9 };
  expect(codeOf('unread', { sources, ...unread })).toEqual(before);
  const read = codeOf('read', { sources: { ...sources, more: { provider: 'tasks' } } });
  expect(read.Ingest).not.toBe(before.Ingest);
}, 120_000);
