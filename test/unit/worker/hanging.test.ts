/** Handlers that go on when their time is up: nobody else may start beside them. */
import { source, workerGround } from '../../helpers/worker-ground.ts';

let atWork: () => Promise<void> = async () => {};
const runs: string[] = [];
const timeoutSeconds = 0.05;
const ground = await workerGround({
  timeoutSeconds,
  config: { sources: { last: { ...source, handler: 'own', timeoutSeconds, attempts: 1 } } },
  handle: async ({ id }) => {
    runs.push(id);
    await atWork();
  },
});

test('one whose event is given up meanwhile keeps its lease, so that a redrive waits for it', async () => {
  const envelope = await ground.byItself('each', 'hang', 's');
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
  const item = await ground.itemOf('ledger', 'each#hang');
  expect(item).toMatchObject({ state: { S: 'dead' } });
  expect(item).toHaveProperty('leaseUntil');
  await ground.parts.ledger.reopen('each', 'hang', { gate: 'entry' });
  await ground.hand([{ ...envelope, again: true }]);
  end();
  expect(runs).toEqual(['hang']);
  expect(ground.outcomes().at(-1)).toBe('held');
});

test('one that hangs in its last attempt keeps its lease, so that a redrive waits for it', async () => {
  const envelope = await ground.byItself('last', 'last', 's');
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
