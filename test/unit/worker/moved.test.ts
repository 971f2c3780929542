/** Events by themselves whose source wants the newest only by now: a redrive moves them to their subjects. */
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { readEntry } from '../../../functions/api/get-event.ts';
import { sendAgain } from '../../../functions/api/send-again.ts';
import type { Handler } from '../../../functions/core/handler.ts';
import { source, workerGround } from '../../helpers/worker-ground.ts';

const latest = { ...source, handler: 'own', mode: 'latest' as const };
let handle: Handler['handle'] = async () => {};
const ground = await workerGround({
  handle: (event, context) => handle(event, context),
  timeoutSeconds: 0.05,
  config: { sources: { each: { ...latest, keepState: true }, plain: latest } },
});
beforeEach(() => {
  handle = async () => {};
});

test('a redrive that has read an event before its handler began does not move it', async () => {
  const copy = await ground.dead('each', 'busy', 'one');
  const read = await readEntry(ground.parts, 'each', 'busy');
  if (!read) throw new Error('no entry');
  let answer: unknown;
  handle = async () => {
    answer = await sendAgain(ground.parts, read).catch((error: unknown) => error);
  };
  await ground.hand([copy]);
  expect(answer).toMatchObject({
    status: 409,
    message: expect.stringMatching(/^a handler is at work on busy of each/),
  });
  expect(ground.outcomes()).toEqual(['applied']);
});

test('neither a copy that is left over nor the message of the redrive leaves a lease', async () => {
  const copy = await ground.dead('each', 'moved', 'two');
  const place = { subject: 'two', revision: '1' };
  await ground.parts.ledger.reopen('each', 'moved', place);
  const redriven = { ...copy, place, again: true as const };
  await ground.hand([copy, redriven]);
  await ground.hand([copy]);
  expect(ground.outcomes().toSorted()).toEqual(['applied', 'settled-before', 'settled-before']);
  const item = await ground.itemOf('subjects', 'each#two');
  expect(item).toMatchObject({ eventId: { S: 'moved' } });
  expect(item).not.toHaveProperty('leaseUntil');
});

test('an event by itself is not called the newest of a subject that wants the newest by now', async () => {
  const newest: unknown[] = [];
  handle = async (_, { isNewest }) => void newest.push(await isNewest());
  await ground.hand([await ground.byItself('plain', 'later', 'three', 2)]);
  await ground.hand([await ground.byItself('plain', 'earlier', 'three', 1)]);
  expect(newest).toEqual(['unknown', 'unknown']);
});

/** Writes attributes of an item, whatever it is. */
async function set(
  table: 'ledger' | 'subjects',
  id: string,
  values: Record<string, { N: string } | { S: string }>,
) {
  await ground.parts.dynamodb.send(
    new UpdateItemCommand({
      TableName: ground.setup.tables[table],
      Key: { id: { S: id } },
      UpdateExpression: `SET ${Object.keys(values)
        .map((name) => `${name} = :${name}`)
        .join(', ')}`,
      ExpressionAttributeValues: Object.fromEntries(Object.entries(values).map(([k, v]) => [`:${k}`, v])),
    }),
  );
}

test('a redrive that meets a lease on the entry of an event of a subject is refused at once', async () => {
  const copy = await ground.dead('each', 'skewed', 'four');
  const { ledger } = ground.parts;
  // Moved by somebody whose clock was ahead, so that the lease looked over.
  await ledger.reopen('each', 'skewed', { subject: 'somewhere', revision: '1' });
  await ledger.settle(copy, { state: 'dead', reason: 'given up' });
  await set('ledger', 'each#skewed', { leaseUntil: { N: String(Date.now() + 3_000) } });
  const entry = await readEntry(ground.parts, 'each', 'skewed');
  if (!entry) throw new Error('no entry');
  await expect(sendAgain(ground.parts, entry)).rejects.toMatchObject({ status: 409 });
});

test('nor does a redrive ask for ever where the event has passed at its subject', async () => {
  const at = { subject: 'five', revision: '1' };
  const copy = { ...(await ground.queued('serial', 'passed', 'five', 1)), place: at };
  const { archive, ledger } = ground.parts;
  await archive.put([copy]);
  await ledger.settle(copy, { state: 'dead', reason: 'given up' });
  await ledger.reopen('serial', 'passed', at);
  await ledger.settle(copy, { state: 'dead', reason: 'given up' });
  await set('subjects', 'serial#five', { revision: { N: '1' }, eventId: { S: 'passed' } });
  await set('ledger', 'serial#passed', { leaseUntil: { N: String(Date.now() + 3_000) } });
  const entry = await readEntry(ground.parts, 'serial', 'passed');
  if (!entry) throw new Error('no entry');
  await expect(sendAgain(ground.parts, entry)).rejects.toMatchObject({ status: 409 });
});
