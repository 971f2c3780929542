/** A batch is over when all its events are on the queue, and not before. */
import { getEvent } from '../../functions/api/get-event.ts';
import { reclaimSplit } from '../../functions/ledger/reclaim.ts';
import { decodeEnvelope } from '../../functions/queue/envelope.ts';
import { messageEvent } from '../helpers/sign.ts';
import { type Asked, message, workerGround } from '../helpers/worker-ground.ts';

const ground = await workerGround();

test('a batch of which one event cannot be queued comes back whole', async () => {
  const payload = ['a', 'b', 'c'].map((name) => messageEvent(name, 'sent'));
  const batch = message('listed', 'batch', payload, { kind: 'batch' });
  await ground.parts.ledger.claim({ ...batch, events: 3 });
  ground.refuses = ({ command, input }: Asked) =>
    command === 'SendMessageCommand' && decodeEnvelope(JSON.parse(input).MessageBody).id === 'b-sent';
  expect(await ground.hand([batch])).toEqual(['batch']);
  expect(await ground.stateOf('listed', 'batch')).toBe('claimed');
  ground.refuses = () => false;
  ground.asked.length = 0;
  expect(await ground.hand([batch], 2)).toEqual([]);
  expect(await ground.stateOf('listed', 'batch')).toBe('split');
  // Those that are on the queue are not sent again.
  expect(ground.asked.filter(({ command }) => command === 'SendMessageCommand')).toHaveLength(1);
  for (const { eventId } of payload) expect(await ground.stateOf('listed', eventId)).toBe('queued');
});

test('what was applied as one event is not split later by a pack that finds several in it', async () => {
  const payload = ['d', 'e'].map((name) => messageEvent(name, 'sent'));
  const whole = message('listed', 'whole', payload);
  await ground.parts.ledger.claim(whole);
  await ground.parts.ledger.settle(whole, { state: 'applied' });
  expect(await ground.hand([{ ...whole, again: true }])).toEqual([]);
  expect(ground.outcomes()).toEqual(['settled-before']);
  for (const { eventId } of payload) expect(await ground.stateOf('listed', eventId)).toBeUndefined();
});

test('a split batch that is marked for an event of it is split again by its repeat, and asks for no redrive', async () => {
  const batch = message(
    'listed',
    'marked',
    ['f', 'g'].map((name) => messageEvent(name, 'sent')),
    { kind: 'batch' },
  );
  await ground.parts.ledger.claim({ ...batch, events: 2 });
  await ground.hand([batch]);
  const { dynamodb, tables } = ground.setup;
  await reclaimSplit({ client: dynamodb, table: tables.ledger }, 'listed', 'marked', Date.now());
  expect(await getEvent(ground.parts, 'listed', 'marked')).toMatchObject({ state: 'split', reason: null });
  expect(await ground.parts.ledger.claim(batch)).toMatchObject({ claim: 'unconfirmed' });
  await ground.hand([batch]);
  expect(ground.outcomes()).toEqual(['split', 'split']);
  expect(await ground.parts.ledger.claim(batch)).toEqual({ claim: 'duplicate' });
});
