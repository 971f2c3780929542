/** Which function is updated before which, in every way that webhooks come in, and that no resource waits for itself. */
import type { InletConfig } from '../../../functions/config/config.ts';
import { type StackTemplate, synthesize } from '../../helpers/template.ts';
import { roleOf } from '../../proof/deployed/deployment.ts';

const sources = { tasks: { provider: 'tasks' }, chargify: { provider: 'chargify', handler: 'fulfil-order' } };
const certificateArn = 'arn:aws:acm:us-east-1:123456789012:certificate/1';
const domain = { name: 'hooks.example.com', certificateArn };
const variants: readonly (readonly [string, InletConfig])[] = [
  ['the gateway', { sources }],
  ['a function URL', { sources, ingress: { via: 'function-url' } }],
  ['a domain', { sources, ingress: { domain } }],
  ['no console', { sources, console: false }],
  ['a firewall', { sources, ingress: { domain, firewall: {} } }],
];

describe.each(variants)('with %s', (_what, config) => {
  const template = synthesize(config);
  const functions = template.ofType('AWS::Lambda::Function').map(([id]) => id);
  const named = (role: string) => functions.find((id) => roleOf(id) === role) ?? '';

  test('ingest is updated after what reads what it writes', () => {
    const first = needed(template, named('Ingest'));
    for (const name of ['Worker', 'DeadLetters', ...(config.console === false ? [] : ['Console'])])
      expect([...first]).toContain(named(name));
  });

  test('no resource waits for itself', () => {
    for (const id of Object.keys(template.resources)) expect([...needed(template, id)]).not.toContain(id);
  });
});

/** Everything that CloudFormation makes or updates before a resource. */
function needed({ resources }: StackTemplate, id: string): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (from: string) => {
    for (const next of direct(resources[from], resources)) {
      if (found.has(next)) continue;
      found.add(next);
      visit(next);
    }
  };
  visit(id);
  return found;
}

/** What a resource refers to (`Ref`, `Fn::GetAtt`, `Fn::Sub`) or names in `DependsOn`. */
function direct(value: unknown, resources: StackTemplate['resources']): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'Ref' && typeof inner === 'string') return inner in resources ? [inner] : [];
    if (key === 'DependsOn') return [inner].flat().map(String);
    if (key === 'Fn::GetAtt') return [String([inner].flat()[0]).split('.')[0] ?? ''];
    if (key === 'Fn::Sub')
      return [...JSON.stringify(inner).matchAll(/\$\{(\w+)/g)]
        .map(([, name = '']) => name)
        .filter((name) => name in resources);
    return direct(inner, resources);
  });
}
