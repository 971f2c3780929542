import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** A package of its own: the SDKs are large, and nothing else needs them. */
const folder = new URL('sdks/', import.meta.url);

/** The SDKs are installed by `npm run oracles`. */
export const installed = existsSync(new URL('node_modules', folder));

const sdkRequire = createRequire(new URL('package.json', folder));

/** A module of an SDK. Only what a test uses of it is typed, by the test. */
export function load<Module>(name: string): Module {
  return sdkRequire(name) as Module;
}

/** Likewise for a package that cannot be required; `file` from `node_modules`. */
export async function loadFile<Module>(file: string): Promise<Module> {
  return (await import(new URL(`node_modules/${file}`, folder).href)) as Module;
}

export function versionOf(sdk: string): string {
  const text = readFileSync(new URL(`node_modules/${sdk}/package.json`, folder), 'utf8');
  return String((JSON.parse(text) as { version: unknown }).version);
}

/** Declares a test that needs them. */
export const withSdks = installed ? test : test.skip;
