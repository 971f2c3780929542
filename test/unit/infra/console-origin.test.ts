/** Where people open the console: an address whose `/console` leads to the console's function, whatever providers call. */
import { describe, expect, test } from '@jest/globals';
import { validateConfig } from '../../../config/validate.ts';
import type { InletConfig } from '../../../functions/config/config.ts';
import { at, type StackTemplate, synthesize } from '../../helpers/template.ts';
import { roleOf } from '../../proof/deployed/deployment.ts';
import { ORIGIN, routeTo } from '../../proof/deployed/gateway.ts';
import { type Created, resolver } from '../../proof/deployed/intrinsics.ts';

const sources: InletConfig['sources'] = { tasks: { provider: 'tasks' } };
const domain = {
  name: 'hooks.example.com',
  certificateArn: 'arn:aws:acm:us-east-1:000000000000:certificate/1-2-3',
};

const make = (config: Omit<InletConfig, 'sources'>) => synthesize({ sources, ...config }, 'dev');

/** As CloudFormation would put in what the template refers to. */
function resolve(template: StackTemplate) {
  const created = new Map<string, Created>();
  for (const [id] of template.ofType('AWS::ApiGatewayV2::Api'))
    created.set(id, { ref: 'api', attributes: { ApiEndpoint: ORIGIN } });
  for (const [id] of template.ofType('AWS::ApiGatewayV2::Integration'))
    created.set(id, { ref: id, attributes: {} });
  return resolver(created);
}

/** Origins that lead to the gateway's routes. */
function gatewayOrigins(template: StackTemplate): string[] {
  const names = [
    ...template.ofType('AWS::ApiGatewayV2::DomainName').map(([, it]) => at(it, 'Properties.DomainName')),
    ...template
      .ofType('AWS::CloudFront::Distribution')
      .flatMap(([, it]) => at(it, 'Properties.DistributionConfig.Aliases') as string[]),
  ];
  return [ORIGIN, ...names.map((name) => `https://${name}`)];
}

const variants: Readonly<Record<string, readonly [Omit<InletConfig, 'sources'>, string]>> = {
  'the default': [{}, ORIGIN],
  'a function URL': [{ ingress: { via: 'function-url' } }, ORIGIN],
  'a publicUrl that may lead to webhooks alone': [{ publicUrl: 'https://relay.example.com' }, ORIGIN],
  'a function URL behind a publicUrl': [
    { publicUrl: 'https://relay.example.com', ingress: { via: 'function-url' } },
    ORIGIN,
  ],
  'a domain': [{ ingress: { domain } }, 'https://hooks.example.com'],
  'a domain behind a publicUrl': [
    { publicUrl: 'https://relay.example.com', ingress: { domain } },
    'https://hooks.example.com',
  ],
  CloudFront: [{ ingress: { domain, firewall: {} } }, 'https://hooks.example.com'],
};

describe('the output ConsoleUrl and the callback of the login', () => {
  test.each(Object.entries(variants))('%s', (_, [config, origin]) => {
    const template = make(config);
    const resolved = resolve(template);
    const [[, client] = []] = template.ofType('AWS::Cognito::UserPoolClient');
    const url = resolved(template.outputs.ConsoleUrl?.Value);
    expect(url).toBe(`${origin}/console`);
    expect(resolved(client?.Properties.CallbackURLs)).toEqual([url]);
    expect(gatewayOrigins(template)).toContain(origin);
    const target = routeTo(template, { resolve: resolved }, 'GET', '/console');
    expect(roleOf(target ?? '')).toBe('Console');
  });

  test('an origin of its own, however it is written', () => {
    const template = make({
      consoleUrl: 'https://inlet.example.com/',
      ingress: { via: 'function-url' },
    });
    expect(template.outputs.ConsoleUrl?.Value).toBe('https://inlet.example.com/console');
    const [[, client] = []] = template.ofType('AWS::Cognito::UserPoolClient');
    expect(client?.Properties.CallbackURLs).toEqual(['https://inlet.example.com/console']);
    expect(template.outputs.WebhookTasks?.Value).not.toBe('https://inlet.example.com/webhooks/tasks');
  });
});

test('the console needs nothing of ingest', () => {
  const { resources } = make({ ingress: { via: 'function-url' } });
  const seen = new Set<string>();
  const visit = (id: string) => {
    if (seen.has(id) || !resources[id]) return;
    seen.add(id);
    for (const [, other] of JSON.stringify(resources[id]).matchAll(/"([A-Za-z0-9]+)"/g)) visit(other ?? '');
  };
  for (const [id, { Type }] of Object.entries(resources))
    if (Type === 'AWS::Lambda::Function' && id.startsWith('Console')) visit(id);
  expect([...seen].filter((id) => id.startsWith('IngressIngest'))).toEqual([]);
});

test.each([
  ['inlet.example.com', {}, 'write the origin where people open the console'],
  ['http://inlet.example.com', {}, 'write the origin where people open the console'],
  ['https://inlet.example.com/console', {}, 'write the origin where people open the console'],
  ['https://inlet.example.com', { console: false }, 'there is no console'],
])('consoleUrl %s with %j is refused', (consoleUrl, rest, message) => {
  expect(() => validateConfig({ sources, consoleUrl, ...rest })).toThrow(message);
});
