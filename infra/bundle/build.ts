/**
 * Runs esbuild for `infra/bundle.ts`, in a process of its own: plugins need esbuild's asynchronous interface, and a
 * CDK construct cannot wait. Takes a `Task` as JSON on stdin, writes the entry's metafile to stdout.
 */
import { json } from 'node:stream/consumers';
import { type BuildOptions, build } from 'esbuild';
import type { InletConfig } from '../../functions/config/config.ts';
import { onDemand } from './on-demand.ts';
import { ROOT } from './own-file.ts';
import { usedStoreOnly } from './secret-stores.ts';
import { trims } from './trims.ts';
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
  absWorkingDir: ROOT,
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
  // What stands in for a module lacks what the SDK uses of it.
  logOverride: { 'import-is-undefined': 'error' },
  // The SDK wants its version from its package.json files and would take in the whole of them.
  loader: { '.json': 'empty' },
} as const satisfies BuildOptions;

const { entry, folder, secrets } = (await json(process.stdin)) as Task;

/** Found while the entry is built. */
const parts = new Map<string, string>();

async function bundle(file: string, name: string) {
  const { metafile } = await build({
    ...common,
    entryPoints: { [name]: file },
    outdir: folder,
    alias: { ...trims },
    plugins: [onDemand(parts), withoutNotes, usedStoreOnly({ secrets })],
  }).catch(() => process.exit(1));
  return metafile;
}

const metafile = await bundle(entry, 'index');
// A part may add further ones, which this loop reaches, too.
for (const [name, file] of parts) await bundle(file, name);
process.stdout.write(JSON.stringify(metafile));
