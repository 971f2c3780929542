/** What is in a bundle, and what must not be: by esbuild's own account. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildSync } from 'esbuild';
import { everyPack } from '../../../bench/lib/every-pack.ts';
import type { InletConfig } from '../../../functions/config/config.ts';
import { providers } from '../../../functions/providers/index.ts';
import { type Bundle, bundleFunction } from '../../../infra/bundle.ts';
import defaultConfig from '../../fixtures/inlet.config.ts';

const root = join(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'inlet-test-'));
const config: InletConfig = { sources: { dotdigital: { provider: 'dotdigital' } } };
const entries = ['ingest', 'worker', 'dead-letters'] as const;

const bundle = (name: string, outdir: string, sources = config) =>
  bundleFunction(`functions/${name}.lambda.ts`, sources, join(folder, outdir));

/** Files that contributed code, from the repository's root. */
function contents({ metafile }: Bundle): string[] {
  return Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
}

const digests = (outdir: string) =>
  readdirSync(join(folder, outdir)).map((name) => [
    name,
    createHash('sha256')
      .update(readFileSync(join(folder, outdir, name)))
      .digest('hex'),
  ]);

afterAll(() => rmSync(folder, { recursive: true }));

describe('the ingest bundle', () => {
  let ingest: Bundle;
  beforeAll(() => {
    ingest = bundle('ingest', 'ingest');
  });

  test('is the same wherever and whenever it is made', () => {
    bundle('ingest', 'again/elsewhere');
    expect(digests('again/elsewhere')).toEqual(digests('ingest'));
  });

  test('differs when the configuration does', () => {
    bundle('ingest', 'archive', { ...config, archive: false });
    expect(digests('archive')).not.toEqual(digests('ingest'));
  });

  test('holds the packs that the configuration names and no other', () => {
    const packs = contents(ingest).filter((path) =>
      /functions\/providers\/(chargify|dotdigital|fortellis|tasks)/.test(path),
    );
    expect(packs).toEqual(['functions/providers/dotdigital.ts']);
  });

  test('reads from files of their own, and only on demand, what few requests need', () => {
    const { folder, bytes, totalBytes, metafile } = bundle('ingest', 'jwt', defaultConfig);
    const parts = ['event-streams.mjs', 's3.mjs', 'token-verifier.mjs'];
    expect(readdirSync(folder).sort()).toEqual(['event-streams.mjs', 'index.mjs', ...parts.slice(1)]);
    expect(totalBytes).toBeGreaterThan(bytes);
    const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
    for (const part of parts) {
      const kinds = imports.filter(({ path }) => path === `./${part}`).map(({ kind }) => kind);
      expect([part, ...new Set(kinds)]).toEqual([part, 'dynamic-import']);
    }
  });

  test('comes with JWT code only when a configured pack needs it', () => {
    expect(readdirSync(ingest.folder)).not.toContain('token-verifier.mjs');
  });

  test('looks for credentials in the environment alone', () => {
    const finders = contents(ingest).filter((path) =>
      /credential-provider|token-providers|nested-clients/.test(path),
    );
    expect([...new Set(finders.map((path) => /node_modules\/(@[^/]+\/[^/]+)/.exec(path)?.[1]))]).toEqual([
      '@aws-sdk/credential-provider-env',
    ]);
  });

  test('imports nothing but modules of Node, and none that loads undici', () => {
    const imports = Object.values(ingest.metafile.outputs).flatMap((output) => output.imports);
    const statements = imports.filter(({ kind }) => kind === 'import-statement').map(({ path }) => path);
    expect(statements.filter((path) => !path.startsWith('node:'))).toEqual([]);
    expect(statements.filter((path) => /^node:https?$/.test(path))).toEqual([]);
  });

  test('loads no undici, which an import of node:http would', () => {
    const script = `await import(${JSON.stringify(pathToFileURL(ingest.file).href)}).catch(() => {});
      process.stdout.write(process.moduleLoadList.join('\\n'));`;
    const modules = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    // It has come as far as the code of the function.
    expect(modules).toContain('NativeModule https');
    expect(modules).not.toMatch(/undici/);
  });

  test('has no checks of the configuration, no other function and no source map', () => {
    expect(
      contents(ingest).filter((path) =>
        /zod|^(config|handlers)\/|functions\/(worker|api|store\/gate)/.test(path),
      ),
    ).toEqual([]);
    expect(readFileSync(ingest.file, 'utf8')).not.toContain('sourceMappingURL');
  });
});

test('no pack brings along what is written about it for the documentation alone', () => {
  const { file } = bundle('ingest', 'every', everyPack());
  const code = readFileSync(file, 'utf8');
  expect(code.match(/\bunverified:/g) ?? []).toEqual([]);
  const pages = Object.values(providers).flatMap(({ documentation }) => documentation);
  expect(pages.filter((page) => !code.includes(page))).toEqual([]);
});

test.each(['worker', 'dead-letters'] as const)('%s holds nothing that verifies', (name) => {
  const verifies =
    /aws-jwt-verify|verification\/(verify|token-verifier|token-keys|hmac|signed-request|shared-secret)/;
  expect(
    contents(bundle(name, `${name}-verifies`, defaultConfig)).filter((path) => verifies.test(path)),
  ).toEqual([]);
});

test('a provider without a pack is refused when it is bundled', () => {
  expect(() => bundle('ingest', 'unknown', { sources: { a: { provider: 'nobody' } } })).toThrow(/nobody/);
});

test.each(entries)(
  '%s is made of functions/ and packages: nothing of infra/, bin/, CDK or the stand-ins',
  (name) => {
    const { metafile } = buildSync({
      entryPoints: [join(root, `functions/${name}.lambda.ts`)],
      absWorkingDir: root,
      bundle: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      write: false,
      metafile: true,
      outdir: folder,
    });
    expect(Object.keys(metafile.inputs).filter((path) => !path.startsWith('functions/'))).toEqual([]);
    const packages = Object.values(metafile.outputs).flatMap(({ imports }) =>
      imports.map(({ path }) => path),
    );
    const allowed =
      /^(node:|@aws-sdk\/client-(dynamodb|sqs|s3)$|@smithy\/(core\/|node-http-handler$|signature-v4$)|aws-jwt-verify)/;
    expect(packages.filter((path) => !allowed.test(path))).toEqual([]);
  },
);
