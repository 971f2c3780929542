/**
 * Builds the console's page with esbuild, in a process of its own: Jest's sandbox refuses esbuild, and a CDK
 * construct cannot wait. Writes the files as JSON (`Assets`) to stdout.
 */
import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { build } from 'esbuild';
import type { Asset } from '../../functions/console/page.ts';

const root = resolve(import.meta.dirname, '../..');

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  html: 'text/html; charset=utf-8',
  json: 'application/json',
};

const { outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: { console: 'console/main.tsx', style: 'console/style.css', icon: 'console/icon.svg' },
  outdir: '/assets',
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'browser',
  target: ['es2022'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  minify: true,
  legalComments: 'none',
  loader: { '.svg': 'copy' },
  write: false,
  logLevel: 'error',
}).catch(() => process.exit(1));

const assets: Record<string, Asset> = {};
let html = readFileSync(join(root, 'console/index.html'), 'utf8');
for (const { path, contents } of outputFiles) {
  const name = basename(path);
  const extension = name.split('.').at(-1) ?? '';
  const entry = name.replace(/-[A-Z0-9]{8}\.(\w+)$/, '.$1');
  html = html.replaceAll(`"/console/assets/${entry}"`, `"/console/assets/${name}"`);
  assets[`assets/${name}`] = asset(extension, Buffer.from(contents), true);
}
assets['index.html'] = asset('html', Buffer.from(html), false);
assets['openapi.json'] = asset('json', readFileSync(join(root, 'docs/openapi.json')), false);
process.stdout.write(JSON.stringify(assets));

function asset(extension: string, content: Buffer, immutable: boolean): Asset {
  const type = TYPES[extension];
  if (!type) throw new Error(`no media type for .${extension}: add it to console-build.ts`);
  return { type, body: content.toString('base64'), immutable };
}
