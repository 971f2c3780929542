/** One address for the services that only the command line asks: CloudFormation, CloudWatch and its Logs, Lambda. */
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { type Listening, listenOnLoopback } from '../../../helpers/loopback.ts';
import type { CloudWatchStandIn } from './cloudwatch.ts';
import type { LambdaStandIn } from './lambda.ts';
import type { LogStore } from './log-store.ts';

export interface Services {
  readonly outputs: Readonly<Record<string, string>>;
  readonly cloudwatch: CloudWatchStandIn;
  readonly logs: LogStore;
  readonly lambda: LambdaStandIn;
  /** Called before each request: what was written since is there then. */
  collect(): Promise<void>;
}

interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export async function startControlPlane(services: Services): Promise<Listening> {
  const server = createServer(async (request, response) => {
    const body = await text(request);
    await services.collect();
    const { status = 200, headers = {}, body: answer } = await reply(services, request, body);
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(answer);
  });
  return listenOnLoopback(server);
}

async function reply(services: Services, request: IncomingMessage, body: string): Promise<Reply> {
  const [service = '', action = ''] = String(request.headers['x-amz-target'] ?? '').split('.');
  if (service.startsWith('GraniteService')) {
    const answer = services.cloudwatch.act(action, JSON.parse(body));
    return answer === undefined ? unknown(action) : json(answer);
  }
  if (service.startsWith('Logs_')) {
    const { logGroupName, startTime, endTime } = JSON.parse(body);
    return action === 'FilterLogEvents'
      ? json({ events: services.logs.read(logGroupName, startTime, endTime) })
      : unknown(action);
  }
  if (request.url?.startsWith('/20')) return lambda(services.lambda, request, body);
  return describeStack(services.outputs);
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html */
async function lambda(
  standIn: LambdaStandIn,
  { method, url = '' }: IncomingMessage,
  body: string,
): Promise<Reply> {
  const { pathname, searchParams } = new URL(url, 'http://lambda');
  const [, , kind, name = '', action] = pathname.split('/');
  const describe = ({ id, isOn }: LambdaStandIn['mappings'][number]) => ({
    UUID: id,
    State: isOn ? 'Enabled' : 'Disabled',
  });
  if (kind === 'event-source-mappings') {
    const fed = searchParams.get('FunctionName');
    if (!name)
      return json({
        EventSourceMappings: standIn.mappings.filter((it) => it.functionName === fed).map(describe),
      });
    const mapping = standIn.mappings.find(({ id }) => id === name);
    if (!mapping) return refuse(404, 'ResourceNotFoundException');
    if (method === 'PUT') mapping.isOn = JSON.parse(body).Enabled;
    return { ...json(describe(mapping)), status: method === 'PUT' ? 202 : 200 };
  }
  if (action === 'concurrency') {
    if (method === 'PUT') standIn.concurrency.set(name, JSON.parse(body).ReservedConcurrentExecutions);
    if (method === 'DELETE') standIn.concurrency.delete(name);
    if (method === 'DELETE') return { status: 204, body: '' };
    return json({ ReservedConcurrentExecutions: standIn.concurrency.get(name) });
  }
  if (action !== 'invocations') return unknown(pathname);
  const invoked = await standIn.invoke(name, JSON.parse(body));
  if (invoked.kind === 'throttled') return refuse(429, 'TooManyRequestsException');
  if (invoked.kind === 'done') return json(invoked.answer ?? null);
  return { ...json({ errorMessage: invoked.error }), headers: { 'x-amz-function-error': 'Unhandled' } };
}

function describeStack(outputs: Services['outputs']): Reply {
  const members = Object.entries(outputs)
    .map(
      ([key, value]) =>
        `<member><OutputKey>${key}</OutputKey><OutputValue>${escaped(value)}</OutputValue></member>`,
    )
    .join('');
  const stack = `<StackName>Inlet-dev</StackName><StackStatus>CREATE_COMPLETE</StackStatus><CreationTime>2026-11-22T10:00:00Z</CreationTime>`;
  const result = `<DescribeStacksResult><Stacks><member>${stack}<Outputs>${members}</Outputs></member></Stacks></DescribeStacksResult>`;
  return {
    headers: { 'content-type': 'text/xml' },
    body: `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">${result}</DescribeStacksResponse>`,
  };
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const json = (value: unknown): Reply => ({ body: JSON.stringify(value) });

const unknown = (what: string): Reply => refuse(400, 'UnknownOperationException', what);

function refuse(status: number, type: string, message = 'refused by the stand-in'): Reply {
  return {
    status,
    headers: { 'x-amzn-errortype': type },
    body: JSON.stringify({ __type: type, message, Message: message }),
  };
}
