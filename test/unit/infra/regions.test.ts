/** What a stack does without its console, and in regions and under names that cannot have one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import cdkJson from '../../../cdk.json' with { type: 'json' };
import { validateConfig } from '../../../config/validate.ts';
import type { InletConfig } from '../../../functions/config/config.ts';
import { InletStack } from '../../../infra/inlet-stack.ts';
import { stageOf } from '../../../infra/stage.ts';
import { at, type Resource, type StackTemplate, synthesize, WITHOUT_CODE } from '../../helpers/template.ts';

const outdir = mkdtempSync(join(tmpdir(), 'inlet-regions-'));
afterAll(() => rmSync(outdir, { recursive: true }));

const sources: InletConfig['sources'] = { tasks: { provider: 'tasks' } };
const CHINA = ['cn-north-1', 'cn-northwest-1'];
const GOVERNMENT = ['us-gov-east-1', 'us-gov-west-1'];

const make = (config: Omit<InletConfig, 'sources'>, stage = 'dev') =>
  synthesize({ sources, ...config }, stage);

/** Makes a stack that knows its region. */
function stackIn(region: string, config: Omit<InletConfig, 'sources'>, stage = 'dev'): () => InletStack {
  const env = { account: '000000000000', region };
  return () =>
    new InletStack(new App({ outdir, context: { ...cdkJson.context, ...WITHOUT_CODE } }), `Inlet-${stage}`, {
      config: { sources, ...config },
      stage: stageOf(stage),
      env,
    });
}

/** Whether the rule of a template lets a deployment to a region begin. */
function lets(template: StackTemplate, rule: string, region: string): boolean {
  const assertions = at(template.rules, `${rule}.Assertions`) as readonly { Assert: unknown }[];
  const value = (it: unknown): unknown => {
    const [[name, argument] = []] = typeof it === 'object' && it ? Object.entries(it) : [];
    if (name === 'Ref' && argument === 'AWS::Region') return region;
    if (name === 'Fn::Not') return !value((argument as unknown[])[0]);
    if (name === 'Fn::Contains')
      return (argument as [string[], unknown])[0].includes(String(value((argument as unknown[])[1])));
    return it;
  };
  return assertions.every(({ Assert }) => value(Assert) === true);
}

describe('without the console', () => {
  let template: StackTemplate;
  beforeAll(() => {
    template = make({ console: false });
  });

  test('no login, no function, no page, no route and no output of it', () => {
    const types = Object.values(template.resources).map(({ Type }) => Type);
    expect(types.filter((type) => /Cognito|LayerVersion/.test(type))).toEqual([]);
    expect(template.ofType('AWS::Lambda::Function')).toHaveLength(3);
    const routes = template.ofType('AWS::ApiGatewayV2::Route').map(([, it]) => it.Properties.RouteKey);
    expect(routes.sort()).toEqual(['$default', 'ANY /webhooks/{proxy+}', 'GET /health']);
    expect(template.text).not.toMatch(/console/i);
  });

  test('everything else is as with it', () => {
    const all = make({});
    const others = Object.entries(all.resources).filter(([id]) => !/^(Console|UserPool)/.test(id));
    // The routes of the console have throttles of their own in the stage, and rights on its integration.
    const own = /^Ingress(Stage|Api(GET|POST)(console|api))/;
    // Ingest waits for the function of the console when it is updated.
    const withoutConsole = ({ DependsOn, ...rest }: Resource) => ({
      ...rest,
      DependsOn: DependsOn?.filter((id) => !id.startsWith('Console')),
    });
    for (const [id, resource] of others)
      if (!own.test(id)) expect([id, template.resources[id]]).toEqual([id, withoutConsole(resource)]);
    for (const [name, { Value }] of Object.entries(all.outputs))
      if (!/^(Console|UserPool)/.test(name))
        expect([name, template.outputs[name]?.Value]).toEqual([name, Value]);
  });

  test.each([...CHINA, ...GOVERNMENT])('it is made for %s', (region) => {
    expect(stackIn(region, { console: false })).not.toThrow();
    expect(template.rules).not.toHaveProperty('ConsoleRegion');
  });

  test('neither true nor false is refused', () => {
    expect(() => validateConfig({ sources, console: 'no' })).toThrow('console: write true or false');
  });
});

describe('where there is no login page', () => {
  test.each([...CHINA, ...GOVERNMENT])('a stack for %s is refused with the cure', (region) => {
    expect(stackIn(region, {})).toThrow(`this stack goes to ${region}. Write console: false`);
  });

  test('a stack for any region stops before it begins there', () => {
    const template = make({});
    for (const region of [...CHINA, ...GOVERNMENT])
      expect(lets(template, 'ConsoleRegion', region)).toBe(false);
    for (const region of ['us-east-1', 'eu-west-1'])
      expect(lets(template, 'ConsoleRegion', region)).toBe(true);
    expect(JSON.stringify(template.rules)).toContain('Write console: false');
  });
});

describe('where there are no function URLs', () => {
  const config = { console: false, ingress: { via: 'function-url' } } as const;

  test.each(['cn-northwest-1', ...GOVERNMENT])('a stack for %s is refused with the cure', (region) => {
    expect(stackIn(region, config)).toThrow(`this stack goes to ${region}. Remove it`);
  });

  test('a stack for any region stops before it begins there', () => {
    const template = make(config);
    expect(lets(template, 'FunctionUrlRegion', 'us-gov-west-1')).toBe(false);
    for (const region of ['cn-north-1', 'us-east-1'])
      expect(lets(template, 'FunctionUrlRegion', region)).toBe(true);
  });
});

describe('stage names that Cognito refuses', () => {
  test.each(['aws', 'my-aws-test', 'laws', 'amazon', 'cognito2'])('%s', (stage) => {
    expect(stackIn('us-east-1', {}, stage)).toThrow(
      /Amazon Cognito takes no login page with "\w+" in its name/,
    );
    expect(stackIn('us-east-1', { console: false }, stage)).not.toThrow();
  });

  test('the longest name fits into a prefix', () => {
    const [[, domain] = []] = make({}, 'a'.repeat(20)).ofType('AWS::Cognito::UserPoolDomain');
    const parts = at(domain, 'Properties.Domain.Fn::Join.1') as readonly unknown[];
    const prefix = parts.map((part) => (typeof part === 'string' ? part : '0'.repeat(12))).join('');
    expect(prefix).toMatch(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/);
  });
});
