/**
 * Runs esbuild for `infra/bundle.ts`, in a process of its own: plugins need esbuild's asynchronous interface, and a
 * CDK construct cannot wait. Takes a `Task` as JSON on stdin, writes the entry's metafile to stdout.
 */
import { join, resolve } from 'node:path';
import { json } from 'node:stream/consumers';
import { type BuildOptions, build } from 'esbuild';
import type { InletConfig } from '../../functions/config/config.ts';
import { caughtErrorsOnly } from './caught-errors.ts';
import { usedStoreOnly } from './secret-stores.ts';
import { entryTrims, S3_FILE, trims } from './trims.ts';
import { withoutNotes } from './unverified-notes.ts';

export interface Task {
  /** Of the function, to name it in an error. */
  readonly name: string;
  /** Absolute path of the entry that was written for it. */
  readonly entry: string;
  readonly folder: string;
  /** Where the configuration keeps the secrets. */
  readonly secrets: InletConfig['secrets'];
}

const common = {
  absWorkingDir: resolve(import.meta.dirname, '../..'),
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  // The SDK's ES modules: its CommonJS form cannot be shaken and is 200 KB larger.
  mainFields: ['module', 'main'],
  minify: true,
  // No source map: reading one at run time costs 20 ms of every cold start.
  sourcemap: false,
  legalComments: 'none',
  metafile: true,
  logLevel: 'error',
  // The SDK wants its version from its package.json files and would take in the whole of them.
  loader: { '.json': 'empty' },
} as const satisfies BuildOptions;

const { entry, folder, secrets } = (await json(process.stdin)) as Task;

const { metafile } = await build({
  ...common,
  entryPoints: { index: entry },
  outdir: folder,
  alias: { ...entryTrims, '@aws-sdk/client-s3': S3_FILE },
  external: [S3_FILE],
  plugins: [caughtErrorsOnly, withoutNotes, usedStoreOnly({ secrets })],
}).catch(() => process.exit(1));

// The S3 client beside the entry, when that loads it. Not esbuild's `splitting`: it moves whole modules into shared
// chunks, and a cold start would read 40 KB that only S3 uses.
const usesS3 = Object.values(metafile.outputs).some(({ imports }) =>
  imports.some(({ path }) => path === S3_FILE),
);
if (usesS3) {
  await build({
    ...common,
    entryPoints: [{ in: join(import.meta.dirname, 's3.ts'), out: 's3' }],
    outdir: folder,
    alias: { ...trims },
  });
}
process.stdout.write(JSON.stringify(metafile));
