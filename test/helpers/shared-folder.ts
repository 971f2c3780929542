/** A folder for what takes long to make and several test files of one run need: `globalSetup` of Jest. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Environment variable with its path. */
export const SHARED_FOLDER = 'INLET_TEST_SHARED';

/** Workers take the environment over when they are started, after this. */
export default function setUp(): void {
  const folder = mkdtempSync(join(tmpdir(), 'inlet-shared-'));
  process.env[SHARED_FOLDER] = folder;
  // For the processes that tests start: a command of `inlet` takes a third of the time then.
  process.env.NODE_COMPILE_CACHE = join(folder, 'compiled');
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
}
