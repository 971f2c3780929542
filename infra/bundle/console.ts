import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Assets } from '../../functions/console/page.ts';

const script = join(import.meta.dirname, 'console-build.ts');
/** The page is about 400 KB. */
const maxBuffer = 16 * 1024 * 1024;

let built: Promise<Assets> | undefined;

/** The console's page for the local server, built on first use. */
export function consoleAssets(): Promise<Assets> {
  built ??= promisify(execFile)(process.execPath, [script], { maxBuffer })
    .then(({ stdout }) => JSON.parse(stdout) as Assets)
    .catch((error: unknown) => {
      // Asked again, it is built again: the file that was in the way may be mended by then.
      built = undefined;
      throw error;
    });
  return built;
}

/** File of the layer that brings the page to the deployed function. */
export const ASSETS_FILE = 'console.json';

/** Builds the page into a folder, as one file: the content of the deployed function's layer. */
export function bundleConsole(folder: string): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8', maxBuffer });
  if (status !== 0) throw new Error(`The console's page cannot be built:\n${stderr}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, ASSETS_FILE), stdout);
}
