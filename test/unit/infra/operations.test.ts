/** What the person on call finds: alarms with their headings, a topic that they ring on, a dashboard. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { InletConfig } from '../../../functions/config/config.ts';
import { FRESH_COPY_AT } from '../../../functions/core/fate.ts';
import defaultConfig from '../../fixtures/inlet.config.ts';
import { at, type StackTemplate, synthesize } from '../../helpers/template.ts';
import { calculate } from '../../proof/deployed/metric-math.ts';

const runbook = readFileSync(join(import.meta.dirname, '../../../docs/runbook.md'), 'utf8');
let template: StackTemplate;
beforeAll(() => {
  template = synthesize({ ...defaultConfig, alarmEmail: 'on-call@example.com' });
});
const alarms = () => template.ofType('AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
/** Of several alarms of one name: `Throttles-gateway` beside `Throttles-ingest`. */
const ids = () => alarms().map(({ AlarmName }) => String(AlarmName).replace('Inlet-dev-', ''));
const names = () => [...new Set(ids().map((id) => id.replace(/-.*/, '')))];

test('every alarm has its heading in the runbook, and every heading its alarm', () => {
  const [, section = ''] = runbook.split(/^## Alarms$/m);
  const [alarmsOnly = ''] = section.split(/^## /m);
  const headings = [...alarmsOnly.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading);
  const edge = ['EdgeErrors', 'FirewallBlocks'];
  expect(headings.sort()).toEqual([...names(), ...edge].sort());
  for (const part of alarmsOnly.split(/^### /m).slice(1))
    for (const question of ['**Means.**', '**Look.**', '**Do.**']) expect(part).toContain(question);
});

test('every alarm rings on the topic, and is silent without webhooks', () => {
  for (const alarm of alarms()) {
    expect(alarm.AlarmActions).toEqual([{ Ref: 'AlarmTopic' }]);
    expect(alarm.TreatMissingData).toBe('notBreaching');
    expect(alarm.AlarmDescription).toContain('docs/runbook.md');
  }
});

test('CloudWatch may publish to the topic, over TLS only, and the address is subscribed', () => {
  const [[, policy] = []] = template.ofType('AWS::SNS::TopicPolicy');
  const statements = at(policy, 'Properties.PolicyDocument.Statement') as { Effect: string }[];
  expect(statements).toContainEqual(
    expect.objectContaining({ Effect: 'Allow', Principal: { Service: 'cloudwatch.amazonaws.com' } }),
  );
  expect(statements).toContainEqual(expect.objectContaining({ Effect: 'Deny' }));
  const [[, subscription] = []] = template.ofType('AWS::SNS::Subscription');
  expect(subscription?.Properties).toMatchObject({ Protocol: 'email', Endpoint: 'on-call@example.com' });
});

test('metrics of alarms and dashboard are ones that the log lines carry', () => {
  const dimensions = [...template.text.matchAll(/"Name":"outcome","Value":"(\w+)"/g)].map(
    ([, value]) => value,
  );
  const written = [
    'accepted',
    'duplicate',
    'rejected',
    'unavailable',
    'applied',
    'stale',
    'quarantined',
    'dead',
    'failed',
    'error',
  ];
  for (const outcome of dimensions) expect(written).toContain(outcome);
  const [[, dashboard] = []] = template.ofType('AWS::CloudWatch::Dashboard');
  const body = JSON.stringify(dashboard?.Properties.DashboardBody);
  for (const outcome of written.slice(0, 8)) expect(body).toContain(outcome);
});

interface AlarmMetric {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: {
    readonly Metric: {
      readonly Namespace: string;
      readonly MetricName: string;
      readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
    };
    readonly Stat: string;
  };
}

/** What an alarm calculates with, by the ids of its expression: `AWS/SQS ApproximateAgeOfOldestMessage Maximum`. */
function calculation(name: string, of = template) {
  const alarm = of
    .ofType('AWS::CloudWatch::Alarm')
    .map(([, { Properties }]) => Properties)
    .find(({ AlarmName }) => AlarmName === `Inlet-dev-${name}`);
  const metrics = alarm?.Metrics as readonly AlarmMetric[];
  const inputs = metrics.flatMap(({ Id, MetricStat }) => {
    if (!MetricStat) return [];
    const { Namespace, MetricName, Dimensions = [] } = MetricStat.Metric;
    const texts = Dimensions.flatMap(({ Value }) => (typeof Value === 'string' ? Value : []));
    return [[Id, [Namespace, MetricName, ...texts, MetricStat.Stat].join(' ')]];
  });
  const expression = metrics.find(({ Expression }) => Expression !== undefined)?.Expression ?? '';
  return { inputs: Object.fromEntries(inputs) as Record<string, string>, expression };
}

test('what may have no data of its own is looked at by an alarm of its own', () => {
  const partsOf = (name: string) =>
    ids()
      .filter((id) => id.startsWith(`${name}-`))
      .map((id) => id.replace(`${name}-`, ''));
  expect(partsOf('DeadLetterQueue')).toEqual(['visible', 'hidden']);
  expect(partsOf('Throttles')).toEqual(['ingest', 'worker', 'dead-letters', 'gateway']);
  expect(partsOf('FunctionErrors')).toEqual(['ingest', 'worker', 'dead-letters']);
  const calculating = alarms().filter(({ Metrics }) => JSON.stringify(Metrics ?? []).includes('Expression'));
  expect(calculating.map(({ AlarmName }) => AlarmName)).toEqual(['Inlet-dev-Rejections']);
});

test('docs/scaling.md counts the alarms and the metrics that they look at', () => {
  const metrics = alarms().flatMap(({ MetricName, Metrics = [] }) =>
    MetricName ? [MetricName] : (Metrics as AlarmMetric[]).filter(({ MetricStat }) => MetricStat),
  );
  const scaling = readFileSync(join(import.meta.dirname, '../../../docs/scaling.md'), 'utf8');
  expect(scaling).toContain(`${metrics.length} in ${alarms().length} alarms`);
  expect(scaling).toContain(`$${(metrics.length * 0.1).toFixed(2)}; ten are free`);
});

test('EventAge rings when an event of any source has come back for longer than all its attempts may take', () => {
  const eventAge = (of: StackTemplate) =>
    of
      .ofType('AWS::CloudWatch::Alarm')
      .map(([, { Properties }]) => Properties)
      .find(({ AlarmName }) => AlarmName === 'Inlet-dev-EventAge');
  expect(eventAge(template)).toMatchObject({
    Namespace: 'Inlet/dev',
    MetricName: 'waited',
    Statistic: 'Maximum',
    Threshold: 1_800_000,
    EvaluationPeriods: 1,
  });
  expect(eventAge(template)).not.toHaveProperty('Dimensions');
  const slow = { ...defaultConfig.sources.chargify, provider: 'chargify', timeoutSeconds: 850 };
  const sources = { ...defaultConfig.sources, chargify: slow };
  expect(eventAge(synthesize({ ...defaultConfig, sources }))?.Threshold).toBe(9_311_000);
});

describe('a worker that is broken at its start', () => {
  /** Seconds after which SQS gives up what it never gets through. */
  const givenUpAfter = (of: StackTemplate) => {
    const [[, inbox] = []] = of.ofType('AWS::SQS::Queue').filter(([id]) => id === 'InboxQueue');
    const { VisibilityTimeout, RedrivePolicy } = inbox?.Properties ?? {};
    return {
      receives: Number(at(RedrivePolicy, 'maxReceiveCount')),
      visibility: Number(VisibilityTimeout),
    };
  };
  const slow = { ...defaultConfig.sources.chargify, provider: 'chargify', timeoutSeconds: 850 };
  const slowest = { ...defaultConfig, sources: { ...defaultConfig.sources, chargify: slow } };

  test('leads to dead events after as long as the runbook says', () => {
    const section = runbook.split('\n### ').find((one) => one.startsWith('FunctionErrors\n')) ?? '';
    const { receives, visibility } = givenUpAfter(template);
    const time = (seconds: number) => `${Math.floor(seconds / 3_600)} h ${(seconds % 3_600) / 60} min`;
    expect(section).toContain(`${receives} receives, ${visibility} s apart: ${time(receives * visibility)}`);
    const left = receives - FRESH_COPY_AT;
    expect(section).toContain(`${left} receives left: ${time(left * visibility)}`);
    const other = givenUpAfter(synthesize(slowest));
    expect(section).toContain(`${(other.receives * other.visibility) / 3_600} hours`);
  });

  test('rings FunctionErrors and InboxAge long before', () => {
    const { receives, visibility } = givenUpAfter(template);
    for (const name of ['FunctionErrors-worker', 'InboxAge']) {
      const alarm = alarms().find(({ AlarmName }) => AlarmName === `Inlet-dev-${name}`);
      const periods = Number(alarm?.EvaluationPeriods) * Number(alarm?.Period);
      const waits = alarm?.MetricName === 'ApproximateAgeOfOldestMessage' ? Number(alarm.Threshold) : 0;
      expect([name, periods + waits]).toEqual([name, name === 'InboxAge' ? 900 : 300]);
      expect(periods + waits).toBeLessThan((receives * visibility) / 20);
    }
  });
});

describe('Rejections', () => {
  const economy: InletConfig = { ...defaultConfig, economy: true };

  test('compares with what the economy mode measures as well', () => {
    const usual = calculation('Rejections');
    expect(usual.inputs).toEqual({
      requests: 'AWS/Lambda Invocations Sum',
      rejections: 'Inlet/dev rejections Sum',
      misdirected: 'Inlet/dev misdirected Sum',
    });
    expect(calculation('Rejections', synthesize(economy))).toEqual(usual);
  });

  test.each([
    ['a few', { requests: 20, rejections: 20, misdirected: 0 }, 0],
    ['a few of many', { requests: 1000, rejections: 25, misdirected: 0 }, 2.5],
    ['a wrong secret', { requests: 100, rejections: 50, misdirected: 0 }, 50],
    ['somebody who tries paths', { requests: 600, rejections: 500, misdirected: 500 }, 0],
    ['a wrong secret behind many paths', { requests: 6100, rejections: 6050, misdirected: 6000 }, 50],
  ])('%s', (_, data, percent) => {
    expect(calculate(calculation('Rejections').expression, data)).toBe(percent);
  });
});

test('ServerErrors and IngestLatency know nothing of the console, which shares the gateway', () => {
  const errors = alarms().find(({ AlarmName }) => AlarmName === 'Inlet-dev-ServerErrors');
  expect(errors).toMatchObject({ Namespace: 'Inlet/dev', MetricName: 'serverErrors', Statistic: 'Sum' });
  expect(Object.values(calculation('IngestLatency').inputs)).toEqual(['AWS/Lambda Duration p99']);
  expect(template.text).not.toContain('AWS/ApiGateway');
});

describe('the dashboard', () => {
  const body = (of: StackTemplate) => {
    const [[, dashboard] = []] = of.ofType('AWS::CloudWatch::Dashboard');
    const parts = at(dashboard, 'Properties.DashboardBody.Fn::Join.1') as readonly unknown[];
    return parts.map((part) => (typeof part === 'string' ? part : 'x')).join('');
  };

  test('shows what waits and is not visible', () => {
    const { widgets } = JSON.parse(body(template)) as {
      widgets: { properties: { title?: string; metrics?: unknown } }[];
    };
    const waiting = widgets.find(({ properties }) => properties.title?.startsWith('Waiting events'));
    for (const state of ['Visible', 'NotVisible', 'Delayed'])
      expect(JSON.stringify(waiting?.properties.metrics)).toContain(`"ApproximateNumberOfMessages${state}"`);
  });

  test('searches for a namespace in quotes, as one with a hyphen has to be', () => {
    const searches = [...body(synthesize(defaultConfig, 'prod-eu')).matchAll(/SEARCH\('\{(.+?)\}/g)];
    expect(searches.map(([, schema]) => schema)).toEqual(
      Array(2).fill(String.raw`\"Inlet/prod-eu\",outcome,source`),
    );
  });

  test('has the region in its name: dashboards are global in an account', () => {
    const [[, dashboard] = []] = template.ofType('AWS::CloudWatch::Dashboard');
    expect(dashboard?.Properties.DashboardName).toEqual({
      'Fn::Join': ['', ['Inlet-dev-', { Ref: 'AWS::Region' }]],
    });
  });
});
