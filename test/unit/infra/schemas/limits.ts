/**
 * What AWS refuses for its size or number, where neither the schemas nor the engine know it. They do know what a single
 * property may be (names, descriptions, times, sizes of messages, concurrency) and how many resources, outputs,
 * parameters and mappings a template may have; faults.test.ts shows it.
 *
 * Counted is the resolved template. Where the documentation leaves open how something is counted, here it counts for
 * more.
 */
import { metrics, widgets, width } from './dashboard.ts';
import type { Finding, Template } from './finding.ts';
import { bytes, characters, each, list, type Measure, perOwner, resources, whole } from './measure.ts';
import { resolved } from './resolve.ts';
import { capacity, searchStrings } from './waf.ts';

export interface Limit {
  readonly name: string;
  readonly most: number;
  readonly measure: Measure;
  /** Where AWS says so. */
  readonly source: string;
}

const AWS = 'https://docs.aws.amazon.com';
const CLOUDFORMATION = `${AWS}/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html`;
const IAM = `${AWS}/IAM/latest/UserGuide/reference_iam-quotas.html`;
const LAMBDA = `${AWS}/lambda/latest/dg/gettingstarted-limits.html`;
const EVENT_SOURCE = `${AWS}/lambda/latest/dg/services-sqs-configure.html`;
const SQS = `${AWS}/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html`;
const REDRIVE = `${AWS}/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html`;
const SNS = `${AWS}/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html`;
const S3 = `${AWS}/general/latest/gr/s3.html`;
const TAGS = `${AWS}/tag-editor/latest/userguide/tagging.html`;
const METRIC_FILTER = `${AWS}/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html`;
const TRANSFORMATION = `${AWS}/AmazonCloudWatchLogs/latest/APIReference/API_MetricTransformation.html`;
const LOGS = `${AWS}/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html`;
const CLOUDWATCH = `${AWS}/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html`;
const DASHBOARD = `${AWS}/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html`;
const HTTP_API = `${AWS}/apigateway/latest/developerguide/http-api-quotas.html`;
const WAF = `${AWS}/waf/latest/developerguide/limits.html`;
const CLOUDFRONT = `${AWS}/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html`;
const COGNITO = `${AWS}/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html`;

const functions = (value: Parameters<typeof each>[1]) => each('AWS::Lambda::Function', value);
const dashboards = (value: Parameters<typeof each>[1]) => each('AWS::CloudWatch::Dashboard', value);
const policyOf = (type: string) => each(type, ({ PolicyDocument }) => bytes(PolicyDocument));
const perApi = (type: string) => perOwner(type, ({ ApiId }) => ApiId);

// biome-ignore format: a table, one limit a line.
export const limits: readonly Limit[] = [
  // As CDK writes it, and from S3: without it the most is 51,200.
  { name: 'template bytes', most: 1_000_000, measure: whole((template) => bytes(JSON.stringify(template, null, 1))), source: CLOUDFORMATION },
  { name: 'characters of a logical id', most: 255, measure: ({ Resources }) => Object.keys(Resources).map((id) => [id, id.length]), source: CLOUDFORMATION },
  { name: 'characters of an output’s description', most: 1_024, measure: ({ Outputs }) => Object.entries(Outputs).map(([id, { Description = '' }]) => [id, Description.length]), source: CLOUDFORMATION },
  { name: 'tags of a resource', most: 50, measure: ({ Resources }) => Object.entries(Resources).map(([id, { Properties }]) => [id, list(Properties, 'Tags').length]), source: TAGS },

  { name: 'characters of a role’s inline policies', most: 10_240, measure: perOwner('AWS::IAM::Policy', ({ Roles }) => Roles, ({ PolicyDocument }) => characters(PolicyDocument)), source: IAM },
  { name: 'characters of a managed policy', most: 6_144, measure: each('AWS::IAM::ManagedPolicy', ({ PolicyDocument }) => characters(PolicyDocument)), source: IAM },
  { name: 'managed policies of a role', most: 10, measure: perOwner('AWS::IAM::ManagedPolicy', ({ Roles = [] }) => Roles), source: IAM },
  { name: 'characters of a trust policy', most: 2_048, measure: each('AWS::IAM::Role', ({ AssumeRolePolicyDocument }) => characters(AssumeRolePolicyDocument)), source: IAM },

  { name: 'bytes of a function’s environment', most: 4_096, measure: functions(({ Environment }) => bytes((Environment as { Variables?: unknown })?.Variables)), source: LAMBDA },
  { name: 'MB of a function’s memory', most: 10_240, measure: functions(({ MemorySize }) => Number(MemorySize)), source: LAMBDA },
  { name: 'layers of a function', most: 5, measure: functions((properties) => list(properties, 'Layers').length), source: LAMBDA },
  // Lambda makes a statement of each permission, with an id and the function's ARN.
  { name: 'bytes of a function’s resource policy', most: 20_480, measure: perOwner('AWS::Lambda::Permission', ({ FunctionName }) => FunctionName, (permission) => bytes(permission) + 200), source: LAMBDA },
  { name: 'messages of a batch that is not waited for', most: 10, measure: each('AWS::Lambda::EventSourceMapping', ({ BatchSize, MaximumBatchingWindowInSeconds }) => (MaximumBatchingWindowInSeconds ? 0 : Number(BatchSize))), source: EVENT_SOURCE },

  { name: 'bytes of a queue’s policy', most: 8_192, measure: policyOf('AWS::SQS::QueuePolicy'), source: SQS },
  { name: 'statements of a queue’s policy', most: 20, measure: each('AWS::SQS::QueuePolicy', (policy) => list(policy, 'PolicyDocument.Statement').length), source: SQS },
  { name: 'receives before a message is given up', most: 1_000, measure: each('AWS::SQS::Queue', ({ RedrivePolicy }) => (RedrivePolicy as { maxReceiveCount: number })?.maxReceiveCount ?? 0), source: REDRIVE },
  { name: 'bytes of a topic’s policy', most: 30_720, measure: policyOf('AWS::SNS::TopicPolicy'), source: SNS },
  { name: 'bytes of a bucket’s policy', most: 20_480, measure: policyOf('AWS::S3::BucketPolicy'), source: S3 },

  { name: 'metric filters of a log group', most: 100, measure: perOwner('AWS::Logs::MetricFilter', ({ LogGroupName }) => LogGroupName), source: METRIC_FILTER },
  { name: 'default values of a metric with dimensions', most: 0, measure: each('AWS::Logs::MetricFilter', (filter) => list(filter, 'MetricTransformations').filter((it) => Object.hasOwn(it as object, 'Dimensions') && Object.hasOwn(it as object, 'DefaultValue')).length), source: TRANSFORMATION },
  { name: 'bytes of a policy for log groups', most: 5_120, measure: policyOf('AWS::Logs::ResourcePolicy'), source: LOGS },
  { name: 'characters of a saved query', most: 10_000, measure: each('AWS::Logs::QueryDefinition', ({ QueryString }) => String(QueryString).length), source: `${AWS}/AmazonCloudWatchLogs/latest/APIReference/API_PutQueryDefinition.html` },
  { name: 'log groups of a saved query', most: 50, measure: each('AWS::Logs::QueryDefinition', (query) => list(query, 'LogGroupNames').length), source: `${AWS}/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html` },

  { name: 'metrics of an alarm', most: 10, measure: each('AWS::CloudWatch::Alarm', (alarm) => list(alarm, 'Metrics').filter((it) => Object.hasOwn(it as object, 'MetricStat')).length), source: CLOUDWATCH },
  { name: 'actions of an alarm', most: 5, measure: each('AWS::CloudWatch::Alarm', (alarm) => list(alarm, 'AlarmActions').length), source: CLOUDWATCH },
  { name: 'widgets of a dashboard', most: 500, measure: dashboards((dashboard) => widgets(dashboard).length), source: DASHBOARD },
  { name: 'columns of a dashboard', most: 24, measure: dashboards(width), source: DASHBOARD },
  { name: 'metrics of a widget', most: 500, measure: dashboards((dashboard) => Math.max(...metrics(dashboard))), source: CLOUDWATCH },
  { name: 'metrics of a dashboard', most: 2_500, measure: dashboards((dashboard) => metrics(dashboard).reduce((sum, it) => sum + it, 0)), source: CLOUDWATCH },

  { name: 'routes of an API', most: 300, measure: perApi('AWS::ApiGatewayV2::Route'), source: HTTP_API },
  { name: 'integrations of an API', most: 300, measure: perApi('AWS::ApiGatewayV2::Integration'), source: HTTP_API },
  { name: 'bytes of an access log’s format', most: 3_072, measure: each('AWS::ApiGatewayV2::Stage', ({ AccessLogSettings }) => bytes((AccessLogSettings as { Format?: string })?.Format)), source: HTTP_API },
  { name: 'settings of routes that do not exist', most: 0, measure: unknownRoutes, source: `${AWS}/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-stage.html` },

  { name: 'capacity units of a web ACL', most: 5_000, measure: each('AWS::WAFv2::WebACL', capacity), source: WAF },
  { name: 'characters that WAF looks for', most: 200, measure: each('AWS::WAFv2::WebACL', (acl) => Math.max(0, ...searchStrings(acl).map((it) => it.length))), source: WAF },
  { name: 'IP sets of an account and region', most: 100, measure: whole((template) => resources(template, 'AWS::WAFv2::IPSet').length), source: WAF },
  { name: 'addresses of an IP set', most: 10_000, measure: each('AWS::WAFv2::IPSet', (set) => list(set, 'Addresses').length), source: WAF },
  { name: 'host names of a distribution', most: 100, measure: each('AWS::CloudFront::Distribution', (front) => list(front, 'DistributionConfig.Aliases').length), source: CLOUDFRONT },
  { name: 'headers that a distribution adds', most: 30, measure: each('AWS::CloudFront::Distribution', (front) => Math.max(0, ...list(front, 'DistributionConfig.Origins').map((it) => list(it, 'OriginCustomHeaders').length))), source: CLOUDFRONT },

  { name: 'reserved words in a login domain', most: 0, measure: each('AWS::Cognito::UserPoolDomain', ({ Domain }) => (/aws|amazon|cognito/.test(String(Domain)) ? 1 : 0)), source: COGNITO },
  { name: 'characters of a login domain', most: 63, measure: each('AWS::Cognito::UserPoolDomain', ({ Domain }) => String(Domain).length), source: COGNITO },
];

/** Settings of a stage, by route, for which there is no route. API Gateway refuses them. */
function unknownRoutes(template: Template): ReturnType<Measure> {
  const routes = resources(template, 'AWS::ApiGatewayV2::Route').map(([, { RouteKey }]) => RouteKey);
  return resources(template, 'AWS::ApiGatewayV2::Stage').map(([id, { RouteSettings = {} }]) => [
    id,
    Object.keys(RouteSettings as object).filter((key) => !routes.includes(key)).length,
  ]);
}

/** Every measure of a template that exceeds its limit. */
export function limitFindings(template: Template, stackName: string): readonly Finding[] {
  const deployed = resolved(template, stackName);
  return limits.flatMap(({ name, most, measure, source }) =>
    measure(deployed)
      .filter(([, value]) => !(value <= most))
      .map(([where, value]) => ({ rule: name, text: `${where}: ${value}, at most ${most} (${source})` })),
  );
}
