/** What counts as production, who decides it, and that whoever deploys is told. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { RemovalPolicy } from 'aws-cdk-lib';
import { validateConfig } from '../../../config/validate.ts';
import type { InletConfig } from '../../../functions/config/config.ts';
import { type StageContext, stageOf } from '../../../infra/stage.ts';
import { runScript } from './run-script.ts';

const folder = mkdtempSync(join(tmpdir(), 'inlet-stage-'));
afterAll(() => rmSync(folder, { recursive: true }));

const sources: InletConfig['sources'] = { tasks: { provider: 'tasks' } };

describe('by its name', () => {
  test.each(['prod', 'production', 'prod2', 'prod-eu', 'prd', 'prd1', 'live', 'live-eu'])(
    '%s is production',
    (name) => {
      expect(stageOf(name)).toMatchObject({
        production: true,
        locked: true,
        removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        summary: expect.stringContaining(`The stage ${name} is production (by its name)`),
      });
    },
  );

  test.each(['dev', 'staging', 'preprod', 'delivery'])('%s is not', (name) => {
    expect(stageOf(name)).toMatchObject({
      production: false,
      locked: false,
      removalPolicy: RemovalPolicy.DESTROY,
      summary: expect.stringMatching(`The stage ${name} is not production .+ deleted with the stack`),
    });
  });
});

describe('by what is said', () => {
  test.each<[string, boolean | undefined, StageContext, boolean, string]>([
    ['shop', true, {}, true, 'by the configuration'],
    ['prod-test', false, {}, false, 'by the configuration'],
    ['shop', false, { production: 'true' }, true, 'by -c production'],
    ['prod', true, { production: 'false' }, false, 'by -c production'],
    ['shop', undefined, { production: true }, true, 'by -c production'],
  ])('%s, configuration %s, context %j: %s', (name, configured, said, production, reason) => {
    const config = configured === undefined ? {} : { production: configured };
    expect(stageOf(name, config, said)).toMatchObject({
      production,
      locked: production,
      summary: expect.stringContaining(`(${reason})`),
    });
  });

  test.each(['yes', '1', '', 0])('-c production=%s is refused with what to write', (production) => {
    expect(() => stageOf('shop', {}, { production })).toThrow(
      'write -c production=true or -c production=false',
    );
    expect(() => stageOf('shop', {}, { first: production })).toThrow('write -c first=true or -c first=false');
  });

  test('a configuration that says neither true nor false is refused', () => {
    expect(() => validateConfig({ sources, production: 'yes' })).toThrow('production: write true or false');
    validateConfig({ sources, production: true });
  });
});

test('the first deployment keeps the data and leaves the locks off', () => {
  const first = stageOf('prod', {}, { first: 'true' });
  expect(first).toMatchObject({ production: true, locked: false });
  expect(first.removalPolicy).toBe(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
  expect(first.summary).toContain('deploy again without -c first=true');
  expect(stageOf('prod').summary).toContain('The very first deployment takes -c first=true');
});

describe('the app', () => {
  const file = join(folder, 'config.json');
  writeFileSync(file, JSON.stringify({ sources }));

  test('prints it at synth', async () => {
    const args = [
      'synth',
      '--quiet',
      '--output',
      join(folder, 'out'),
      '-c',
      'stage=shop',
      '-c',
      'production=true',
    ];
    const { code, stderr } = await runScript('node_modules/aws-cdk/bin/cdk', args, { INLET_CONFIG: file });
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining('The stage shop is production (by -c production)'),
    ]);
  }, 120_000);

  test.each(['production', 'first'])('refuses -c %s=yes', async (key) => {
    const context = JSON.stringify({ stage: 'shop', [key]: 'yes' });
    const { code, stderr } = await runScript('bin/app.ts', [], {
      INLET_CONFIG: file,
      CDK_CONTEXT_JSON: context,
    });
    expect([code, stderr]).toEqual([1, expect.stringContaining(`-c ${key}=yes is neither true nor false`)]);
  });
});
