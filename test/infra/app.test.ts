/** The CDK app as `cdk` runs it. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'inlet-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  readonly code: number;
  readonly stderr: string;
}

/** Runs a script with no credentials, no home and a proxy that leads nowhere. */
function run(
  script: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const env = {
    PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}`,
    HOME: folder,
    HTTPS_PROXY: 'http://127.0.0.1:9',
    HTTP_PROXY: 'http://127.0.0.1:9',
    CDK_VALIDATION: 'false',
    ...environment,
  };
  return new Promise((done) => {
    execFile(process.execPath, [script, ...args], { cwd: root, env }, (error, _stdout, stderr) =>
      done({ code: error ? Number(error.code) : 0, stderr }),
    );
  });
}

test('synthesizes without network and credentials', async () => {
  const out = join(folder, 'out');
  const started = performance.now();
  const cdk = await run('node_modules/aws-cdk/bin/cdk', [
    'synth',
    '--quiet',
    '--output',
    out,
    '-c',
    'stage=test',
  ]);
  expect(cdk).toMatchObject({ code: 0 });
  expect(performance.now() - started).toBeLessThan(30_000);
  expect(readdirSync(out)).toContain('Inlet-test.template.json');
  const template = JSON.parse(readFileSync(join(out, 'Inlet-test.template.json'), 'utf8')) as {
    Resources: Record<string, { Type: string; Properties?: { Tags?: unknown } }>;
  };
  const tagged = Object.values(template.Resources).filter(({ Properties }) => Properties?.Tags !== undefined);
  const types = new Set(tagged.map(({ Type }) => Type));
  expect(types).toContain('AWS::DynamoDB::Table');
  // Not every region may know a dashboard's tags.
  expect(types).not.toContain('AWS::CloudWatch::Dashboard');
});

test('refuses a wrong configuration with every mistake, and no stack trace', async () => {
  const file = join(folder, 'wrong.json');
  writeFileSync(
    file,
    JSON.stringify({ sources: { one: { provider: 'nobody' }, 'T W O': { provider: 'tasks' } } }),
  );
  const { code, stderr } = await run('bin/app.ts', [], { INLET_CONFIG: file });
  expect(code).toBe(1);
  expect(stderr).toContain('nobody');
  expect(stderr).toContain('T W O');
  expect(stderr).not.toMatch(/^\s+at /m);
});

test('refuses a stage name that AWS would refuse', async () => {
  const { code, stderr } = await run('bin/app.ts', [], {
    CDK_CONTEXT_JSON: JSON.stringify({ stage: 'Prod!' }),
  });
  expect(code).toBe(1);
  expect(stderr).toContain('the stage "Prod!" cannot be used');
  expect(stderr).not.toMatch(/^\s+at /m);
});
