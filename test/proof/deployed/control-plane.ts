/** Stands in for what people's commands ask beside tables and queues: CloudFormation, CloudWatch without any metrics, its Logs. */
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { listenOnLoopback } from '../../helpers/loopback.ts';

export interface ControlPlane {
  readonly endpoint: string;
  /** Of the only stack. */
  outputs: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** @param lines of a log group. */
export async function startControlPlane(lines: (group: string) => readonly string[]): Promise<ControlPlane> {
  const server = createServer(async (request, response) => {
    const body = await text(request);
    if (request.headers['x-amz-target'] === undefined)
      return void response.writeHead(200, { 'content-type': 'text/xml' }).end(describe(plane.outputs));
    if (String(request.headers['x-amz-target']).endsWith('.GetMetricData'))
      return void response
        .writeHead(200, { 'content-type': 'application/x-amz-json-1.0' })
        .end(JSON.stringify({ MetricDataResults: [] }));
    const { logGroupName } = JSON.parse(body) as { logGroupName: string };
    const events = lines(logGroupName).map((message, n) => ({ eventId: `${logGroupName}-${n}`, message }));
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify({ events }));
  });
  const plane: ControlPlane = { ...(await listenOnLoopback(server)), outputs: {} };
  return plane;
}

/** As https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html shows it. */
function describe(outputs: ControlPlane['outputs']): string {
  const escaped = (value: string) => value.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const members = Object.entries(outputs).map(
    ([key, value]) =>
      `<member><OutputKey>${key}</OutputKey><OutputValue>${escaped(value)}</OutputValue></member>`,
  );
  return `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member><StackName>Inlet-dev</StackName><StackStatus>CREATE_COMPLETE</StackStatus><CreationTime>2026-11-22T10:00:00Z</CreationTime><Outputs>${members.join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
}
