import { expect, test } from '@jest/globals';
import type { StackTemplate } from '../../helpers/template.ts';
import { dataPoints, parsePattern } from './metric-filters.ts';

test.each([
  ['{ $.outcome = "dead" }', { outcome: 'dead' }, true],
  ['{ $.outcome = "dead" }', { outcome: 'deadly' }, false],
  ['{ $.outcome = "*" }', { outcome: 'dead' }, true],
  ['{ $.outcome = "*" }', {}, false],
  ['{ $.outcome = "*" }', { outcome: 1 }, false],
  ['{ $.ms >= 0 }', { ms: 0 }, true],
  ['{ $.ms >= 2 }', { ms: 1 }, false],
  ['{ $.ms >= 0 }', { ms: '1' }, false],
  ['{ $.ms >= 0 }', {}, false],
  ['{ ($.outcome = "*") && ($.ms >= 0) }', { outcome: 'dead', ms: 1 }, true],
  ['{ ($.outcome = "*") && ($.ms >= 0) }', { outcome: 'dead' }, false],
  ['{ ($.a = "x") || ($.b = "y") }', { a: 'z', b: 'y' }, true],
  ['{ ($.a = "x") || ($.b = "y") }', { a: 'z' }, false],
])('%s of %j is %s', (pattern, line, isMatch) => {
  expect(parsePattern(pattern)(line)).toBe(isMatch);
});

test.each([
  'ERROR',
  '{ }',
  '{ $.ms > 0 }',
  '{ $.a.b = "x" }',
  '{ $.a = x }',
  '{ $.a = "x?" }',
  '{ $.a = "x" || $.b = "y" }',
  '{ $.a = "x" && $.b = "y" }',
  '{ ($.a = "x") && (($.b = "y") || ($.c = "z")) }',
])('%s is not known here', (pattern) => {
  expect(() => parsePattern(pattern)).toThrow('known here');
});

function templateOf(filter: Readonly<Record<string, unknown>>): StackTemplate {
  const Properties = { FilterPattern: '{ $.outcome = "*" }', LogGroupName: { Ref: 'Logs' }, ...filter };
  return { ofType: () => [['Filter', { Type: '', Properties }]] } as unknown as StackTemplate;
}

const transformation = { MetricNamespace: 'Inlet/dev', MetricName: 'ms', MetricValue: '$.ms' };
const lines = ['{"outcome":"dead","ms":3}', '{"message":"other"}'];

test('a filter takes a number and dimensions from the lines of its own log group', () => {
  const Dimensions = [{ Key: 'what', Value: '$.outcome' }];
  const template = templateOf({ MetricTransformations: [{ ...transformation, Dimensions }] });
  expect(dataPoints(template, { Logs: lines, Others: lines })).toEqual([
    { namespace: 'Inlet/dev', name: 'ms', dimensions: { what: 'dead' }, value: 3 },
  ]);
});

test('a default is given for lines of which none matches, for no lines at all it is not', () => {
  const counted = [{ ...transformation, MetricValue: '1', DefaultValue: 0 }];
  const template = templateOf({ FilterPattern: '{ $.outcome = "failed" }', MetricTransformations: counted });
  const point = { namespace: 'Inlet/dev', name: 'ms', dimensions: {}, value: 0 };
  expect(dataPoints(template, { Logs: lines })).toEqual([point]);
  expect(dataPoints(template, { Logs: ['{"outcome":"failed"}'] })).toEqual([{ ...point, value: 1 }]);
  expect(dataPoints(template, { Logs: [] })).toEqual([]);
  const Dimensions = [{ Key: 'what', Value: '$.outcome' }];
  const refused = templateOf({
    FilterPattern: '{ $.outcome = "failed" }',
    MetricTransformations: [{ ...transformation, DefaultValue: 0, Dimensions }],
  });
  expect(() => dataPoints(refused, { Logs: lines })).toThrow('a metric with dimensions has no default');
});

test('one that lets a line through without what it takes, or reads what nobody writes, is an error', () => {
  const Dimensions = [{ Key: 'source', Value: '$.source' }];
  const unguarded = templateOf({ MetricTransformations: [{ ...transformation, Dimensions }] });
  expect(() => dataPoints(unguarded, { Logs: lines })).toThrow('a line matches that has no source');
  const numberless = templateOf({ MetricTransformations: [{ ...transformation, MetricValue: '$.age' }] });
  expect(() => dataPoints(numberless, { Logs: lines })).toThrow('a line matches that has no $.age');
  expect(() => dataPoints(unguarded, {})).toThrow('nobody writes to Logs');
});
