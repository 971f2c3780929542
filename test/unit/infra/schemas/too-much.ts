/** One more than each limit takes, to plant in a template. */
import type { Template } from './finding.ts';
import { add, inner, type Plant, set, some, the } from './plant.ts';

const text = (length: number) => 'x'.repeat(length);

/** So many copies of a resource. */
const copies = (template: Template, type: string, count: number) =>
  add(template, type, count, the(template, type));

/** So many policies for ingest's role, each with so many resources of some 50 characters. */
function policies(template: Template, type: string, count: number, size: number): void {
  const { Roles } = the(template, 'AWS::IAM::Policy', 'Ingest');
  const Resource = some(size, (n) => `arn:aws:sqs:us-east-1:123456789012:queue-${1000 + n}`);
  const PolicyDocument = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource }],
  };
  add(template, type, count, {
    Roles,
    PolicyDocument,
    ...(type === 'AWS::IAM::Policy' && { PolicyName: 'planted' }),
  });
}

const ingest = (template: Template) => the(template, 'AWS::Lambda::Function', 'Ingest');
const filter = (template: Template) =>
  inner(the(template, 'AWS::Logs::MetricFilter'), 'MetricTransformations', 0);
const front = (template: Template) =>
  inner(the(template, 'AWS::CloudFront::Distribution'), 'DistributionConfig');
const acl = (template: Template) => the(template, 'AWS::WAFv2::WebACL');
const match = (template: Template) =>
  inner(acl(template), 'Rules', 0, 'Statement', 'AndStatement', 'Statements', 0, 'RegexMatchStatement');
const show = (template: Template, widgets: readonly object[]) =>
  set(the(template, 'AWS::CloudWatch::Dashboard'), { DashboardBody: JSON.stringify({ widgets }) });
const widget = (count: number) => ({
  type: 'metric',
  properties: { metrics: some(count, (n) => ['Inlet', `m${n}`]) },
});
const document = (length: number) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Principal: '*', Action: 'sqs:*', Resource: '*', Sid: text(length) }],
});

// biome-ignore format: a table, one limit a line.
export const tooMuch: readonly [limit: string, plant: Plant][] = [
  ['template bytes', (t) => set(t, { Metadata: { Planted: text(1_000_000) } })],
  ['characters of a logical id', (t) => set(t.Resources, { [text(256)]: { Type: 'AWS::SNS::Topic', Properties: {} } })],
  ['characters of an output’s description', (t) => set(t.Outputs, { Planted: { Value: 'x', Description: text(1025) } })],
  ['tags of a resource', (t) => set(the(t, 'AWS::SQS::Queue'), { Tags: some(51, (n) => ({ Key: `k${n}`, Value: 'v' })) })],

  ['characters of a role’s inline policies', (t) => policies(t, 'AWS::IAM::Policy', 3, 70)],
  ['characters of a managed policy', (t) => policies(t, 'AWS::IAM::ManagedPolicy', 1, 130)],
  ['managed policies of a role', (t) => policies(t, 'AWS::IAM::ManagedPolicy', 11, 1)],
  ['characters of a trust policy', (t) => set(inner(the(t, 'AWS::IAM::Role'), 'AssumeRolePolicyDocument', 'Statement', 0), { Sid: text(2048) })],

  ['bytes of a function’s environment', (t) => set(inner(ingest(t), 'Environment', 'Variables'), { PLANTED: text(4096) })],
  ['MB of a function’s memory', (t) => set(ingest(t), { MemorySize: 10_241 })],
  ['layers of a function', (t) => set(ingest(t), { Layers: some(6, (n) => `arn:aws:lambda:us-east-1:123456789012:layer:planted:${n}`) })],
  ['bytes of a function’s resource policy', (t) => copies(t, 'AWS::Lambda::Permission', 40)],
  ['messages of a batch that is not waited for', (t) => set(the(t, 'AWS::Lambda::EventSourceMapping'), { BatchSize: 11 })],

  ['bytes of a queue’s policy', (t) => set(the(t, 'AWS::SQS::QueuePolicy'), { PolicyDocument: document(8192) })],
  ['statements of a queue’s policy', (t) => set(inner(the(t, 'AWS::SQS::QueuePolicy'), 'PolicyDocument'), { Statement: some(21, (n) => ({ ...document(1).Statement[0], Sid: `s${n}` })) })],
  ['receives before a message is given up', (t) => set(inner(the(t, 'AWS::SQS::Queue', 'InboxQueue'), 'RedrivePolicy'), { maxReceiveCount: 1001 })],
  ['bytes of a topic’s policy', (t) => set(the(t, 'AWS::SNS::TopicPolicy'), { PolicyDocument: document(30_720) })],
  ['bytes of a bucket’s policy', (t) => set(the(t, 'AWS::S3::BucketPolicy'), { PolicyDocument: document(20_480) })],

  ['metric filters of a log group', (t) => copies(t, 'AWS::Logs::MetricFilter', 101)],
  ['default values of a metric with dimensions', (t) => set(filter(t), { DefaultValue: 0 })],
  ['bytes of a policy for log groups', (t) => add(t, 'AWS::Logs::ResourcePolicy', 1, { PolicyName: 'planted', PolicyDocument: JSON.stringify(document(5_120)) })],
  ['characters of a saved query', (t) => set(the(t, 'AWS::Logs::QueryDefinition'), { QueryString: text(10_001) })],
  ['log groups of a saved query', (t) => set(the(t, 'AWS::Logs::QueryDefinition'), { LogGroupNames: some(51, (n) => `group-${n}`) })],

  ['metrics of an alarm', (t) => set(the(t, 'AWS::CloudWatch::Alarm', 'Throttles'), { Metrics: some(11, (n) => ({ Id: `m${n}`, MetricStat: { Metric: { MetricName: 'm', Namespace: 'n' }, Period: 300, Stat: 'Sum' } })) })],
  ['actions of an alarm', (t) => set(the(t, 'AWS::CloudWatch::Alarm'), { AlarmActions: some(6, (n) => `arn:aws:sns:us-east-1:123456789012:planted-${n}`) })],
  ['widgets of a dashboard', (t) => show(t, some(501, () => widget(0)))],
  ['columns of a dashboard', (t) => show(t, [{ ...widget(1), x: 13, width: 12 }])],
  ['metrics of a widget', (t) => show(t, [widget(501)])],
  ['metrics of a dashboard', (t) => show(t, some(6, () => widget(450)))],

  ['routes of an API', (t) => copies(t, 'AWS::ApiGatewayV2::Route', 301)],
  ['integrations of an API', (t) => copies(t, 'AWS::ApiGatewayV2::Integration', 301)],
  ['bytes of an access log’s format', (t) => set(inner(the(t, 'AWS::ApiGatewayV2::Stage'), 'AccessLogSettings'), { Format: text(3_073) })],
  ['settings of routes that do not exist', (t) => set(inner(the(t, 'AWS::ApiGatewayV2::Stage'), 'RouteSettings'), { 'GET /nothing': {} })],

  ['capacity units of a web ACL', (t) => set(match(t), { TextTransformations: some(500, (n) => ({ Priority: n, Type: 'NONE' })) })],
  ['characters that WAF looks for', (t) => set(match(t), { RegexString: text(201) })],
  ['IP sets of an account and region', (t) => copies(t, 'AWS::WAFv2::IPSet', 101)],
  ['addresses of an IP set', (t) => set(the(t, 'AWS::WAFv2::IPSet'), { Addresses: some(10_001, (n) => `192.0.${n >> 8}.${n & 255}/32`) })],
  ['host names of a distribution', (t) => set(front(t), { Aliases: some(101, (n) => `h${n}.example.com`) })],
  ['headers that a distribution adds', (t) => set(inner(front(t), 'Origins', 0), { OriginCustomHeaders: some(31, (n) => ({ HeaderName: `x-${n}`, HeaderValue: 'v' })) })],

  ['reserved words in a login domain', (t) => set(the(t, 'AWS::Cognito::UserPoolDomain'), { Domain: 'inlet-on-aws' })],
  ['characters of a login domain', (t) => set(the(t, 'AWS::Cognito::UserPoolDomain'), { Domain: { 'Fn::Join': ['', [text(52), { Ref: 'AWS::AccountId' }]] } })],
];
