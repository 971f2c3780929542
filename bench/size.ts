/** `npm run size`: the size of each deployed function, by module, and of ingest with every pack configured. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { bundleFunction } from '../infra/bundle.ts';
import defaultConfig from '../test/fixtures/inlet.config.ts';
import { temporaryFolder } from './lib/bundles.ts';
import { everyPack } from './lib/every-pack.ts';
import { bytesByModule } from './lib/size-report.ts';
import { heading, rounded, table } from './lib/stats.ts';

const SHOWN = 14;
const folder = temporaryFolder();
const root = join(import.meta.dirname, '../functions');
const functions = readdirSync(root).filter((name) => name.endsWith('.lambda.ts'));
const kilobytes = (bytes: number) => rounded(bytes / 1000, 1);

const bundles = [
  ...functions.map((file) => ({
    name: file.replace('.lambda.ts', ''),
    bundle: bundleFunction(`functions/${file}`, defaultConfig, join(folder, file)),
  })),
  {
    name: 'ingest with every pack',
    bundle: bundleFunction('functions/ingest.lambda.ts', everyPack(), join(folder, 'every')),
  },
];

process.stdout.write(`${heading('Size of the bundles, minified, KB')}\n`);
const rows = bundles.map(({ name, bundle }) => [
  name,
  kilobytes(bundle.bytes),
  kilobytes(gzipSync(readFileSync(bundle.file)).length),
  kilobytes(bundle.totalBytes - bundle.bytes),
]);
process.stdout.write(`${table(['function', 'entry', 'gzipped', 'on demand'], rows)}\n`);
for (const { name, bundle } of bundles) {
  const modules = [...bytesByModule(bundle.metafile)];
  const rest = modules.slice(SHOWN).reduce((sum, [, bytes]) => sum + bytes, 0);
  const shown = [...modules.slice(0, SHOWN), ...(rest > 0 ? [['the rest', rest] as const] : [])];
  process.stdout.write(
    `\n${table(
      [name, 'KB'],
      shown.map(([module, bytes]) => [module, kilobytes(bytes)]),
    )}\n`,
  );
}
