/** The CDK app as `cdk` runs it. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { runScript } from './run-script.ts';

const folder = mkdtempSync(join(tmpdir(), 'inlet-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('synthesizes without network and credentials', async () => {
  const out = join(folder, 'out');
  const cdk = await runScript('node_modules/aws-cdk/bin/cdk', [
    'synth',
    '--quiet',
    '--output',
    out,
    '-c',
    'stage=test',
  ]);
  expect(cdk).toMatchObject({ code: 0 });
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
  const { code, stderr } = await runScript('bin/app.ts', [], { INLET_CONFIG: file });
  expect(code).toBe(1);
  expect(stderr).toContain('nobody');
  expect(stderr).toContain('T W O');
  expect(stderr).not.toMatch(/^\s+at /m);
});

test('refuses a stage name that AWS would refuse', async () => {
  const { code, stderr } = await runScript('bin/app.ts', [], {
    CDK_CONTEXT_JSON: JSON.stringify({ stage: 'Prod!' }),
  });
  expect(code).toBe(1);
  expect(stderr).toContain('the stage "Prod!" cannot be used');
  expect(stderr).not.toMatch(/^\s+at /m);
});
