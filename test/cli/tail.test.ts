/** `inlet tail` against a stand-in that answers as CloudWatch Logs does. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type TailOptions, tail } from '../../infra/cli/tail.ts';
import { tailFilter, tailLine } from '../../infra/cli/tail-line.ts';

const ACCEPTED =
  '{"timestamp":"2026-11-22T10:00:00.100Z","level":"INFO","function":"ingest","requestId":"r","source":"chargify","outcome":"accepted","status":200,"delivery":"141","bytes":2000,"ms":12}\n';
const DEAD =
  '{"timestamp":"2026-11-22T10:00:01.200Z","level":"WARN","function":"worker","source":"chargify","key":"141","outcome":"dead","reason":"no customer \\u001b[2J","ms":9,"age":1100}\n';

let server: Server;
const asked: Record<string, unknown>[] = [];
beforeAll(async () => {
  server = createServer(async (request, response) => {
    const input = (await json(request)) as Record<string, unknown>;
    const operation = String(request.headers['x-amz-target']).split('.')[1];
    asked.push({ operation, ...input });
    const names = [
      'IngressIngestLogs1',
      'DeliveryWorkerLogs2',
      'DeliveryDeadLettersLogs3',
      'IngressAccessLogs4',
    ];
    const answer =
      operation === 'DescribeLogGroups'
        ? {
            logGroups:
              input.logGroupNamePrefix === 'Inlet-dev-'
                ? names.map((name) => ({ logGroupName: `Inlet-dev-${name}` }))
                : [],
          }
        : pageOf(String(input.logGroupName), input.nextToken);
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

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
    { stage: 'dev', since: '1h', follow: false, ...options },
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
  const groups = asked
    .filter(({ operation }) => operation === 'FilterLogEvents')
    .map(({ logGroupName }) => logGroupName);
  expect(new Set(groups)).toEqual(
    new Set([
      'Inlet-dev-IngressIngestLogs1',
      'Inlet-dev-DeliveryWorkerLogs2',
      'Inlet-dev-DeliveryDeadLettersLogs3',
    ]),
  );
});

test('prints the lines as they are with --json', async () => {
  expect(await run({}, true)).toEqual([ACCEPTED.trimEnd(), DEAD.trimEnd()]);
});

test('filters in CloudWatch, so that little is transferred', async () => {
  asked.length = 0;
  await run({ source: 'chargify', state: 'dead', id: '14"1' });
  expect(asked.at(-1)?.filterPattern).toBe(
    '{ ($.source = "chargify") && ($.outcome = "dead") && (($.key = "14\\"1") || ($.delivery = "14\\"1") || ($.batch = "14\\"1")) }',
  );
  expect(tailFilter({})).toBe('');
});

test('says so when the stage is not there', async () => {
  await expect(run({ stage: 'prod' })).rejects.toThrow('There is no stage "prod" here');
});

test('shows what the runtime itself wrote', () => {
  expect(tailLine('2026 Task timed out after 80.00 seconds\n', false)).toBe(
    '2026 Task timed out after 80.00 seconds',
  );
});
