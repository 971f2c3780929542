/** Files stay short enough to be read at once, tests and their data too. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const MOST = 300;
const MEDIAN = 80;

/** What npm, CDK or a run has put there; folders with a dot at the beginning are passed over as well. */
const NOT_OURS = new Set(['node_modules', 'cdk.out', 'dist', 'coverage', 'reports']);

/** Every TypeScript file below a folder, by its path from the root. */
function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (NOT_OURS.has(entry.name) || entry.name.startsWith('.')) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.tsx?$/.test(entry.name) ? [relative(root, path)] : [];
  });
}

/** As `wc -l` counts. */
const lengths = sources(root).map((path): readonly [string, number] => [
  path,
  readFileSync(join(root, path), 'utf8').split('\n').length - 1,
]);

test(`no file is longer than ${MOST} lines`, () => {
  expect(lengths.filter(([, lines]) => lines > MOST)).toEqual([]);
});

test(`half of the files have at most ${MEDIAN} lines`, () => {
  const sorted = lengths.map(([, lines]) => lines).sort((a, b) => a - b);
  expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(MEDIAN);
});

test('every file is looked at: code, page, tests', () => {
  const paths = lengths.map(([path]) => path);
  for (const path of ['functions/ingest.lambda.ts', 'console/main.tsx', 'test/unit/file-lengths.test.ts'])
    expect(paths).toContain(path);
});
