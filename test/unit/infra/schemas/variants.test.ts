/** Every variant of the template is what CloudFormation's resource schemas and AWS's limits take. */
import { describe, expect, test } from '@jest/globals';
import { validateConfig } from '../../../../config/validate.ts';
import { check } from './check.ts';
import { engineFindings } from './engine.ts';
import type { Template } from './finding.ts';
import { LONGEST_REGION, templateOf, variantOf, variants } from './variants.ts';

describe.each(variants)('$name', (variant) => {
  test('can be configured', () => {
    validateConfig(variant.config);
  });

  test('keeps to the schemas and within the limits', () => {
    const { stage = 'dev', region = LONGEST_REGION } = variant;
    const template = JSON.parse(templateOf(variant).text) as Template;
    const findings = check(template, { stackName: `Inlet-${stage}`, region });
    expect(findings.map(({ rule, text }) => `${rule} of ${text}`)).toEqual([]);
  });
});

test('the template that is checked has the tags that are deployed, and none on dashboards', () => {
  const tagged = Object.values(templateOf(variantOf('default')).resources)
    .filter(({ Properties }) => Properties?.Tags !== undefined)
    .map(({ Type }) => Type);
  expect(tagged).toContain('AWS::DynamoDB::Table');
  // Not every region may know a dashboard's tags.
  expect(tagged).not.toContain('AWS::CloudWatch::Dashboard');
});

/** Resource types of all variants that a region does not have. CloudFormation refuses such a template as a whole. */
function missingIn(region: string): readonly string[] {
  const types = variants.flatMap((variant) =>
    Object.values(templateOf(variant).resources).map(({ Type }) => Type),
  );
  // Without properties, which are not the question here: one short template for all.
  const Resources = Object.fromEntries([...new Set(types)].map((Type, n) => [`Resource${n}`, { Type }]));
  return engineFindings(JSON.stringify({ Resources }), region)
    .filter(({ rule }) => rule === 'F3006')
    .map(({ text }) => /Resource type '([\w:]+)' does not exist/.exec(text)?.[1] ?? text)
    .sort();
}

const COGNITO = ['UserPool', 'UserPoolClient', 'UserPoolDomain', 'UserPoolGroup'].map(
  (name) => `AWS::Cognito::${name}`,
);

test.each<[string, readonly string[]]>([
  ['us-east-1', []],
  ['us-gov-west-1', ['AWS::CloudFront::Distribution', 'AWS::Lambda::Url']],
  ['cn-north-1', COGNITO],
  ['cn-northwest-1', [...COGNITO, 'AWS::Lambda::Url']],
  ['ap-southeast-7', ['AWS::Lambda::Url']],
])('what is not to be had in %s', (region, types) => {
  expect(missingIn(region)).toEqual(types);
});

test.each(['cn-north-1', 'us-gov-west-1'])('without the console nothing is missing in %s', (region) => {
  expect(engineFindings(templateOf(variantOf('no console')).text, region)).toEqual([]);
});
