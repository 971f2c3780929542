/**
 * Bundles one function with everything that it needs, the SDK included: a deployed function never depends on the
 * SDK of the runtime. The stack, the tests and the benchmarks all bundle through here, so they run the same bytes.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Metafile } from 'esbuild';
import type { HandlerModules } from '../config/load.ts';
import type { InletConfig } from '../functions/config/config.ts';
import type { Task } from './bundle/build.ts';
import { runsHandlers, writeEntry } from './bundle/entry.ts';
import { ownFile, ROOT } from './bundle/own-file.ts';

export interface Bundle {
  /** The folder to deploy. */
  readonly folder: string;
  /** The entry, `index.mjs`: all that a cold start reads. */
  readonly file: string;
  /** Its size. */
  readonly bytes: number;
  /** The size of the folder: with what is loaded on demand only, as the S3 client for a body too large for SQS. */
  readonly totalBytes: number;
  /** esbuild's account of what went into the entry. */
  readonly metafile: Metafile;
}

/**
 * Bundles `entry` into `outdir`. The same input gives the same bytes, wherever `outdir` is, so that an unchanged
 * function is not deployed again.
 * @param entry Path of a `*.lambda.ts`, absolute or from the repository's root.
 * @param modules where the handlers are. Default: there are none.
 * @throws Error with esbuild's messages when an import cannot be resolved; a provider without a pack is one.
 */
export function bundleFunction(
  entry: string,
  config: InletConfig,
  outdir: string,
  modules: HandlerModules = {},
): Bundle {
  const folder = resolve(outdir);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const written = writeEntry(resolve(ROOT, entry), config, modules, folder);
  const hasHandlers = runsHandlers(entry) && Object.keys(modules).length > 0;
  const task: Task = { name: entry, entry: written, folder, secrets: config.secrets, hasHandlers };
  const metafile = JSON.parse(runBuild(task)) as Metafile;
  rmSync(written);
  const file = join(folder, 'index.mjs');
  const sizes = readdirSync(folder).map((name) => statSync(join(folder, name)).size);
  return {
    folder,
    file,
    bytes: statSync(file).size,
    totalBytes: sizes.reduce((sum, size) => sum + size, 0),
    metafile,
  };
}

/** @returns the metafile as JSON. */
function runBuild(task: Task): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [ownFile('infra/bundle/build')], {
    input: JSON.stringify(task),
    encoding: 'utf8',
    // A metafile is about 500 KB.
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`${task.name} cannot be bundled:\n${stderr}`);
  return stdout;
}
