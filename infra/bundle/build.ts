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
import { trimSdk } from './trims.ts';
import { withoutNotes } from './unverified-notes.ts';

export interface Task {
  /** Of the function, to name it in an error. */
  readonly name: string;
  /** Absolute path of the entry that was written for it. */
  readonly entry: string;
  readonly folder: string;
  /** Where the configuration keeps the secrets. */
  readonly secrets: InletConfig['secrets'];
  /** Whether code of the user's is in it. */
  readonly hasHandlers: boolean;
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
} as const satisfies BuildOptions;

const { entry, folder, secrets, hasHandlers } = (await json(process.stdin)) as Task;

/** What a handler imports may be CommonJS, which asks for modules of Node by `require`; and its errors keep their names. */
const OF_HANDLERS = {
  banner: {
    js: "import{createRequire as inletRequire}from'node:module';const require=inletRequire(import.meta.url);",
  },
  keepNames: true,
} as const satisfies BuildOptions;

/** Found while the entry is built. */
const parts = new Map<string, string>();

async function bundle(file: string, name: string) {
  const { metafile } = await build({
    ...common,
    entryPoints: { [name]: file },
    outdir: folder,
    ...(hasHandlers && OF_HANDLERS),
    plugins: [onDemand(parts), trimSdk, withoutNotes, usedStoreOnly({ secrets })],
  }).catch(() => process.exit(1));
  return metafile;
}

const metafile = await bundle(entry, 'index');
// A part may add further ones, which this loop reaches, too.
for (const [name, file] of parts) await bundle(file, name);
process.stdout.write(JSON.stringify(metafile));
