/** cdk-nag's packs AwsSolutions and Serverless find nothing that is not acknowledged with a reason. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { App, Stack } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import cdkJson from '../../../cdk.json' with { type: 'json' };
import type { InletConfig } from '../../../functions/config/config.ts';
import { Inlet } from '../../../infra/inlet.ts';
import { InletStack } from '../../../infra/inlet-stack.ts';
import { stageOf } from '../../../infra/stage.ts';
import defaultConfig from '../../fixtures/inlet.config.ts';
import { loadedOf } from '../../helpers/own-handlers.ts';
import { WITHOUT_CODE } from '../../helpers/template.ts';

const folder = mkdtempSync(join(tmpdir(), 'inlet-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const domain = {
  name: 'hooks.example.com',
  certificateArn: 'arn:aws:acm:us-east-1:000000000000:certificate/1-2-3',
};

function findings(config: InletConfig, stage: string): readonly string[] {
  const app = new App({ outdir: join(folder, stage), context: { ...cdkJson.context, ...WITHOUT_CODE } });
  return findingsOf(
    new InletStack(app, `Inlet-${stage}`, { config: loadedOf(config), stage: stageOf(stage) }),
  );
}

function findingsOf(stack: Stack): readonly string[] {
  const app = stack.node.root as App;
  return [new AwsSolutionsChecks(app), new ServerlessChecks(app)].flatMap((pack) =>
    pack
      .validateScope(stack)
      .violations.flatMap(({ ruleName, violatingResources }) =>
        violatingResources.map(({ constructPath }) => `${ruleName}: ${constructPath}`),
      ),
  );
}

test.each([
  ['dev', defaultConfig],
  ['prod', { ...defaultConfig, tracing: true, alarmEmail: 'on-call@example.com' }],
  ['url', { ...defaultConfig, ingress: { via: 'function-url' } } satisfies InletConfig],
  [
    'managed',
    {
      sources: { ...defaultConfig.sources, asana: { provider: 'asana' } },
      secrets: 'secrets-manager',
    } satisfies InletConfig,
  ],
  ['alone', { ...defaultConfig, console: false } satisfies InletConfig],
  ['front', { ...defaultConfig, ingress: { domain, firewall: {} } } satisfies InletConfig],
])('%s: no finding is left', (stage, config) => {
  expect(findings(config, stage)).toEqual([]);
});

test('beside others in a stack: no finding is left', () => {
  const context = { ...cdkJson.context, ...WITHOUT_CODE };
  const stack = new Stack(new App({ outdir: join(folder, 'own'), context }), 'Own');
  new Inlet(stack, 'Hooks', { config: loadedOf(defaultConfig), stage: stageOf('hooks') });
  new Inlet(stack, 'More', { config: loadedOf(defaultConfig), stage: stageOf('more') });
  expect(findingsOf(stack)).toEqual([]);
});
