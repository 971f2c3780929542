/** The construct where it is not alone: in an app that exists, twice in one stack, in a stack of release 0.1.0. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import cdkJson from '../../../cdk.json' with { type: 'json' };
import type { InletConfig } from '../../../functions/config/config.ts';
import { Inlet } from '../../../infra/inlet.ts';
import { stageOf } from '../../../infra/stage.ts';
import { at, type Resource, WITHOUT_CODE } from '../../helpers/template.ts';

const outdir = mkdtempSync(join(tmpdir(), 'inlet-synth-'));
afterAll(() => rmSync(outdir, { recursive: true }));

const config: InletConfig = { sources: { tasks: { provider: 'tasks' }, 'my-shop': { provider: 'shopify' } } };
const newStack = (name = 'Existing') =>
  new Stack(new App({ outdir: join(outdir, name), context: { ...cdkJson.context, ...WITHOUT_CODE } }), name);
const template = (stack: Stack) => {
  const { Resources, Outputs } = (stack.node.root as App).synth().getStackByName(stack.stackName)
    .template as {
    Resources: Record<string, Resource>;
    Outputs: Record<string, { Value: unknown }>;
  };
  return { resources: Object.entries(Resources), outputs: Outputs };
};
const inlet = (stack: Stack, id: string, stage: string, more: { adopt?: '0.1' } = {}) =>
  new Inlet(stack, id, { config, stage: stageOf(stage, config), ...more });

test('in a stack that exists it takes no id and no output that is not its own', () => {
  const stack = newStack();
  new Topic(stack, 'AlarmTopic');
  const { urls } = inlet(stack, 'Hooks', 'dev');
  const { resources, outputs } = template(stack);
  const foreign = resources.filter(([id]) => !id.startsWith('Hooks'));
  expect(foreign.map(([, { Type }]) => Type)).toEqual(['AWS::SNS::Topic']);
  expect(Object.keys(outputs).filter((key) => !key.startsWith('Hooks'))).toEqual([]);
  expect(outputs.HooksSecretsPath?.Value).toBe('/inlet/dev');
  expect(stack.resolve(urls['my-shop'])).toEqual(outputs.HooksWebhookMyShop?.Value);
});

/** Names that an account or a region has once. */
const NAMES = ['AlarmName', 'DashboardName', 'Name', 'LogGroupName', 'Domain', 'QueryDefinitionName'];

test('two live in one stack, with nothing of one name', () => {
  const stack = newStack('Twice');
  inlet(stack, 'Shop', 'shop');
  inlet(stack, 'Billing', 'billing');
  const { resources } = template(stack);
  const named = resources.flatMap(([, { Type, Properties }]) =>
    NAMES.flatMap((name) => {
      const value = at(Properties, name);
      // A reference is to somebody else's.
      return value === undefined || at(value, 'Ref') !== undefined
        ? []
        : [`${Type} ${name} ${JSON.stringify(value)}`];
    }),
  );
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((one, index) => named.indexOf(one) !== index)).toEqual([]);
  for (const stage of ['shop', 'billing']) expect(JSON.stringify(resources)).toContain(`/inlet/${stage}`);
});

test('two of one stage are refused, and so is another one in an adopted stack', () => {
  const same = newStack('Same');
  inlet(same, 'One', 'dev');
  expect(() => inlet(same, 'Two', 'dev')).toThrow(/two Inlets have the stage "dev".*Choose another name/);
  expect(() => inlet(same, 'Three', 'old', { adopt: '0.1' })).toThrow(
    /adopt: '0\.1': another Inlet is in the stack/,
  );
});

test('an adopted stack has the ids that it has had', () => {
  const stack = newStack('Inlet-dev');
  inlet(stack, 'Inlet', 'dev', { adopt: '0.1' });
  const { resources, outputs } = template(stack);
  const ids = resources.map(([id]) => id);
  for (const id of [
    'LedgerTable',
    'SubjectsTable',
    'ArchiveTable',
    'EffectsTable',
    'InboxQueue',
    'HttpApi',
    'UserPool',
  ])
    expect(ids).toContain(id);
  expect(Object.keys(outputs)).toContain('SecretsPath');
});

test('data alone that names a handler, or has lost one, is refused: nobody knows where it would be', () => {
  const stage = stageOf('dev');
  const named = { sources: { tasks: { provider: 'tasks', handler: 'work' } } };
  expect(() => new Inlet(newStack('Named'), 'Inlet', { config: named, stage })).toThrow(/there is no "work"/);
  const values = { sources: { tasks: { provider: 'tasks', handler: () => {} } } } as unknown as InletConfig;
  expect(() => new Inlet(newStack('Values'), 'Inlet', { config: values, stage })).toThrow(
    /sources\.tasks\.handler/,
  );
});
