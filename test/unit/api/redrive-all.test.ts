/** More dead events than one call takes, and some that cannot be sent: all others are, page by page. */
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Backend } from '../../../cli/backend.ts';
import { redrive } from '../../../cli/dead.ts';
import type { ApiParts } from '../../../functions/api/parts.ts';
import { parseRedrive, redrive as redriveOnce } from '../../../functions/api/redrive.ts';
import type { RedriveResult } from '../../../functions/api/types.ts';
import { text } from '../../../functions/aws/dynamodb.ts';
import { decodeEnvelope } from '../../../functions/core/envelope.ts';
import { type Deployment, startDeployment } from './deployment.ts';

let deployment: Deployment;

beforeEach(async () => {
  deployment = await startDeployment();
});

afterEach(() => deployment.close());

/** Keys of up to ten messages on the inbox. */
async function received(): Promise<string[]> {
  const { Messages = [] } = await deployment.setup.sqs.send(
    new ReceiveMessageCommand({ QueueUrl: deployment.setup.inboxQueueUrl, MaxNumberOfMessages: 10 }),
  );
  return Messages.map(({ Body = '' }) => decodeEnvelope(Body).id).sort();
}

/** `inlet dead redrive --all`, and what the API answered to each of its calls. */
async function redriveAll(parts: ApiParts, dryRun = false) {
  const calls: RedriveResult[] = [];
  const lines: string[] = [];
  const backend = {
    redrive: async (filters: object, ids: unknown, isDry: boolean) => {
      const result = await redriveOnce(
        parts,
        parseRedrive({ ...filters, ...(ids !== undefined && { ids }), dryRun: isDry }),
      );
      calls.push(result);
      return result;
    },
  } as unknown as Backend;
  const output = { human: false, json: true, width: 120, line: (line: string) => void lines.push(line) };
  const options = { filters: {}, ids: [], all: true, dryRun };
  const problem = await redrive(output, backend, options).then(
    () => undefined,
    (error: Error) => error.message,
  );
  return { calls, problem, printed: JSON.parse(lines[0] ?? '') as RedriveResult };
}

/** Dead events without a payload at the head, and two behind them that can be sent. */
async function blocked(head: number) {
  await deployment.seedMany(
    Array.from({ length: head }, (_, n) => ({ id: `lost${n}`, state: 'dead', receivedAt: 1_000 + n })),
  );
  for (const id of ['y', 'z']) {
    await deployment.seed({ id, state: 'dead', receivedAt: 9_000 });
    await deployment.archive({ id });
  }
}

test('a thousand that cannot be sent do not keep the rest from being sent', async () => {
  await blocked(1_000);
  const { calls, problem, printed } = await redriveAll(deployment.parts);
  expect(calls.map(({ matched, redriven, more }) => [matched, redriven, more])).toEqual([
    [1_002, 0, true],
    [2, 2, false],
  ]);
  expect(printed).toMatchObject({ matched: 1_002, redriven: 2, more: false });
  expect(printed.failed).toHaveLength(1_000);
  expect(problem).toMatch(/^1000 could not be redriven/);
  expect(await received()).toEqual(['y', 'z']);
});

test('a dry run names all of them', async () => {
  await blocked(1_000);
  const { printed } = await redriveAll(deployment.parts, true);
  expect(printed).toMatchObject({ dryRun: true, matched: 1_002, redriven: 0 });
  expect(printed.ids.at(-1)).toEqual({ source: 'dotdigital', id: 'z' });
});

/** A reader whose scans go in pages of ten entries, each of which takes so many milliseconds. */
function slowly(pageMs: number): ApiParts {
  const { dynamodb } = deployment.setup;
  let now = 0;
  const inSmallPages = Object.create(dynamodb, {
    send: {
      value: async (command: Parameters<typeof dynamodb.send>[0]) => {
        if (!(command instanceof ScanCommand)) return dynamodb.send(command);
        const page = await dynamodb.send(new ScanCommand({ ...command.input, Limit: 10 }));
        now += pageMs;
        return page;
      },
    },
  });
  return { ...deployment.parts, dynamodb: inSmallPages, now: () => now };
}

test('a call ends within its time, and the next one goes on where it ended', async () => {
  await blocked(200);
  const { calls, printed } = await redriveAll(slowly(4_000));
  expect(calls.length).toBeGreaterThan(1);
  const seen = [...printed.ids, ...printed.failed].map(({ id }) => id);
  expect([seen.length, new Set(seen).size]).toEqual([202, 202]);
  expect(await received()).toEqual(['y', 'z']);
});

test('what a scan shows as dead and is not any more is left alone', async () => {
  await deployment.seed({ id: 'a', state: 'applied' });
  await deployment.archive({ id: 'a' });
  // The scan reads eventually: to it the event is dead still.
  const late = Object.create(deployment.setup.dynamodb, {
    send: {
      value: async (...asked: Parameters<ApiParts['dynamodb']['send']>) => {
        if (!(asked[0] instanceof ScanCommand)) return deployment.setup.dynamodb.send(...asked);
        const {
          FilterExpression: _,
          ExpressionAttributeNames: __,
          ExpressionAttributeValues: ___,
          ...all
        } = asked[0].input;
        const page = await deployment.setup.dynamodb.send(new ScanCommand(all));
        return { ...page, Items: page.Items?.map((item) => ({ ...item, state: text('dead') })) };
      },
    },
  });
  const { printed } = await redriveAll({ ...deployment.parts, dynamodb: late });
  expect(printed).toMatchObject({ matched: 0, redriven: 0, ids: [] });
  expect(await received()).toEqual([]);
});

test('a cursor of another kind is refused', async () => {
  const { status } = await deployment.call('POST', '/api/dead/redrive', { cursor: 'x' });
  expect(status).toBe(400);
});
