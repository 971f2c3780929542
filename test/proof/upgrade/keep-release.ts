/**
 * `node test/proof/upgrade/keep-release.ts <release>` in a checkout of that release: bundles its functions, synthesizes its
 * templates and keeps them, compressed, in a folder of their own. Files that are there already are left alone: a release
 * does not change.
 */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { FORMAT } from '../../../functions/core/format.ts';
import { bundleFunction } from '../../../infra/bundle.ts';
import { OWN_HANDLERS } from '../../helpers/own-handlers.ts';
import { synthesize } from '../../helpers/template.ts';
import { config } from './config.ts';
import { KEPT_FUNCTIONS } from './kept-functions.ts';
import { KEPT_STACKS } from './kept-stacks.ts';

const [, , release = ''] = process.argv;
if (!/^\d+\.\d+\.\d+$/.test(release)) throw new Error('name the release: keep-release.ts 0.1.0');
const target = join(import.meta.dirname, release);
if (existsSync(target)) throw new Error(`${target} is there already`);

const scratch = mkdtempSync(join(tmpdir(), 'inlet-release-'));
mkdirSync(target);
for (const name of KEPT_FUNCTIONS) {
  const { folder } = bundleFunction(`functions/${name}.lambda.ts`, config, join(scratch, name), OWN_HANDLERS);
  for (const file of readdirSync(folder)) {
    // What is loaded on demand lies beside every function that may need it, and is the same for all.
    const kept = file === 'index.mjs' ? `${name}.mjs` : file;
    if (!existsSync(join(target, `${kept}.br`))) keep(readFileSync(join(folder, file)), kept);
  }
}
rmSync(scratch, { recursive: true });
const templates = Object.entries(KEPT_STACKS).map(([name, { stage, ...changes }]) => {
  return [name, JSON.parse(synthesize({ ...config, ...changes }, stage).text)];
});
keep(Buffer.from(JSON.stringify(Object.fromEntries(templates))), 'templates.json');
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
writeFileSync(join(target, 'release.json'), `${JSON.stringify({ release, commit, format: FORMAT })}\n`);

function keep(content: Buffer, name: string): void {
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  writeFileSync(join(target, `${name}.br`), brotliCompressSync(content, { params }));
}
