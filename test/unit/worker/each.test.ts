/** Events that pass by themselves: every one is handled, whatever the order, and no other one is in its way. */
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Handler } from '../../../functions/core/handler.ts';
import { workerGround } from '../../helpers/worker-ground.ts';

/** What the handler does with an event, by its id. */
const does = new Map<string, Handler['handle']>();
const runs: string[] = [];
const newest: unknown[] = [];
const ground = await workerGround({
  handle: async (event, context) => {
    runs.push(event.id);
    await does.get(event.id)?.(event, context);
    if (/^n\d/.test(event.id)) newest.push(await context.isNewest());
  },
});
beforeEach(() => {
  runs.length = 0;
  newest.length = 0;
});

const { itemOf } = ground;
const failOnce = (id: string) =>
  does.set(id, async () => {
    does.delete(id);
    throw new Error('not now');
  });

test('an event whose handler fails is handled although a newer one was applied meanwhile', async () => {
  const paid = await ground.queued('each', 'paid', 'order', 1);
  const updated = await ground.queued('each', 'updated', 'order', 2);
  failOnce('paid');
  await ground.hand([paid]);
  await ground.hand([updated]);
  await ground.hand([paid], 2);
  expect(runs).toEqual(['paid', 'updated', 'paid']);
  expect(ground.outcomes()).toEqual(['failed', 'applied', 'applied']);
});

test('an event whose id is the subject of others is in nobody’s way', async () => {
  // Its id is 5, and so is the subject of the other.
  const own = await ground.queued('each', '5', 'elsewhere', 9);
  const ordered = await ground.queued('handled', 'e', '5', 1);
  await ground.hand([own, { ...ordered, source: 'each' }, ordered]);
  expect(ground.outcomes()).toEqual(['applied', 'applied', 'applied']);
  expect(await itemOf('subjects', 'each#5')).toBeUndefined();
});

test('an event of the newest state is not suppressed by what an event of 0.1.0 left under its subject', async () => {
  // 0.1.0 made an event without an order its own subject, with revision 1 and the time of its entry.
  const expiresAt = String(Math.floor(Date.now() / 1000) + 1_000);
  const left = { revision: { N: '1' }, eventId: { S: '7' }, expiresAt: { N: expiresAt } };
  await ground.parts.dynamodb.send(
    new UpdateItemCommand({
      TableName: ground.setup.tables.subjects,
      Key: { id: { S: 'kept#7' } },
      UpdateExpression: 'SET revision = :revision, eventId = :eventId, expiresAt = :expiresAt',
      ExpressionAttributeValues: Object.fromEntries(Object.entries(left).map(([k, v]) => [`:${k}`, v])),
    }),
  );
  await ground.hand([await ground.queued('kept', 'first', '7', 0)]);
  expect(ground.outcomes()).toEqual(['applied']);
  const subject = await itemOf('subjects', 'kept#7');
  expect(subject).toMatchObject({ revision: { N: '0' }, eventId: { S: 'first' } });
  expect(subject).not.toHaveProperty('expiresAt');
});

test('copies of one event in one batch run its handler once', async () => {
  const envelope = await ground.queued('each', 'twin', 's', 1);
  await ground.hand([envelope, envelope]);
  expect(runs).toEqual(['twin']);
  expect(ground.outcomes().toSorted()).toEqual(['applied', 'settled-before']);
});

test('whoever has lost the lease comes back, and neither its success nor its failure counts', async () => {
  const another = async (id: string) => {
    const TableName = ground.setup.tables.ledger;
    await ground.parts.dynamodb.send(
      new UpdateItemCommand({
        TableName,
        Key: { id: { S: `each#${id}` } },
        UpdateExpression: 'SET leaseUntil = :until, leaseToken = :token ADD fence :one',
        ExpressionAttributeValues: {
          ':until': { N: String(Date.now() + 60_000) },
          ':token': { S: 'another' },
          ':one': { N: '1' },
        },
      }),
    );
  };
  does.set('well', () => another('well'));
  does.set('badly', async () => {
    await another('badly');
    throw new Error('not now');
  });
  const [well, badly] = [
    await ground.queued('each', 'well', 's1', 1),
    await ground.queued('each', 'badly', 's2', 1),
  ];
  expect(await ground.hand([well, badly])).toEqual(['badly', 'well']);
  expect(ground.outcomes()).toEqual(['lease-lost', 'lease-lost']);
  for (const id of ['well', 'badly'])
    expect(await itemOf('ledger', `each#${id}`)).toMatchObject({
      state: { S: 'queued' },
      attempts: { N: '0' },
      leaseToken: { S: 'another' },
    });
});

test('a source that is serial has one handler at a time for a subject, in any order, and keeps its newest state', async () => {
  const [second, first] = [
    await ground.queued('serial', 'later', 'one', 2),
    await ground.queued('serial', 'earlier', 'one', 1),
  ];
  does.set('later', async () => {
    // Another worker, while this one is at work on the subject.
    expect(await ground.hand([first])).toEqual(['earlier']);
  });
  await ground.hand([second]);
  expect(runs).toEqual(['later']);
  await ground.hand([first], 2);
  expect(runs).toEqual(['later', 'earlier']);
  expect(ground.outcomes()).toEqual(['held', 'applied', 'applied']);
  const subject = await itemOf('subjects', 'serial#one');
  expect(subject).toMatchObject({ revision: { N: '2' }, eventId: { S: 'later' } });
  expect(subject).not.toHaveProperty('leaseUntil');
});

test('a serial source leaves no lease when its handler fails, and nothing of a subject that is not kept', async () => {
  failOnce('unlucky');
  const envelope = await ground.queued('serial', 'unlucky', 'two', 1);
  await ground.hand([envelope]);
  const subject = await itemOf('subjects', 'serial#two');
  expect(subject).not.toHaveProperty('leaseUntil');
  expect(subject).toHaveProperty('expiresAt');
});

test('a handler can ask whether its event is the newest', async () => {
  // Nothing is kept of its subject yet: one that was handled before the state was kept may have been newer.
  await ground.hand([await ground.queued('serial', 'n0', 'n', 2)]);
  await ground.hand([await ground.queued('serial', 'n2', 'n', 2)]);
  await ground.hand([await ground.queued('serial', 'n1', 'n', 1)]);
  await ground.hand([await ground.queued('each', 'n3', 'n', 3)]);
  await ground.hand([await ground.queued('handled', 'n4', 'n', 4)]);
  expect(newest).toEqual(['unknown', true, false, 'unknown', true]);
});

test('a handled event costs an acquire and an outcome, one that is kept an outcome', async () => {
  const [handled, kept] = [
    await ground.queued('each', 'cheap', 's', 1),
    await ground.queued('kept', 'kept', 's', 1),
  ];
  ground.asked.length = 0;
  const place = { gate: 'entry' } as const;
  await ground.hand([{ ...handled, place }]);
  const commands = () => ground.asked.map(({ command }) => command);
  expect(commands()).toEqual(['BatchWriteItemCommand', 'UpdateItemCommand', 'UpdateItemCommand']);
  ground.asked.length = 0;
  await ground.hand([{ ...kept, place }]);
  expect(commands()).toEqual(['BatchWriteItemCommand', 'UpdateItemCommand']);
});

test('what was kept before a source got every event tells what is older, and not what is newest', async () => {
  await ground.parts.dynamodb.send(
    new UpdateItemCommand({
      TableName: ground.setup.tables.subjects,
      Key: { id: { S: 'each#former' } },
      UpdateExpression: 'SET revision = :revision, eventId = :event',
      ExpressionAttributeValues: { ':revision': { N: '5' }, ':event': { S: 'before' } },
    }),
  );
  await ground.hand([await ground.queued('each', 'n5', 'former', 7)]);
  await ground.hand([await ground.queued('each', 'n6', 'former', 3)]);
  expect(newest).toEqual(['unknown', false]);
});

test('a copy of an event that was moved to its subject leaves it to its new message, and its handler runs once', async () => {
  const copy = await ground.dead('each', 'moved', 'there');
  const { ledger } = ground.parts;
  const place = { subject: 'there', revision: '1' };
  await ledger.reopen('each', 'moved', place);
  await ground.hand([copy]);
  await ground.hand([{ ...copy, place, again: true }]);
  expect(runs).toEqual(['moved']);
  expect(ground.outcomes()).toEqual(['settled-before', 'applied']);
  expect(await itemOf('subjects', 'each#there')).toMatchObject({ eventId: { S: 'moved' } });
});

test('a serial source lets go of a subject whose state could not be kept', async () => {
  const envelope = await ground.queued('serial', 'unkept', 'three', 1);
  ground.refuses = ({ input }) => input.includes('"#eventId"');
  expect(await ground.hand([envelope])).toEqual(['unkept']);
  ground.refuses = () => false;
  expect(await itemOf('subjects', 'serial#three')).not.toHaveProperty('leaseUntil');
});

test('a copy without a handler of an event that was moved to its subject leaves it to its new message', async () => {
  const copy = await ground.dead('kept', 'moved', 'away');
  const { ledger } = ground.parts;
  const place = { subject: 'away', revision: '1' };
  await ledger.reopen('kept', 'moved', place);
  await ground.hand([copy]);
  expect(await ground.stateOf('kept', 'moved')).toBe('queued');
  await ground.hand([{ ...copy, place, again: true }]);
  expect(ground.outcomes()).toEqual(['settled-before', 'applied']);
  expect(await itemOf('subjects', 'kept#away')).toMatchObject({ eventId: { S: 'moved' } });
});

test('a forced run of an event by itself says in its entry that it was in vain', async () => {
  const envelope = await ground.byItself('each', 'vain', 'v');
  // Its entry was over, and the event has come anew.
  await ground.hand([{ ...envelope, force: 'request' }]);
  expect(runs).toEqual([]);
  expect(ground.outcomes()).toEqual(['forced']);
  expect(await itemOf('ledger', 'each#vain')).toMatchObject({
    state: { S: 'queued' },
    forcedResult: { S: 'The handler did not run again: the event is not applied' },
  });
});

test('a forced run whose worker died before it was noted is noted by the next', async () => {
  const envelope = await ground.byItself('each', 'unnoted', 'u');
  await ground.hand([envelope]);
  ground.refuses = ({ input }) => input.includes('forcedResult');
  expect(await ground.hand([{ ...envelope, force: 'request' }])).toEqual(['unnoted']);
  ground.refuses = () => false;
  await ground.hand([{ ...envelope, force: 'request' }], 2);
  expect(runs).toEqual(['unnoted', 'unnoted']);
  expect(await itemOf('ledger', 'each#unnoted')).toMatchObject({
    forcedResult: { S: 'The handler ran again.' },
  });
});

test('a copy of a moved event is in nobody’s way at a serial source', async () => {
  const copy = await ground.dead('serial', 'moved-serial', 'elsewhere-1');
  const place = { subject: 'elsewhere-1', revision: '1' };
  await ground.parts.ledger.reopen('serial', 'moved-serial', place);
  await ground.hand([copy]);
  await ground.hand([{ ...copy, place, again: true }]);
  expect(ground.outcomes()).toEqual(['settled-before', 'applied']);
  expect(await itemOf('subjects', 'serial#elsewhere-1')).not.toHaveProperty('leaseUntil');
});

test('the fencing number of an event grows also where a redrive moves it to its subject', async () => {
  // As 0.1.0 counted.
  await ground.parts.dynamodb.send(
    new UpdateItemCommand({
      TableName: ground.setup.tables.subjects,
      Key: { id: { S: 'each#counted' } },
      UpdateExpression: 'SET revision = :revision, eventId = :event, fence = :fence',
      ExpressionAttributeValues: { ':revision': { N: '1' }, ':event': { S: 'before' }, ':fence': { N: '3' } },
    }),
  );
  const fences: number[] = [];
  does.set('counted', async (_, { fence }) => {
    fences.push(fence);
    if (fences.length === 1) throw new Error('not now');
  });
  const first = await ground.byItself('each', 'counted', 'counted', 2);
  const { archive, ledger } = ground.parts;
  await archive.put([first]);
  await ground.hand([first]);
  await ledger.settle(first, { state: 'dead', reason: 'given up' });
  const place = { subject: 'counted', revision: '2' };
  await ledger.reopen('each', 'counted', place);
  await ground.hand([{ ...first, place, again: true }]);
  expect(fences).toHaveLength(2);
  expect(fences[1]).toBeGreaterThan(fences[0] ?? 0);
});

test('a redrive does not move an event whose handler is at work, however long ago it has read it', async () => {
  const copy = await ground.dead('each', 'busy', 'there-too');
  const { ledger } = ground.parts;
  let redrive: number | undefined = -1;
  does.set('busy', async () => {
    redrive = await ledger.reopen('each', 'busy', { subject: 'there-too', revision: '1' });
  });
  await ground.hand([copy]);
  expect(redrive).toBeUndefined();
  expect(ground.outcomes()).toEqual(['applied']);
});
