/** A batch is over when all its events are on the queue, and not before. */
import { audit } from '../../../functions/api/audit.ts';
import { getEvent } from '../../../functions/api/get-event.ts';
import { decodeEnvelope, type Envelope } from '../../../functions/core/envelope.ts';
import { reclaimSplit } from '../../../functions/store/ledger/reclaim.ts';
import { messageEvent } from '../../helpers/sign.ts';
import { type Asked, message, workerGround } from '../../helpers/worker-ground.ts';

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
  await reclaimSplit(
    { client: dynamodb, table: tables.ledger, retentionSeconds: 1 },
    'listed',
    'marked',
    Date.now(),
  );
  expect(await getEvent(ground.parts, 'listed', 'marked')).toMatchObject({ state: 'split', reason: null });
  expect(await ground.parts.ledger.claim(batch)).toMatchObject({ claim: 'unconfirmed' });
  await ground.hand([batch]);
  expect(ground.outcomes()).toEqual(['split', 'split']);
  expect(await ground.parts.ledger.claim(batch)).toEqual({ claim: 'duplicate' });
});

describe('a batch that takes longer than an invocation', () => {
  const SIZE = 50;
  const claims = () => ground.asked.filter(({ command }) => command === 'PutItemCommand').length;

  async function counts() {
    const { sources } = await audit(ground.parts, { patienceMs: 0 });
    return sources.listed ?? { accepted: 0, inFlight: 0 };
  }

  function batchOf(id: string, events = SIZE) {
    const names = Array.from({ length: events }, (_, n) => `${id}-${n}`);
    const envelope = message(
      'listed',
      id,
      names.map((name) => messageEvent(name, 'sent')),
      { kind: 'batch' },
    );
    return { envelope, ids: names.map((name) => `${name}-sent`) };
  }

  /** Hands a message over to an invocation whose time is over when so many events are claimed. */
  async function handUntil(envelope: Envelope, events: number): Promise<Envelope | undefined> {
    ground.asked.length = 0;
    const back = await ground.hand([envelope], 1, () => (claims() < events ? 300_000 : 1_000));
    expect(back).toEqual([]);
    return ground.asked
      .filter(({ command }) => command === 'SendMessageCommand')
      .map(({ input }) => decodeEnvelope(JSON.parse(input).MessageBody))
      .find(({ kind }) => kind === 'batch');
  }

  test('goes on in the next one where it has stopped, and is split in the end', async () => {
    const { envelope, ids } = batchOf('long');
    const countsBefore = await counts();
    await ground.parts.ledger.claim({ ...envelope, events: SIZE });
    await ground.parts.ledger.confirm('listed', 'long');
    let rest: Envelope | undefined = envelope;
    let invocations = 0;
    let claimed = 0;
    while (rest) {
      rest = await handUntil(rest, 10);
      claimed += claims();
      invocations++;
      expect(await ground.stateOf('listed', 'long')).toBe(rest ? 'queued' : 'split');
      // However far it is, its events are accepted and in flight, each once.
      const { accepted, inFlight } = await counts();
      expect(accepted - countsBefore.accepted).toBe(SIZE);
      expect(inFlight - countsBefore.inFlight).toBe(SIZE);
      expect(invocations).toBeLessThanOrEqual(SIZE / 10);
    }
    expect(invocations).toBeGreaterThan(1);
    // No event is taken in twice.
    expect(claimed).toBe(SIZE);
    for (const id of ids) expect(await ground.stateOf('listed', id)).toBe('queued');
    expect(ground.outcomes()).toEqual([...Array(invocations - 1).fill('no-time'), 'split']);
  });

  test('begins anew when its pack finds other events in it now', async () => {
    const { envelope, ids } = batchOf('other');
    await ground.parts.ledger.claim({ ...envelope, events: SIZE });
    expect(
      await handUntil({ ...envelope, progress: { taken: SIZE - 1, of: SIZE - 1 } }, SIZE),
    ).toBeUndefined();
    for (const id of ids) expect(await ground.stateOf('listed', id)).toBe('queued');
  });

  test('begins anew when it is sent again from the archive', async () => {
    const { envelope } = batchOf('kept', 2);
    await ground.parts.archive.put([{ ...envelope, progress: { taken: 1, of: 2 } }]);
    expect(await ground.parts.archive.get('listed', 'kept')).not.toHaveProperty('progress');
  });
});

test('a batch of more events than any provider sends is quarantined, in full', async () => {
  const batch = message('listed', 'huge', Array(10_001).fill(0), { kind: 'batch' });
  await ground.parts.ledger.claim({ ...batch, events: 10_001 });
  ground.asked.length = 0;
  expect(await ground.hand([batch])).toEqual([]);
  expect(await getEvent(ground.parts, 'listed', 'huge')).toMatchObject({
    state: 'quarantined',
    reason: 'The body carries 10001 events, and more than 10000 at once come from no provider.',
  });
  expect(ground.asked.filter(({ command }) => command === 'PutItemCommand')).toEqual([]);
});
