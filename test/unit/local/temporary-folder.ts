import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder, removed after the last test of the file. */
export function temporaryFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'inlet-test-'));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
