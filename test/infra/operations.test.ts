/** What the person on call finds: alarms with their headings, a topic that they ring on, a dashboard. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import defaultConfig from '../../inlet.config.ts';
import { at, type StackTemplate, synthesize } from '../helpers/template.ts';

const runbook = readFileSync(join(import.meta.dirname, '../../docs/runbook.md'), 'utf8');
let template: StackTemplate;
beforeAll(() => {
  template = synthesize({ ...defaultConfig, alarmEmail: 'on-call@example.com' });
});
const alarms = () => template.ofType('AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
const names = () => alarms().map(({ AlarmName }) => String(AlarmName).replace('Inlet-dev-', ''));

test('every alarm has its heading in the runbook, and every heading its alarm', () => {
  const [, section = ''] = runbook.split(/^## Alarms$/m);
  const [alarmsOnly = ''] = section.split(/^## /m);
  const headings = [...alarmsOnly.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading);
  expect(headings.sort()).toEqual(names().sort());
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
