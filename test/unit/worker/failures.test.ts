/** A failure of AWS says nothing about an event: the message comes back, and nothing counts as done. */
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { type Asked, message, workerGround } from '../../helpers/worker-ground.ts';

let fails = false;
const ground = await workerGround({
  handle: async () => {
    if (fails) throw new Error('not now');
  },
});
beforeEach(() => {
  fails = false;
});

test('a failed attempt that cannot be counted is not the end of the message', async () => {
  fails = true;
  const envelope = await ground.queued('handled', 'uncounted', 's1', 1);
  ground.refuses = ({ input }: Asked) => input.includes(':retrying');
  expect(await ground.hand([envelope])).toEqual(['uncounted']);
  expect(ground.outcomes()).toEqual(['error']);
  expect(await ground.stateOf('handled', 'uncounted')).toBe('queued');
});

test('an outcome that cannot be written down is not one', async () => {
  const envelope = await ground.queued('kept', 'unwritten', 's2', 1);
  ground.refuses = ({ input }: Asked) => input.includes('settledAt');
  expect(await ground.hand([envelope])).toEqual(['unwritten']);
  expect(ground.outcomes()).toEqual(['error']);
  ground.refuses = () => false;
  expect(await ground.hand([envelope], 2)).toEqual([]);
  expect(await ground.stateOf('kept', 'unwritten')).toBe('applied');
});

test('what cannot be archived comes back before anything is done about it', async () => {
  const envelope = await ground.queued('kept', 'unarchived', 's3', 1);
  ground.refuses = ({ command }: Asked) => command === 'BatchWriteItemCommand';
  expect(await ground.hand([envelope])).toEqual(['unarchived']);
  expect(await ground.stateOf('kept', 'unarchived')).toBe('queued');
});

test('a message that nobody can read comes back, until SQS gives it up', async () => {
  expect(await ground.hand(['nonsense'])).toEqual(['nonsense']);
});

test('an event keeps the id that ingest gave it, whatever is read from it', async () => {
  // As after a change of the rule for ids: the entry is the one that was acknowledged.
  const envelope = message('kept', 'own-key', { id: 'another', subject: 's4', revision: 1 });
  await ground.parts.ledger.claim(envelope);
  await ground.hand([envelope]);
  const { Item } = await ground.parts.dynamodb.send(
    new GetItemCommand({
      TableName: ground.setup.tables.subjects,
      Key: { id: { S: 'kept#s4' } },
    }),
  );
  expect(Item).toMatchObject({ eventId: { S: 'own-key' } });
});
