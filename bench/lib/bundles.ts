/** The bundles that are compared: deployed by Inlet, and as the CDK would make them by default. */
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import type { InletConfig } from '../../functions/config/config.ts';
import { writeEntry } from '../../infra/bundle/entry.ts';
import { bundleFunction } from '../../infra/bundle.ts';

const root = resolve(import.meta.dirname, '../..');
/** Those of the tests. */
const handlers = { registry: resolve(root, 'test/fixtures/handlers/index.ts') };

export interface Built {
  readonly file: string;
  readonly bytes: number;
}

/** A folder that goes when the process ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'inlet-bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** What is deployed. */
export function inletBundle(entry: string, config: InletConfig, folder: string): Built {
  const { file, bytes } = bundleFunction(entry, config, folder, handlers);
  return { file, bytes };
}

/**
 * What `NodejsFunction` makes with `bundleAwsSDK: true` and nothing else said: CommonJS, esbuild's main fields for
 * Node, not minified. It gets the same packs and the same configuration, so that only the bundling differs.
 */
export function defaultBundle(entry: string, config: InletConfig, folder: string): Built {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'index.js');
  buildSync({
    absWorkingDir: root,
    entryPoints: [writeEntry(resolve(root, entry), config, handlers, folder)],
    outfile: file,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    logLevel: 'error',
  });
  return { file, bytes: statSync(file).size };
}
