/** Faults of structure to plant in a template, each with the rules that find it. */
import type { Template } from './finding.ts';
import { add, inner, type Plant, set, some, the } from './plant.ts';

const inbox = (template: Template) => the(template, 'AWS::SQS::Queue', 'InboxQueue');
const ingest = (template: Template) => the(template, 'AWS::Lambda::Function', 'Ingest');
const statement = (template: Template) =>
  inner(the(template, 'AWS::IAM::Policy', 'Ingest'), 'PolicyDocument', 'Statement', 0);
const dependOn = ({ Resources }: Template, id: string, DependsOn: string) =>
  set(Resources[id], { DependsOn });
const output = ({ Outputs }: Template, Value: unknown) => set(Outputs, { Planted: { Value } });

// biome-ignore format: a table, one fault a line.
export const structuralFaults: readonly [fault: string, rules: readonly string[], plant: Plant][] = [
  ['an unknown type', ['F3006', 'unknown-type'], (t) => add(t, 'AWS::SQS::Quue', 1)],
  ['an unknown property', ['F3002', 'unknown-property'], (t) => set(inbox(t), { Colour: 'red' })],
  ['an unknown property of a key', ['unknown-property'], (t) => set(inner(the(t, 'AWS::DynamoDB::Table'), 'KeySchema', 0), { Colour: 'red' })],
  ['an unknown setting of a route', ['unknown-property'], (t) => set(inner(the(t, 'AWS::ApiGatewayV2::Stage'), 'RouteSettings', 'GET /console'), { Colour: 'red' })],
  ['a wrong setting of a route', ['wrong-type'], (t) => set(inner(the(t, 'AWS::ApiGatewayV2::Stage'), 'RouteSettings', 'GET /console'), { ThrottlingRateLimit: 'slow' })],
  ['text for a number', ['F3012', 'wrong-type'], (t) => set(inbox(t), { VisibilityTimeout: 'soon' })],
  ['a number for text', ['W9003', 'wrong-type'], (t) => set(inbox(t), { QueueName: 5 })],
  ['an object for a list', ['F3012', 'wrong-type'], (t) => set(the(t, 'AWS::Logs::QueryDefinition'), { LogGroupNames: {} })],
  ['no code', ['F3003', 'missing'], (t) => set(ingest(t), { Code: undefined })],
  ['no type of a key', ['missing'], (t) => set(inner(the(t, 'AWS::DynamoDB::Table'), 'KeySchema', 0), { KeyType: undefined })],
  ['a name that no function can have', ['F3031'], (t) => set(ingest(t), { FunctionName: 'a b' })],
  ['a variable that no function can have', ['F3002'], (t) => set(inner(ingest(t), 'Environment', 'Variables'), { 'a-b': 'x' })],
  ['days that no log is kept for', ['W3030'], (t) => set(the(t, 'AWS::Logs::LogGroup'), { RetentionInDays: 31 })],
  ['an effect that no policy can have', ['E3510'], (t) => set(statement(t), { Effect: 'Maybe' })],

  ['an attribute that a type does not have', ['E9004'], (t) => set(statement(t), { Resource: { 'Fn::GetAtt': ['InboxQueue', 'Colour'] } })],
  ['such an attribute in a text', ['E9004'], (t) => set(the(t, 'AWS::CloudWatch::Dashboard'), { DashboardBody: { 'Fn::Join': ['', ['{"widgets":[],"x":"', { 'Fn::GetAtt': ['InboxQueue', 'Colour'] }, '"}']] } })],
  ['such an attribute in an output', ['F6101'], (t) => output(t, { 'Fn::GetAtt': ['InboxQueue', 'Colour'] })],
  ['a reference to nothing', ['F1020'], (t) => set(statement(t), { Resource: { Ref: 'Nobody' } })],
  ['such a reference in an output', ['F6101'], (t) => output(t, { 'Fn::Sub': 'for $' + '{Nobody}' })],
  ['a dependency on nothing', ['E3005'], (t) => dependOn(t, 'InboxQueue', 'Nobody')],
  ['a circle', ['F3004'], (t) => { dependOn(t, 'InboxQueue', 'LedgerTable'); dependOn(t, 'LedgerTable', 'InboxQueue'); }],
  ['a circle through a reference', ['F3004'], (t) => { set(inbox(t), { QueueName: { Ref: 'LedgerTable' } }); dependOn(t, 'LedgerTable', 'InboxQueue'); }],
  ['the ARN of a queue for a role', ['wrong-reference'], (t) => set(ingest(t), { Role: { 'Fn::GetAtt': ['InboxQueue', 'Arn'] } })],
  ['the URL of a queue for its ARN', ['wrong-reference'], (t) => set(the(t, 'AWS::Lambda::EventSourceMapping'), { EventSourceArn: { Ref: 'InboxQueue' } })],

  // What the engine knows of limits.
  ['201 outputs', ['F0004'], (t) => set(t, { Outputs: Object.fromEntries(some(201, (n) => [`Planted${n}`, { Value: 'x' }])) })],
  ['501 resources', ['F0007'], (t) => add(t, 'AWS::SNS::Topic', 501)],
  ['an output with a hyphen in its name', ['F6004'], (t) => set(t.Outputs, { 'a-b': { Value: 'x' } })],
  ['an output with a name of 256 characters', ['F6011'], (t) => set(t.Outputs, { ['a'.repeat(256)]: { Value: 'x' } })],
  ['a template’s description of 1,025 characters', ['F0011'], (t) => set(t, { Description: 'a'.repeat(1025) })],
  ['a function’s description of 257', ['F3033'], (t) => set(ingest(t), { Description: 'a'.repeat(257) })],
  ['an alarm’s name of 256', ['F3033'], (t) => set(the(t, 'AWS::CloudWatch::Alarm'), { AlarmName: 'a'.repeat(256) })],
  ['an alarm’s description of 1,025', ['F3033'], (t) => set(the(t, 'AWS::CloudWatch::Alarm'), { AlarmDescription: 'a'.repeat(1025) })],
  ['901 seconds of a function', ['E3505', 'E3717'], (t) => set(the(t, 'AWS::Lambda::Function', 'Worker'), { Timeout: 901 })],
  ['64 MB of a function', ['F3034'], (t) => set(ingest(t), { MemorySize: 64 })],
  ['messages hidden for more than 12 hours', ['F3034'], (t) => set(inbox(t), { VisibilityTimeout: 43_201 })],
  ['messages hidden for less than the function’s time', ['E3505'], (t) => set(inbox(t), { VisibilityTimeout: 10 })],
  ['messages kept for more than 14 days', ['F3034'], (t) => set(inbox(t), { MessageRetentionPeriod: 1_209_601 })],
  ['messages of more than 1 MiB', ['F3034'], (t) => set(inbox(t), { MaximumMessageSize: 1_048_577 })],
  ['an event source with a concurrency of 1', ['F3034'], (t) => set(the(t, 'AWS::Lambda::EventSourceMapping'), { ScalingConfig: { MaximumConcurrency: 1 } })],
  ['four dimensions of a metric', ['F3032'], (t) => set(inner(the(t, 'AWS::Logs::MetricFilter'), 'MetricTransformations', 0), { Dimensions: [1, 2, 3, 4].map((n) => ({ Key: `d${n}`, Value: '$.x' })) })],
];
