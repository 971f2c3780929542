/** Handlers that go on when their time is up: nobody else may start beside them. */
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { workerGround } from '../helpers/worker-ground.ts';

let atWork: () => Promise<void> = async () => {};
const runs: string[] = [];
const paths = { delivery: 'payload.id', subject: 'payload.subject', revision: 'payload.revision' };
const source = { provider: 'tasks', unsigned: true, ...paths, handler: 'own', timeoutSeconds: 0.05 };
const ground = await workerGround({
  timeoutSeconds: 0.05,
  config: { sources: { last: { ...source, attempts: 1 } } },
  handle: async ({ id }) => {
    runs.push(id);
    await atWork();
  },
});

test('one whose event is given up meanwhile keeps its lease, so that a redrive waits for it', async () => {
  const envelope = { ...(await ground.queued('each', 'hang', 's', 1)), place: { gate: 'entry' } as const };
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  atWork = async () => {
    // Another copy of the message, at the limit of the queue.
    await ground.giveUp(envelope);
    await ended;
  };
  await ground.hand([envelope]);
  const { Item } = await ground.parts.dynamodb.send(
    new GetItemCommand({
      TableName: ground.setup.tables.ledger,
      Key: { id: { S: 'each#hang' } },
      ConsistentRead: true,
    }),
  );
  expect(Item).toMatchObject({ state: { S: 'dead' } });
  expect(Item).toHaveProperty('leaseUntil');
  await ground.parts.ledger.reopen('each', 'hang', { gate: 'entry' });
  await ground.hand([{ ...envelope, again: true }]);
  end();
  expect(runs).toEqual(['hang']);
  expect(ground.outcomes().at(-1)).toBe('held');
});

test('one that hangs in its last attempt keeps its lease, so that a redrive waits for it', async () => {
  const envelope = { ...(await ground.queued('last', 'last', 's', 1)), place: { gate: 'entry' } as const };
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  runs.length = 0;
  atWork = () => ended;
  await ground.hand([envelope]);
  expect(await ground.stateOf('last', 'last')).toBe('dead');
  await ground.parts.ledger.reopen('last', 'last', { gate: 'entry' });
  await ground.hand([{ ...envelope, again: true }]);
  end();
  expect(runs).toEqual(['last']);
  expect(ground.outcomes()).toEqual(['dead', 'held']);
});
