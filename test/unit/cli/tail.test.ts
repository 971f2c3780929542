/** `inlet tail` against a stand-in that answers as CloudFormation and CloudWatch Logs do. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type TailOptions, tail } from '../../../cli/tail.ts';
import { tailFilter, tailLine } from '../../../cli/tail-line.ts';

const ACCEPTED =
  '{"timestamp":"2026-11-22T10:00:00.100Z","level":"INFO","function":"ingest","requestId":"r","source":"chargify","outcome":"accepted","status":200,"id":"141","bytes":2000,"ms":12}\n';
const DEAD =
  '{"timestamp":"2026-11-22T10:00:01.200Z","level":"WARN","function":"worker","source":"chargify","id":"141","outcome":"dead","reason":"no customer \\u001b[2J","ms":9,"age":1100}\n';

/** As `cdk deploy` leaves them. */
const outputs = {
  IngestLogs: 'Inlet-prod-IngressIngestLogs1',
  WorkerLogs: 'Inlet-prod-DeliveryWorkerLogs2',
  DeadLettersLogs: 'Inlet-prod-DeliveryDeadLettersLogs3',
  AccessLogs: 'Inlet-prod-IngressAccessLogs4',
};

let server: Server;
const asked: Record<string, unknown>[] = [];
beforeAll(async () => {
  server = createServer(async (request, response) => {
    const body = await text(request);
    const target = request.headers['x-amz-target'];
    if (target === undefined) {
      const stack = new URLSearchParams(body).get('StackName') ?? '';
      const [status, answer] = describeStack(stack);
      response.writeHead(status, { 'content-type': 'text/xml' }).end(answer);
      return;
    }
    const input = JSON.parse(body) as Record<string, unknown>;
    const operation = String(target).split('.')[1];
    asked.push({ operation, ...input });
    const answer = pageOf(String(input.logGroupName), input.nextToken);
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

/** As https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html shows it. */
function describeStack(stack: string): [number, string] {
  if (stack !== 'Inlet-prod' && stack !== 'Inlet-old')
    return [
      400,
      `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id ${stack} does not exist</Message></Error></ErrorResponse>`,
    ];
  const members = Object.entries(stack === 'Inlet-prod' ? outputs : {}).map(
    ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
  return [
    200,
    `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member><StackName>${stack}</StackName><StackStatus>CREATE_COMPLETE</StackStatus><CreationTime>2026-11-22T10:00:00Z</CreationTime><Outputs>${members.join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
  ];
}

/** The worker's line comes first and the log of ingest has two pages, with the first line twice. */
function pageOf(group: string, token: unknown) {
  if (group.includes('Worker')) return { events: [{ eventId: 'w', timestamp: 1200, message: DEAD }] };
  if (!group.includes('Ingest')) return { events: [] };
  const events = [{ eventId: 'i', timestamp: 100, message: ACCEPTED }];
  return token ? { events } : { events, nextToken: 'more' };
}

async function run(options: Partial<TailOptions>, json = false): Promise<string[]> {
  const lines: string[] = [];
  const output = { human: false, json, width: 200, line: (text: string) => void lines.push(text) };
  const { port } = server.address() as AddressInfo;
  await tail(
    output,
    { stage: 'prod', since: '1h', follow: false, ...options },
    {
      region: 'eu-west-1',
      endpoint: `http://127.0.0.1:${port}`,
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    },
  );
  return lines;
}

test('prints the lines of the three functions in the order of their time', async () => {
  const lines = await run({});
  expect(lines.map((line) => line.replace(/ +/g, ' '))).toEqual([
    '10:00:00.100 ingest chargify accepted 141 12 ms status=200 bytes=2000',
    '10:00:01.200 worker chargify dead 141 9 ms reason=no customer \\u001b[2J age=1100',
  ]);
});

test('reads the three groups that the stack names, and none of a stage whose name begins so', async () => {
  asked.length = 0;
  await run({});
  expect(new Set(asked.map(({ operation }) => operation))).toEqual(new Set(['FilterLogEvents']));
  const { IngestLogs, WorkerLogs, DeadLettersLogs } = outputs;
  expect(new Set(asked.map(({ logGroupName }) => logGroupName))).toEqual(
    new Set([IngestLogs, WorkerLogs, DeadLettersLogs]),
  );
});

test('prints the lines as they are with --json', async () => {
  expect(await run({}, true)).toEqual([ACCEPTED.trimEnd(), DEAD.trimEnd()]);
});

test('filters in CloudWatch, so that little is transferred', async () => {
  asked.length = 0;
  await run({ source: 'chargify', state: 'dead', id: '14"1' });
  expect(asked.at(-1)?.filterPattern).toBe(
    '{ ($.source = "chargify") && ($.outcome = "dead") && (($.id = "14\\"1") || ($.batch = "14\\"1")) }',
  );
  expect(tailFilter({})).toBe('');
});

test('says so when the stage is not there', async () => {
  await expect(run({ stage: 'dev' })).rejects.toThrow('There is no stack Inlet-dev in eu-west-1');
  await expect(run({ stage: 'old' })).rejects.toThrow('The stack has no output IngestLogs');
});

test('shows what the runtime itself wrote', () => {
  expect(tailLine('2026 Task timed out after 80.00 seconds\n', false)).toBe(
    '2026 Task timed out after 80.00 seconds',
  );
});
