/** A stage of 200 sources keeps within what IAM and CloudFormation take. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { InletConfig } from '../../../functions/config/config.ts';
import { type StackTemplate, synthesize } from '../../helpers/template.ts';
import { ingestPolicies } from './policy-sizes.ts';

/** The longest that there are: of a key that is handed over each is in one or two ARNs. */
const names = Array.from(
  { length: 200 },
  (_, n) => `${'dealer-of-north-motors-'.repeat(3).slice(0, 59)}-${100 + n}`,
);
const sourcesOf = (provider: string): InletConfig['sources'] =>
  Object.fromEntries(names.map((name) => [name, { provider }]));

describe.each<[string, InletConfig]>([
  ['parameters', { sources: sourcesOf('tasks') }],
  ['secrets', { sources: sourcesOf('tasks'), secrets: 'secrets-manager' }],
  ['parameters of keys that providers hand over', { sources: sourcesOf('asana') }],
  ['secrets of keys that providers hand over', { sources: sourcesOf('asana'), secrets: 'secrets-manager' }],
])('200 sources with %s', (_, config) => {
  let template: StackTemplate;
  beforeAll(() => {
    // The longest name that a stage can have.
    template = synthesize(config, 'production-eu-west-3');
  });

  test('fit the policies of a role', () => {
    const { inline, managed } = ingestPolicies(template);
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    expect(inline).toBeLessThanOrEqual(10_240);
    expect(managed.length).toBeLessThanOrEqual(10);
    for (const size of managed) expect(size).toBeLessThanOrEqual(6_144);
  });

  test('fit a template: outputs, resources, bytes', () => {
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
    expect(Object.keys(template.outputs).length).toBeLessThanOrEqual(200);
    expect(Object.keys(template.resources).length).toBeLessThanOrEqual(500);
    expect(Buffer.byteLength(template.text)).toBeLessThan(1_000_000);
  });

  test('have their URLs in one output', () => {
    expect(JSON.stringify(template.outputs.SourceUrls?.Value)).toContain('/webhooks/<source>');
  });
});
