/** How long a handler has its subject, and in which order the events of a subject go. */
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { workerGround } from '../../helpers/worker-ground.ts';

const runs: string[] = [];
const leases: number[] = [];
const ground = await workerGround({
  timeoutSeconds: 30,
  handle: async ({ id, subject }) => {
    runs.push(id);
    const { Item } = await ground.parts.dynamodb.send(
      new GetItemCommand({
        TableName: ground.setup.tables.subjects,
        Key: { id: { S: `handled#${subject}` } },
        ConsistentRead: true,
      }),
    );
    leases.push(Number(Item?.leaseUntil?.N));
  },
});
beforeEach(() => {
  runs.length = 0;
  leases.length = 0;
});

test('a lease outlives the invocation, and so its handler', async () => {
  const started = Date.now();
  await ground.hand([await ground.queued('handled', 'leased', 's1', 1)], 1, 300_000);
  expect(runs).toEqual(['leased']);
  expect(leases[0]).toBeGreaterThan(started + 300_000);
});

test('a handler does not begin that could not be run to its end', async () => {
  const envelope = await ground.queued('handled', 'late', 's2', 1);
  expect(await ground.hand([envelope], 1, 34_999)).toEqual(['late']);
  expect(ground.outcomes()).toEqual(['no-time']);
  expect(await ground.hand([envelope], 2, 35_000)).toEqual([]);
  expect(runs).toEqual(['late']);
});

test('the events of a subject that come in one batch go one by one, the oldest revision first', async () => {
  const [third, first, second] = [
    await ground.queued('handled', 'r3', 's3', 3),
    await ground.queued('handled', 'r1', 's3', 1),
    await ground.queued('handled', 'r2', 's3', 2),
  ];
  expect(await ground.hand([third, first, second])).toEqual([]);
  expect(runs).toEqual(['r1', 'r2', 'r3']);
  expect(ground.outcomes()).toEqual(['applied', 'applied', 'applied']);
});
