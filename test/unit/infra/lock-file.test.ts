/** What `npm ci` brings is what the lock file says, by its integrity: no package fetches another by itself. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  /** Comes inside the package of another one. */
  readonly inBundle?: boolean;
  readonly hasInstallScript?: boolean;
  readonly optional?: boolean;
  readonly os?: string;
  readonly cpu?: string;
  readonly bin?: Readonly<Record<string, string>>;
}

const read = (file: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8'));
const { packages } = read('package-lock.json') as { packages: Readonly<Record<string, Locked>> };
const { allowScripts } = read('package.json') as { allowScripts: Readonly<Record<string, boolean>> };
const locked = Object.entries(packages).filter(([path]) => path !== '');
const nameOf = (path: string) => path.replace(/^.*node_modules\//, '');

test('every package is pinned by its integrity', () => {
  const unpinned = locked.filter(
    ([, { version, integrity, inBundle }]) => !version || !(integrity || inBundle),
  );
  expect(unpinned.map(([path]) => path)).toEqual([]);
});

test('no install script brings a package that is not in the lock file', () => {
  const scripts = locked.filter(([, { hasInstallScript }]) => hasInstallScript);
  // Each of these looks for the binary that its own package or a locked one of its platform brings.
  const known = ['@parcel/watcher', '@swc/core', 'classic-level', 'esbuild', 'unrs-resolver'];
  expect(scripts.map(([path]) => nameOf(path)).sort()).toEqual(known);
  expect(Object.keys(allowScripts).sort()).toEqual(known);
});

test('the Node.js that npm scripts run on is a locked package of each platform', () => {
  const nodes = locked.filter(([, { bin }]) => bin && Object.hasOwn(bin, 'node'));
  expect(nodes.map(([, { os, cpu }]) => `${os} ${cpu}`).sort()).toEqual([
    'darwin arm64',
    'darwin x64',
    'linux arm64',
    'linux x64',
    'win32 x64',
  ]);
  for (const [, { optional, version }] of nodes) {
    expect(optional).toBe(true);
    // The major version of the functions' runtime, and the first that runs TypeScript as it is without a warning.
    expect(Number.parseInt(version ?? '', 10)).toBeGreaterThanOrEqual(24);
  }
});
