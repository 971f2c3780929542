import { execFile, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Assets } from '../../functions/console/page.ts';
import { ownFile, ROOT } from './own-file.ts';

const script = ownFile('infra/bundle/console-build');
/** The package has the page as it was built with it. */
const packed = join(ROOT, 'console.json');
/** The page is about 400 KB. */
const maxBuffer = 16 * 1024 * 1024;

let built: Promise<Assets> | undefined;

/** The console's page for the local server, built on first use. */
export function consoleAssets(): Promise<Assets> {
  built ??= (existsSync(packed) ? readFile(packed, 'utf8') : buildPage())
    .then((text) => JSON.parse(text) as Assets)
    .catch((error: unknown) => {
      // Asked again, it is built again: the file that was in the way may be mended by then.
      built = undefined;
      throw error;
    });
  return built;
}

async function buildPage(): Promise<string> {
  return (await promisify(execFile)(process.execPath, [script], { maxBuffer })).stdout;
}

/** File of the layer that brings the page to the deployed function. */
export const ASSETS_FILE = 'console.json';

/** Builds the page into a folder, as one file: the content of the deployed function's layer. */
export function bundleConsole(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, ASSETS_FILE);
  if (existsSync(packed)) {
    copyFileSync(packed, file);
    return;
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8', maxBuffer });
  if (status !== 0) throw new Error(`The console's page cannot be built:\n${stderr}`);
  writeFileSync(file, stdout);
}
