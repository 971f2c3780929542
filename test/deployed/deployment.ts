/** Starts what a template declares: its functions from their assets, its routes, its event sources. */
import { join } from 'node:path';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSBatchResponse } from 'aws-lambda';
import { FunctionProcess } from '../helpers/function-process.ts';
import { TEST_CREDENTIALS } from '../helpers/sigv4.ts';
import { at, type Resource, type StackTemplate } from '../helpers/template.ts';
import { type Cloud, queueUrl } from './cloud.ts';
import { type Door, openDoor } from './door.ts';
import { type Created, REGION, resolver } from './intrinsics.ts';
import { allows, type Right, rightsOf } from './policy.ts';

export interface DeployedFunction {
  readonly id: string;
  readonly process: FunctionProcess;
  readonly door: Door;
  /** What its time limit leaves at the start of an invocation. Lambda's default is 3 s. */
  readonly timeoutMs: number;
}

/** Inlet's functions by their role in the stack. Others (the console's) have deployed-form tests of their own. */
export const ROLES = /^(?:Delivery|Ingress)(Ingest|Worker|DeadLetters)[0-9A-F]{8}$/;

/** The function of a role, started in a fresh process with the environment that the template gives it. */
export async function startFunction(
  template: StackTemplate,
  assets: string,
  cloud: Cloud,
  [id, { Properties }]: readonly [string, Resource],
): Promise<DeployedFunction> {
  const roleId = String((at(Properties, 'Role.Fn::GetAtt') as string[])[0]);
  const rights = rightsOf(template, roleId, cloud.resolve);
  const door = await openDoor(rights, cloud.standIns);
  for (const right of runtimeCalls(Properties, cloud))
    door.calls.push({ ...right, allowed: allows(rights, right) });

  // A queue's URL leads through the function's own door.
  const seen = new Map<string, Created>(cloud.created);
  for (const [queue] of template.ofType('AWS::SQS::Queue')) {
    const attributes = cloud.created.get(queue)?.attributes ?? {};
    seen.set(queue, { ref: queueUrl(door.endpoint, queue), attributes });
  }
  const variables = resolver(seen)(at(Properties, 'Environment.Variables') ?? {}) as Record<string, string>;
  const hash = String(at(Properties, 'Code.S3Key')).replace(/\.zip$/, '');
  const file = join(assets, `asset.${hash}`, `${String(Properties.Handler).split('.')[0]}.mjs`);
  const environment = {
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: TEST_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: TEST_CREDENTIALS.secretAccessKey,
    AWS_SESSION_TOKEN: TEST_CREDENTIALS.sessionToken,
    ...Object.fromEntries(
      ['DYNAMODB', 'SQS', 'S3', 'SSM'].map((service) => [`AWS_ENDPOINT_URL_${service}`, door.endpoint]),
    ),
    ...variables,
  };
  try {
    const timeoutMs = Number(Properties.Timeout ?? 3) * 1000;
    return { id, door, timeoutMs, process: await FunctionProcess.start(file, environment) };
  } catch (error) {
    await door.close();
    throw error;
  }
}

/** What Lambda itself does in the function's name: it writes the log, and the traces where they are switched on. */
function runtimeCalls(properties: Resource['Properties'], cloud: Cloud): readonly Right[] {
  const group = String(cloud.resolve(at(properties, 'LoggingConfig.LogGroup')));
  const resource = `arn:aws:logs:${REGION}:000000000000:log-group:${group}:log-stream:one`;
  const logs = ['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => ({ action, resource }));
  const traced = at(properties, 'TracingConfig.Mode') === 'Active';
  const traces = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'];
  return traced ? [...logs, ...traces.map((action) => ({ action, resource: '*' }))] : logs;
}

/** The function that the gateway hands a request to, if the template lets it. */
export function routeTo(
  template: StackTemplate,
  cloud: Cloud,
  method: string,
  path: string,
): string | undefined {
  const keys = template.ofType('AWS::ApiGatewayV2::Route').map(([, { Properties }]) => Properties);
  const fits = (key: string) => {
    const [verb, pattern = ''] = key.split(' ');
    const expression = `^${pattern.replace(/\{[^}]+\+\}/g, '.+').replace(/\{[^}]+\}/g, '[^/]+')}$`;
    return (verb === 'ANY' || verb === method) && new RegExp(expression).test(path);
  };
  const route =
    keys.find(({ RouteKey }) => fits(String(RouteKey))) ??
    keys.find(({ RouteKey }) => RouteKey === '$default');
  const [, integrationId] = String(cloud.resolve(route?.Target)).split('/');
  const integration = template.resources[integrationId ?? '']?.Properties;
  const target = (at(integration, 'IntegrationUri.Fn::GetAtt') as string[] | undefined)?.[0];
  const permitted = template
    .ofType('AWS::Lambda::Permission')
    .map(([, { Properties }]) => Properties)
    .some(
      ({ Action, Principal, FunctionName, SourceArn }) =>
        Action === 'lambda:InvokeFunction' &&
        Principal === 'apigateway.amazonaws.com' &&
        JSON.stringify(FunctionName).includes(`"${target}"`) &&
        JSON.stringify(SourceArn).includes(routePath(String(route?.RouteKey))),
    );
  return permitted ? target : undefined;
}

/** How the source ARN of a permission ends for a route. */
function routePath(key: string): string {
  return key === '$default' ? '/*/*"' : `/*/*${key.split(' ')[1]}"`;
}

/**
 * Plays the event source of a queue until nothing is visible on it any more.
 * @throws Error when the template connects no function, or the wrong one, to the queue.
 */
export async function drain(
  template: StackTemplate,
  cloud: Cloud,
  functions: readonly DeployedFunction[],
  queueId: string,
): Promise<void> {
  const [, mapping] =
    template
      .ofType('AWS::Lambda::EventSourceMapping')
      .find(([, { Properties }]) => at(Properties, 'EventSourceArn.Fn::GetAtt.0') === queueId) ?? [];
  const target = functions.find(({ id }) => id === at(mapping?.Properties, 'FunctionName.Ref'));
  if (!mapping || !target) throw new Error(`nothing empties ${queueId}`);
  const { BatchSize = 10, FunctionResponseTypes } = mapping.Properties;
  const client = new SQSClient({
    region: REGION,
    credentials: TEST_CREDENTIALS,
    endpoint: target.door.endpoint,
    maxAttempts: 1,
  });
  const QueueUrl = queueUrl(target.door.endpoint, queueId);
  const EventSourceArn = cloud.created.get(queueId)?.attributes.Arn;
  await client.send(new GetQueueAttributesCommand({ QueueUrl }));
  for (;;) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: Number(BatchSize),
        MessageSystemAttributeNames: ['All'],
      }),
    );
    if (Messages.length === 0) break;
    const Records = Messages.map(({ MessageId, ReceiptHandle, Body, Attributes }) => ({
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      attributes: Attributes,
      messageAttributes: {},
      eventSource: 'aws:sqs',
      eventSourceARN: EventSourceArn,
      awsRegion: REGION,
    }));
    const { answer } = await target.process.invoke({ Records }, target.timeoutMs);
    const reported = FunctionResponseTypes
      ? ((answer as unknown as SQSBatchResponse).batchItemFailures ?? [])
      : [];
    const failed = new Set(reported.map(({ itemIdentifier }) => itemIdentifier));
    for (const { MessageId, ReceiptHandle } of Messages)
      if (!failed.has(MessageId ?? ''))
        await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  }
  client.destroy();
}
