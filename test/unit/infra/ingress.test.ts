/** The ways to reach Inlet that one configuration key chooses. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { validateConfig } from '../../../config/validate.ts';
import type { IngressConfig, InletConfig } from '../../../functions/config/config.ts';
import { InletStack } from '../../../infra/inlet-stack.ts';
import { stageOf } from '../../../infra/stage.ts';
import { at, synthesize, WITHOUT_CODE } from '../../helpers/template.ts';

const sources: InletConfig['sources'] = { tasks: { provider: 'tasks' } };
const domain = {
  name: 'hooks.example.com',
  certificateArn: 'arn:aws:acm:us-east-1:000000000000:certificate/1-2-3',
};
const template = (ingress: IngressConfig) => synthesize({ sources, ingress });

test('a host name of its own: certificate, mapping, URLs and what to point it to', () => {
  const { ofType, outputs } = template({ domain, requestsPerSecond: 50 });
  const [[, name] = []] = ofType('AWS::ApiGatewayV2::DomainName');
  expect(name?.Properties).toMatchObject({ DomainName: 'hooks.example.com' });
  expect(ofType('AWS::ApiGatewayV2::ApiMapping')).toHaveLength(1);
  expect(outputs.WebhookTasks?.Value).toBe('https://hooks.example.com/webhooks/tasks');
  expect(outputs).toHaveProperty('DomainTarget');
  const [[, stage] = []] = ofType('AWS::ApiGatewayV2::Stage');
  expect(stage?.Properties).toMatchObject({
    DefaultRouteSettings: { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40 },
    RouteSettings: { 'ANY /webhooks/{proxy+}': { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 } },
  });
});

test('the gateway has one host name: its own is closed where a domain is in front, unless it is to stay', () => {
  const isClosed = (ingress: IngressConfig) => {
    const [[, api] = []] = template(ingress).ofType('AWS::ApiGatewayV2::Api');
    return api?.Properties.DisableExecuteApiEndpoint ?? false;
  };
  expect(isClosed({ domain })).toBe(true);
  expect(isClosed({ domain, defaultEndpoint: true })).toBe(false);
  expect(isClosed({})).toBe(false);
  expect(isClosed({ via: 'function-url' })).toBe(false);
  // CloudFront calls it there, and ingest refuses whoever else does.
  expect(isClosed({ domain, firewall: {} })).toBe(false);
});

test.each<IngressConfig>([{}, { via: 'function-url' }])(
  'settings are for routes that there are, by method and path: %j',
  (ingress) => {
    const { ofType } = template(ingress);
    const routes = ofType('AWS::ApiGatewayV2::Route').map(([, { Properties }]) =>
      String(Properties.RouteKey),
    );
    const [[, stage] = []] = ofType('AWS::ApiGatewayV2::Stage');
    const keys = Object.keys(stage?.Properties.RouteSettings ?? {});
    expect(keys.length).toBeGreaterThan(2);
    for (const key of keys) {
      expect(routes).toContain(key);
      expect(key).toMatch(/^[A-Z]+ \//);
    }
  },
);

test('a function URL beside the route for webhooks: its own metrics, reserved concurrency as the limit', () => {
  const { ofType, outputs } = template({ via: 'function-url', concurrency: 100 });
  const [[, url] = []] = ofType('AWS::Lambda::Url');
  expect(url?.Properties.AuthType).toBe('NONE');
  const routes = ofType('AWS::ApiGatewayV2::Route').map(([, { Properties }]) => String(Properties.RouteKey));
  expect(routes).toContain('ANY /webhooks/{proxy+}');
  expect(JSON.stringify(outputs.WebhookTasks?.Value)).toContain('FunctionUrl');
  const functions = ofType('AWS::Lambda::Function').map(([, { Properties }]) => Properties);
  expect(functions.map((fn) => fn.ReservedConcurrentExecutions).filter(Boolean)).toEqual([100]);
  const alarms = JSON.stringify(ofType('AWS::CloudWatch::Alarm'));
  for (const metric of ['Url5xxCount', 'UrlRequestLatency']) expect(alarms).toContain(metric);
  // Both rights are needed since October 2025.
  const rights = ofType('AWS::Lambda::Permission').map(([, { Properties }]) => Properties);
  expect(rights).toContainEqual(
    expect.objectContaining({ Action: 'lambda:InvokeFunctionUrl', Principal: '*' }),
  );
});

test('CloudFront and WAF: nothing cached, every header but Host passed on, published addresses only', () => {
  const { ofType } = template({ domain, firewall: { addresses: { tasks: ['192.0.2.0/24'] } } });
  const [[, front] = []] = ofType('AWS::CloudFront::Distribution');
  expect(at(front, 'Properties.DistributionConfig.Aliases')).toEqual(['hooks.example.com']);
  expect(at(front, 'Properties.DistributionConfig.DefaultCacheBehavior')).toMatchObject({
    CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
    OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
    ViewerProtocolPolicy: 'https-only',
  });
  expect(at(front, 'Properties.DistributionConfig.WebACLId')).toBeDefined();
  const [[, firewall] = []] = ofType('AWS::WAFv2::WebACL');
  const rules = firewall?.Properties.Rules as { Name: string; Priority: number }[];
  expect(rules.map(({ Name }) => Name)).toEqual([
    'only-from-tasks',
    'requests-per-address',
    'AWSManagedRulesAmazonIpReputationList',
    'AWSManagedRulesKnownBadInputsRuleSet',
  ]);
  expect(rules.map(({ Priority }) => Priority)).toEqual([0, 1, 2, 3]);
});

test('the distribution has no IPv6 where addresses are given, which are IPv4, and has it elsewhere', () => {
  const isIpv6 = (firewall: IngressConfig['firewall']) => {
    const [[, front] = []] = template({ domain, ...(firewall && { firewall }) }).ofType(
      'AWS::CloudFront::Distribution',
    );
    return at(front, 'Properties.DistributionConfig.IPV6Enabled');
  };
  expect(isIpv6({ addresses: { tasks: ['192.0.2.0/24'] } })).toBe(false);
  expect(isIpv6({ addresses: {} })).toBe(true);
  expect(isIpv6({})).toBe(true);
});

describe('a firewall goes to us-east-1 only', () => {
  const ingress: IngressConfig = { domain, firewall: {} };

  test('a stack for any region is stopped by CloudFormation', () => {
    const { Rules } = JSON.parse(template(ingress).text) as { Rules: Record<string, unknown> };
    expect(Rules.FirewallRegion).toEqual({
      Assertions: [
        {
          Assert: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] },
          AssertDescription: expect.stringContaining('Deploy it to us-east-1, or remove the firewall.'),
        },
      ],
    });
    expect(template({ domain }).text).not.toContain('FirewallRegion');
  });

  test.each([
    ['eu-west-1', false],
    ['us-east-1', true],
  ])('a stack for %s is made: %s', (region, isMade) => {
    const outdir = mkdtempSync(join(tmpdir(), 'inlet-region-'));
    const make = () =>
      new InletStack(new App({ outdir, context: WITHOUT_CODE }), 'Inlet-dev', {
        config: { sources, ingress },
        stage: stageOf('dev'),
        env: { account: '000000000000', region },
      });
    try {
      if (isMade) expect(make).not.toThrow();
      else expect(make).toThrow('in us-east-1 only, and this stack goes to eu-west-1');
    } finally {
      rmSync(outdir, { recursive: true });
    }
  });
});

describe('a wrong configuration is refused with what to write instead', () => {
  test.each<[unknown, string]>([
    [{ via: 'rest' }, 'ingress.via: write "http-api" or "function-url".'],
    [{ via: 'function-url', domain }, 'ingress.domain: a function URL has none.'],
    [{ firewall: {} }, 'ingress.domain: a firewall needs it'],
    [{ domain: { name: 'hooks' } }, 'ingress.domain.name: write a host name'],
    [
      {
        domain: { ...domain, certificateArn: domain.certificateArn.replace('us-east-1', 'eu-west-1') },
        firewall: {},
      },
      'CloudFront takes certificates of us-east-1 only',
    ],
    [{ domain, firewall: { addresses: { other: ['192.0.2.0/24'] } } }, 'addresses.other: is no source'],
    [{ domain, firewall: { addresses: { tasks: ['all'] } } }, 'write IPv4 ranges'],
    [{ domain, firewall: { secret: 0 } }, 'ingress.firewall.secret: write a whole number from 1'],
    [{ domain, defaultEndpoint: 'yes' }, 'ingress.defaultEndpoint: write true'],
    [{ defaultEndpoint: true }, 'ingress.defaultEndpoint: without a domain it is always open'],
    [{ domain, firewall: {}, defaultEndpoint: true }, 'ingress.defaultEndpoint: CloudFront calls it'],
    [{ requestsPerSecond: 0 }, 'ingress.requestsPerSecond: write a whole number'],
    [{ speed: 1 }, 'ingress.speed: is not known here'],
  ])('%j', (ingress, message) => {
    expect(() => validateConfig({ sources, ingress })).toThrow(message);
  });

  test('what is right is not', () => {
    validateConfig({ sources, ingress: { domain, firewall: { requestsPerAddress: 500 }, concurrency: 10 } });
    validateConfig({ sources, ingress: { domain, defaultEndpoint: true } });
  });
});

test('everybody may call ingest by its URL, and by nothing else: both rights that a URL takes since October 2025', () => {
  const { ofType } = template({ via: 'function-url' });
  const [[, url] = []] = ofType('AWS::Lambda::Url');
  const open = ofType('AWS::Lambda::Permission')
    .map(([, { Properties }]) => Properties)
    .filter(({ Principal }) => Principal === '*');
  // https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
  expect(open).toHaveLength(2);
  expect(open).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'NONE' }),
      expect.objectContaining({ Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true }),
    ]),
  );
  for (const { FunctionName } of open) expect(FunctionName).toEqual(url?.Properties.TargetFunctionArn);
  // Without the URL nobody is let in but by name.
  const named = template({}).ofType('AWS::Lambda::Permission');
  expect(named.filter(([, { Properties }]) => Properties.Principal === '*')).toEqual([]);
});
