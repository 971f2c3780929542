/** Starts what a template declares: its functions from their assets, its event sources. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSBatchResponse } from 'aws-lambda';
import { FunctionProcess } from '../../helpers/function-process.ts';
import { TEST_CREDENTIALS, TEST_ENVIRONMENT } from '../../helpers/sigv4.ts';
import { at, type Resource, type StackTemplate } from '../../helpers/template.ts';
import { type Cloud, queueUrl } from './cloud.ts';
import { type Door, openDoor } from './door.ts';
import { type Created, REGION, resolver } from './intrinsics.ts';
import { allows, type Right, rightsOf } from './policy.ts';

export interface DeployedFunction {
  /** Logical id. */
  readonly id: string;
  readonly role: string;
  /** Where its lines go. */
  readonly logGroup: string;
  readonly process: FunctionProcess;
  readonly door: Door;
  /** What its time limit leaves at the start of an invocation. Lambda's default is 3 s. */
  readonly timeoutMs: number;
}

/** What a function of the template is: `Ingest`, `Worker`, `DeadLetters` or `Console`. */
export function roleOf(functionId: string): string {
  return functionId.replace(/^(?:Delivery|Ingress)/, '').replace(/[0-9A-F]{8}$/, '');
}

/**
 * A function, started in a fresh process with the environment that the template gives it.
 * @throws Error with what the function wrote when it does not start.
 */
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
  const given = resolver(seen)(at(Properties, 'Environment.Variables') ?? {}) as Record<string, string>;
  const folder = (key: unknown) => join(assets, `asset.${String(key).replace(/\.zip$/, '')}`);
  const layers = ((Properties.Layers ?? []) as { Ref: string }[]).map(({ Ref }) =>
    folder(at(template.resources[Ref]?.Properties, 'Content.S3Key')),
  );
  const file = join(folder(at(Properties, 'Code.S3Key')), `${String(Properties.Handler).split('.')[0]}.mjs`);
  const environment: Record<string, string> = {
    AWS_REGION: REGION,
    ...TEST_ENVIRONMENT,
    ...Object.fromEntries(
      ['DYNAMODB', 'SQS', 'S3', 'SSM'].map((service) => [`AWS_ENDPOINT_URL_${service}`, door.endpoint]),
    ),
    // The internet, of which there is only the user pool (https://nodejs.org/api/http.html#built-in-proxy-support).
    NODE_USE_ENV_PROXY: '1',
    HTTPS_PROXY: door.endpoint,
    NODE_EXTRA_CA_CERTS: cloud.standIns.userPool.certificateFile,
  };
  try {
    for (const [name, value] of Object.entries(given)) environment[name] = unpacked(value, layers);
    const common = { id, role: roleOf(id), logGroup: logGroupOf(Properties, cloud), door };
    const timeoutMs = Number(Properties.Timeout ?? 3) * 1000;
    return { ...common, timeoutMs, process: await FunctionProcess.start(file, environment) };
  } catch (error) {
    await door.close();
    throw error;
  }
}

/** Lambda unpacks all layers of a function into `/opt`. */
function unpacked(value: string, layers: readonly string[]): string {
  if (!value.startsWith('/opt/')) return value;
  const file = layers.map((folder) => join(folder, value.slice('/opt/'.length))).find(existsSync);
  if (file === undefined) throw new Error(`no layer brings ${value}`);
  return file;
}

function logGroupOf(properties: Resource['Properties'], cloud: Cloud): string {
  return String(cloud.resolve(at(properties, 'LoggingConfig.LogGroup')));
}

/** What Lambda itself does in the function's name: it writes the log, and the traces where they are switched on. */
function runtimeCalls(properties: Resource['Properties'], cloud: Cloud): readonly Right[] {
  const group = logGroupOf(properties, cloud);
  const resource = `arn:aws:logs:${REGION}:000000000000:log-group:${group}:log-stream:one`;
  const logs = ['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => ({ action, resource }));
  const traced = at(properties, 'TracingConfig.Mode') === 'Active';
  const traces = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'];
  return traced ? [...logs, ...traces.map((action) => ({ action, resource: '*' }))] : logs;
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
