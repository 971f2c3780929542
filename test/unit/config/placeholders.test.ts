/** The configuration that comes with Inlet names keys that nobody has: synth says so, and goes on. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { placeholdersIn } from '../../../config/placeholders.ts';
import type { InletConfig } from '../../../functions/config/config.ts';
import { InletStack } from '../../../infra/inlet-stack.ts';
import { stageOf } from '../../../infra/stage.ts';
import defaultConfig from '../../fixtures/inlet.config.ts';
import { loadedOf } from '../../helpers/own-handlers.ts';
import { WITHOUT_CODE } from '../../helpers/template.ts';

const outdir = mkdtempSync(join(tmpdir(), 'inlet-synth-'));
afterAll(() => rmSync(outdir, { recursive: true }));

const warnings = (config: InletConfig) => {
  const stack = new InletStack(new App({ outdir, context: WITHOUT_CODE }), 'Inlet-test', {
    config: loadedOf(config),
    stage: stageOf('test'),
  });
  return Annotations.fromStack(stack)
    .findWarning('*', Match.anyValue())
    .map(({ entry }) => String(entry.data));
};

test('the default configuration: a warning that says what to write, and no error', () => {
  const [warning, ...others] = warnings(defaultConfig);
  expect(warning).toMatch(/^sources\.fortellis\.options\.apiKey is still "replace-with-.+write your own/);
  expect(others).toEqual([]);
});

test('no warning with a key of its own, or without the source', () => {
  const { fortellis, ...rest } = defaultConfig.sources;
  const options = { ...fortellis?.options, apiKey: 'the-key-of-our-app' };
  const provider = 'fortellis';
  expect(placeholdersIn({ sources: { ...rest, fortellis: { provider, options } } })).toEqual([]);
  expect(placeholdersIn({ sources: rest })).toEqual([]);
});
