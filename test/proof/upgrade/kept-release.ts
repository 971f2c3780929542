/** The functions of releases: kept ones, and those of this checkout. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import type { InletConfig } from '../../../functions/config/config.ts';
import { FORMAT, type Format } from '../../../functions/core/format.ts';
import { bundleFunction } from '../../../infra/bundle.ts';
import { OWN_HANDLERS } from '../../helpers/own-handlers.ts';
import { config } from './config.ts';
import { KEPT_FUNCTIONS, type KeptFunction } from './kept-functions.ts';

export interface Release {
  readonly name: string;
  /** The newest format that it reads. */
  readonly reads: number;
  /** What it writes. */
  readonly format: number;
  /** The entry of each function. */
  readonly files: Readonly<Record<KeptFunction, string>>;
}

/** A folder for each release that was kept, the oldest first. */
export function keptReleases(): readonly string[] {
  const isKept = (name: string) => existsSync(join(import.meta.dirname, name, 'release.json'));
  return readdirSync(import.meta.dirname)
    .filter(isKept)
    .sort(byVersion);
}

/** `0.10.0` comes after `0.2.0`. */
export function byVersion(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}

/** Unpacks a kept release below `folder`. */
export function unpackRelease(name: string, folder: string): Release {
  const source = join(import.meta.dirname, name);
  const { format } = JSON.parse(readFileSync(join(source, 'release.json'), 'utf8')) as { format: number };
  const unpack = (file: string, as: string) =>
    writeFileSync(as, brotliDecompressSync(readFileSync(join(source, `${file}.mjs.br`))));
  const entries = new Set<string>(KEPT_FUNCTIONS);
  const parts = readdirSync(source)
    .map((file) => /^(.*)\.mjs\.br$/.exec(file)?.[1] ?? '')
    .filter((part) => part !== '' && !entries.has(part));
  return {
    name,
    reads: format,
    format,
    files: eachFunction((fn) => {
      const target = join(folder, name, fn);
      mkdirSync(target, { recursive: true });
      for (const part of parts) unpack(part, join(target, `${part}.mjs`));
      const file = join(target, 'index.mjs');
      unpack(fn, file);
      return file;
    }),
  };
}

/** 0.1.0 gave a handler the newest only where there is an order. */
const orders = { ...config.sources.orders, provider: 'tasks', mode: 'latest' } as const;

/** Bundles the functions of this checkout below `folder`. */
export function presentRelease(
  name: string,
  format: Format,
  folder: string,
  changes: Partial<InletConfig> = {},
): Release {
  const bundle = (fn: KeptFunction) =>
    bundleFunction(
      `functions/${fn}.lambda.ts`,
      { ...config, ...changes, sources: { ...config.sources, orders }, storedFormat: format },
      join(folder, `${name}-${fn}`),
      OWN_HANDLERS,
    );
  return { name, reads: FORMAT, format, files: eachFunction((fn) => bundle(fn).file) };
}

function eachFunction(fileOf: (fn: KeptFunction) => string): Release['files'] {
  return Object.fromEntries(KEPT_FUNCTIONS.map((fn) => [fn, fileOf(fn)])) as Release['files'];
}
