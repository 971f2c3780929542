/** Different events of one revision of a subject: each is handled, whatever happens to the others meanwhile. */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { MAX_TIES } from '../../../functions/core/decide.ts';
import { workerGround } from '../../helpers/worker-ground.ts';

const runs: string[] = [];
const fails = new Set<string>();
const ground = await workerGround({
  config: { archive: false },
  handle: async ({ id }) => {
    if (fails.delete(id)) throw new Error('not now');
    runs.push(id);
  },
});
const runsOf = (name: string) => runs.filter((id) => id.startsWith(name));

test('one whose handler failed is handled after another of its revision', async () => {
  const [first, second] = [
    await ground.queued('handled', 'after-1', 'after', 5),
    await ground.queued('handled', 'after-2', 'after', 5),
  ];
  fails.add('after-1');
  expect(await ground.hand([first])).toEqual(['after-1']);
  expect(await ground.hand([second])).toEqual([]);
  expect(await ground.hand([first], 2)).toEqual([]);
  expect(runsOf('after')).toEqual(['after-2', 'after-1']);
  expect(await ground.stateOf('handled', 'after-1')).toBe('applied');
  // A copy that SQS delivers once more.
  expect(await ground.hand([second], 2)).toEqual([]);
  expect(runsOf('after')).toHaveLength(2);
});

test('those of one batch are handled in the order of their arrival', async () => {
  const events = ['batch-1', 'batch-2', 'batch-3'];
  const messages = await Promise.all(events.map((id) => ground.queued('handled', id, 'batch', 5)));
  const arrived = messages.map((envelope, at) => ({ ...envelope, receivedAt: 1_000_000 + at }));
  expect(await ground.hand(arrived.toReversed())).toEqual([]);
  expect(runsOf('batch')).toEqual(events);
});

test('the 33rd of a revision is quarantined, says what to do, and is archived to be redriven', async () => {
  const { dynamodb, tables } = ground.setup;
  const before = Array.from({ length: MAX_TIES - 1 }, (_, n) => `many-${n + 1}`);
  const Item = {
    id: { S: 'kept#many' },
    revision: { N: '5' },
    eventId: { S: 'many-1' },
    ties: { SS: before },
  };
  await dynamodb.send(new PutItemCommand({ TableName: tables.subjects, Item }));
  const [fits, last] = [`many-${MAX_TIES}`, `many-${MAX_TIES + 1}`];
  for (const id of [fits, last]) await ground.hand([await ground.queued('kept', id, 'many', 5)]);
  expect(await ground.stateOf('kept', fits)).toBe('applied');
  expect(await ground.stateOf('kept', last)).toBe('quarantined');
  const warned = ground.lines.filter(({ outcome }) => outcome === 'quarantined');
  expect(warned).toEqual([
    expect.objectContaining({
      id: last,
      reason: expect.stringMatching(/^Its subject has applied 32 .+ redrive\.$/),
    }),
  ]);
  expect(await ground.parts.archive.get('kept', last)).toMatchObject({ id: last });
});
