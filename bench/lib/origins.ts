import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';
import type { InletConfig } from '../../functions/config/config.ts';
import { writeEntry } from '../../infra/bundle/entry.ts';
import { onDemand } from '../../infra/bundle/on-demand.ts';
import { trims } from '../../infra/bundle/trims.ts';

const root = resolve(import.meta.dirname, '../..');

/**
 * The deployed bundle with its names and lines left as they are, for a profile to mean something, and the file that
 * each of its lines came from.
 */
export async function unminified(
  entry: string,
  config: InletConfig,
  folder: string,
): Promise<{ readonly file: string; origins(line: number): string | undefined }> {
  mkdirSync(dirname(folder), { recursive: true });
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [
      writeEntry(
        resolve(root, entry),
        config,
        { registry: resolve(root, 'test/fixtures/handlers/index.ts') },
        folder,
      ),
    ],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    loader: { '.json': 'empty' },
    alias: { ...trims },
    plugins: [onDemand(new Map())],
  });
  const file = join(dirname(folder), 'profiled.mjs');
  writeFileSync(file, outputFiles[0]?.contents ?? '');
  let current: string | undefined;
  // esbuild writes `// path` above each module.
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => {
      const comment = /^ *\/\/ ((?:node_modules|functions|infra|\.\.)\S*)$/.exec(line)?.[1];
      if (comment) current = comment;
      return current;
    });
  return { file, origins: (line) => lines[line] };
}

/** `inlet` for a file of the repository, the npm package for any other. */
export function packageOf(path: string): string {
  const match = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path);
  return match?.[1] ?? 'inlet';
}
