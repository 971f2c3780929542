/** The rules by which the stand-in evaluates alarms, as CloudWatch documents them. */
import { expect, test } from '@jest/globals';
import { AlarmStandIn } from './alarm.ts';
import { MetricStore } from './metric-store.ts';

const MINUTE = 60_000;
const metric = { namespace: 'test', name: 'count', dimensions: {} };

const rule = (periods: number) => ({
  AlarmName: 'test',
  Namespace: 'test',
  MetricName: 'count',
  Statistic: 'Sum',
  Period: 300,
  Threshold: 5,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  TreatMissingData: 'notBreaching',
  EvaluationPeriods: periods,
  DatapointsToAlarm: periods,
});

/** The minutes at which an alarm changes. */
function changes(periods: number, values: Readonly<Record<number, number>>): readonly string[] {
  const metrics = new MetricStore();
  for (const [minute, value] of Object.entries(values)) metrics.add(metric, Number(minute) * MINUTE, value);
  const alarm = new AlarmStandIn(rule(periods));
  for (let minute = 1; minute <= 60; minute++) alarm.evaluate(metrics, minute * MINUTE);
  return alarm.history.map(({ at, summary }) => `${at / MINUTE} ${summary.split(' ').at(-1)}`);
}

test('windows end at any minute, and a lonely data point is looked at for longer than its period', () => {
  expect(changes(1, { 9.5: 5 })).toEqual(['1 OK', '10 ALARM', '25 OK']);
});

test('values of one window add up, those of two do not', () => {
  // What is left of it in a window is less; then an older window is the newest that has anything.
  expect(changes(1, { 9.5: 2, 12.5: 3 }).slice(0, 4)).toEqual(['1 OK', '13 ALARM', '15 OK', '18 ALARM']);
  expect(changes(1, { 9.5: 2, 14.5: 3 })).toEqual(['1 OK']);
});

test('two periods need two', () => {
  expect(changes(2, { 9.5: 9 })).toEqual(['1 OK']);
  expect(changes(2, { 9.5: 9, 14.5: 9 })).toEqual(['1 OK', '15 ALARM', '30 OK']);
});

test('where data goes on, the newest counts', () => {
  const quiet = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [n + 15.5, 0]));
  expect(changes(1, { 9.5: 5, ...quiet })).toEqual(['1 OK', '10 ALARM', '16 OK']);
});
