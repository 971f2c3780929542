/** The checks bite: each planted fault is found, by the checks that are there for it and by no other. */
import { beforeAll, expect, test } from '@jest/globals';
import { check } from './check.ts';
import { structuralFaults } from './faults.ts';
import type { Finding, Template } from './finding.ts';
import { limitFindings, limits } from './limits.ts';
import type { Plant } from './plant.ts';
import { tooMuch } from './too-much.ts';
import { templateOf, variantOf } from './variants.ts';

const region = 'us-east-1';
const stackName = 'Inlet-dev';
let plain: Template;
let withFirewall: Template;
beforeAll(() => {
  plain = parsed('default');
  withFirewall = parsed('CloudFront with WAF and address lists');
});

function parsed(variant: string): Template {
  return JSON.parse(templateOf(variantOf(variant)).text) as Template;
}

function planted(intact: Template, plant: Plant): Template {
  const template = structuredClone(intact);
  plant(template);
  return JSON.parse(JSON.stringify(template)) as Template;
}

const rules = (findings: readonly Finding[]) => [...new Set(findings.map(({ rule }) => rule))].sort();

test('nothing is found where nothing is planted', () => {
  for (const template of [plain, withFirewall]) expect(check(template, { stackName, region })).toEqual([]);
});

test.each(structuralFaults)('%s', (_fault, finders, plant) => {
  expect(rules(check(planted(plain, plant), { stackName, region }))).toEqual([...finders].sort());
});

test.each(tooMuch)('too much: %s', (limit, plant) => {
  expect(rules(limitFindings(planted(withFirewall, plant), stackName))).toEqual([limit]);
});

test('every limit has its fault', () => {
  expect(tooMuch.map(([limit]) => limit)).toEqual(limits.map(({ name }) => name));
});
