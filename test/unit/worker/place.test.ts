/**
 * Where an event passes the gate is decided once, and travels with its messages: a deployment in between, under which it
 * would be of another subject or have another revision, applies it no second time.
 */
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { getEvent } from '../../../functions/api/get-event.ts';
import { createApiParts } from '../../../functions/api/parts.ts';
import { reclaimEvent } from '../../../functions/api/reclaim.ts';
import { replayEvent } from '../../../functions/api/replay.ts';
import type { EventDetail } from '../../../functions/api/types.ts';
import type { InletConfig } from '../../../functions/config/config.ts';
import { decodeEnvelope, type Envelope, encodeEnvelope } from '../../../functions/core/envelope.ts';
import type { Place } from '../../../functions/core/place.ts';
import { composeIngest } from '../../../functions/ingest/compose.ts';
import { composeWorker } from '../../../functions/worker/compose.ts';
import { messageEvent } from '../../helpers/sign.ts';
import { sqsEvent } from '../../helpers/sqs-event.ts';
import { message, workerGround } from '../../helpers/worker-ground.ts';
import { gatewayEvent } from '../../proof/degradation/gateway-event.ts';

const runs: string[] = [];
let work = async () => {};
const handle = async ({ id, subject }: { id: string; subject: string }) => {
  runs.push(`${id} of ${subject}`);
  await work();
};
const ground = await workerGround({ handle });
const { sources } = ground.setup.config;
const owner = { subject: 'payload.owner' };
const changed: InletConfig = {
  ...ground.setup.config,
  sources: {
    handled: { ...sources.handled, ...owner } as InletConfig['sources'][string],
    kept: { ...sources.kept, ...owner } as InletConfig['sources'][string],
    listed: { provider: 'dotdigital', mode: 'each' },
  },
};

beforeEach(() => {
  runs.length = 0;
  work = async () => {};
});

const payloadOf = (id: string) => ({ id, subject: `m-${id}`, owner: `o-${id}`, revision: 3 });
const oldPlace = (id: string): Place => ({ subject: `m-${id}`, revision: '3' });
const newPlace = (id: string): Place => ({ subject: `o-${id}`, revision: '3' });

/** What was sent since the test began. */
function sent(): Envelope[] {
  return ground.asked
    .filter(({ command }) => command === 'SendMessageCommand')
    .map(({ input }) => decodeEnvelope(JSON.parse(input).MessageBody));
}

function lastSent(): Envelope {
  const last = sent().at(-1);
  if (!last) throw new Error('nothing was sent');
  return last;
}

/** Takes an event in. */
async function post(source: string, payload: unknown, config = ground.setup.config): Promise<Envelope> {
  const ingest = composeIngest({ ...ground.setup, config, secrets: { get: async () => [] } });
  const headers = { 'content-type': 'application/json' };
  const answer = await ingest(gatewayEvent(source, JSON.stringify(payload), headers));
  expect(Object(answer).statusCode).toBe(200);
  return lastSent();
}

/** Hands a message to a worker. */
async function hand(envelope: Envelope, config = ground.setup.config, receives = 1): Promise<void> {
  const own = { name: 'own', description: 'The own.', handle };
  const { worker } = composeWorker({ ...ground.setup, config }, { own });
  await worker(sqsEvent(encodeEnvelope(envelope), receives), { getRemainingTimeInMillis: () => 300_000 });
}

/** The worker passes the gate and dies before it tells the ledger. */
async function handAndDie(envelope: Envelope): Promise<void> {
  ground.refuses = ({ input }) => input.includes('settledAt');
  await hand(envelope);
  ground.refuses = () => false;
}

const api = (config = changed) => createApiParts({ ...ground.setup, config, countsSettleMs: 0 });
const eventOf = ({ source, id }: Envelope): Promise<EventDetail> => getEvent(api(), source, id);

/** The event that a subject has taken last. */
async function takenBy(source: string, subject: string): Promise<string | undefined> {
  const Key = { id: { S: `${source}#${subject}` } };
  const { Item } = await ground.setup.dynamodb.send(
    new GetItemCommand({ TableName: ground.setup.tables.subjects, Key, ConsistentRead: true }),
  );
  return Item?.eventId?.S;
}

/** An event that was given up. */
async function dead(id: string): Promise<Envelope> {
  const envelope = await post('handled', payloadOf(id));
  await ground.giveUp(envelope);
  expect(await ground.stateOf('handled', id)).toBe('dead');
  return envelope;
}

describe('the message says the place', () => {
  test('of an event that is taken in, and of a further message of what was not confirmed', async () => {
    ground.refuses = ({ input }) => input.includes(':queued');
    const first = await post('handled', payloadOf('taken'));
    expect(first).toMatchObject({ place: oldPlace('taken') });
    const again = await post('handled', payloadOf('taken'), changed);
    expect(again).toMatchObject({ place: oldPlace('taken'), again: true });
  });

  test('of each event of a batch', async () => {
    const batch = message('listed', 'places', [messageEvent('p', 'sent'), messageEvent('p', 'read')], {
      kind: 'batch',
    });
    await ground.hand([batch]);
    expect(sent().map(({ place }) => place)).toEqual([
      { subject: 'space:message:p', revision: '0' },
      { subject: 'space:message:p', revision: '2' },
    ]);
  });

  test('but not of one that is quarantined: that is for the redrive to decide', async () => {
    const unreadable = { ...payloadOf('unread'), revision: 'none' };
    expect((await post('handled', unreadable)).place).toBeUndefined();
    expect((await post('handled', payloadOf('read'))).place).toBeDefined();
  });

  test('nor does a further message of that one, although the configuration has been mended meanwhile', async () => {
    ground.refuses = ({ input }) => input.includes(':queued');
    const payload = { ...payloadOf('unread-1'), revision: 'none', at: 7 };
    await post('handled', payload);
    const handled = { ...sources.handled, revision: 'payload.at' } as InletConfig['sources'][string];
    const again = await post('handled', payload, { ...changed, sources: { handled } });
    expect([again.again, again.place]).toEqual([true, undefined]);
  });

  test('and is not archived', async () => {
    const envelope = await post('kept', payloadOf('archived'));
    await hand(envelope);
    const { place: _, ...rest } = envelope;
    expect(await api().archive.get('kept', 'archived')).toEqual(rest);
  });
});

describe.each(['handled', 'kept'] as const)(
  'a message of the source "%s", under another configuration',
  (source) => {
    test('passes where it passed before its worker died', async () => {
      const envelope = await post(source, payloadOf(`died-${source}`));
      await handAndDie(envelope);
      await hand(envelope, changed, 2);
      expect(await eventOf(envelope)).toMatchObject({ state: 'applied', subject: `m-${envelope.id}` });
      expect(await takenBy(source, `o-${envelope.id}`)).toBeUndefined();
      expect(runs).toHaveLength(source === 'handled' ? 1 : 0);
    });

    test('passes where it says on its first receive, too', async () => {
      const envelope = await post(source, payloadOf(`first-${source}`));
      await hand(envelope, changed);
      expect(await takenBy(source, `m-${envelope.id}`)).toBe(envelope.id);
      expect(await takenBy(source, `o-${envelope.id}`)).toBeUndefined();
    });

    test('ends at the ledger where another message of it has passed elsewhere', async () => {
      const envelope = await post(source, payloadOf(`twin-${source}`));
      await hand({ ...envelope, place: newPlace(envelope.id) });
      await hand(envelope, changed);
      expect(await takenBy(source, `m-${envelope.id}`)).toBeUndefined();
      expect(ground.outcomes().slice(-2)).toEqual(['applied', 'settled-before']);
    });

    test('ends at the ledger where it says no place, as one of 0.1.0, and another message of it has passed', async () => {
      const { place: _, ...envelope } = await post(source, payloadOf(`placeless-${source}`));
      await hand({ ...envelope, place: oldPlace(envelope.id) });
      await hand(envelope, changed);
      expect(await takenBy(source, `o-${envelope.id}`)).toBeUndefined();
      expect(ground.outcomes().slice(-2)).toEqual(['applied', 'settled-before']);
    });

    test('ends at the ledger when it is a replay of what was applied', async () => {
      const envelope = await post(source, payloadOf(`replayed-${source}`));
      await hand(envelope);
      await replayEvent(api(), source, envelope.id);
      expect(lastSent()).toMatchObject({ place: oldPlace(envelope.id), again: true });
      const replayed = lastSent();
      ground.asked.length = 0;
      await hand(replayed, changed);
      expect(ground.outcomes().slice(-2)).toEqual(['applied', 'settled-before']);
      expect(ground.asked.filter(({ input }) => input.includes('subjects'))).toEqual([]);
    });
  },
);

describe('what an operator sends again', () => {
  test('is decided anew by a redrive of what was never applied, and once for all its messages', async () => {
    const envelope = await dead('mended');
    expect(await replayEvent(api(), 'handled', 'mended')).toMatchObject({ state: 'queued' });
    expect(lastSent()).toMatchObject({ place: newPlace('mended'), again: true });
    expect(await eventOf(envelope)).toMatchObject({ subject: 'o-mended' });
    const [, redriven] = sent();
    await replayEvent(api(ground.setup.config), 'handled', 'mended');
    expect(lastSent().place).toEqual(newPlace('mended'));
    if (redriven) await hand(redriven);
    expect(runs).toEqual(['mended of o-mended']);
  });

  test('is decided anew by a redrive of what was quarantined when it was taken in', async () => {
    const envelope = await post('handled', { ...payloadOf('unread-2'), revision: 'none', at: 7 });
    await hand(envelope);
    expect(await ground.stateOf('handled', 'unread-2')).toBe('quarantined');
    const handled = { ...sources.handled, revision: 'payload.at' } as InletConfig['sources'][string];
    const mended = { ...changed, sources: { handled } };
    await replayEvent(api(mended), 'handled', 'unread-2');
    expect(lastSent().place).toEqual({ subject: 'm-unread-2', revision: '7' });
    await hand(lastSent(), mended);
    expect(await eventOf(envelope)).toMatchObject({ state: 'applied', subject: 'm-unread-2', revision: 7 });
  });

  test('says no place while it would be quarantined again', async () => {
    const envelope = await post('handled', { ...payloadOf('unread-3'), revision: 'none' });
    await hand(envelope);
    await replayEvent(api(), 'handled', 'unread-3');
    expect(lastSent().place).toBeUndefined();
    await replayEvent(api(), 'handled', 'unread-3');
    expect(lastSent().place).toBeUndefined();
  });

  test('stays where it was applied, although its entry says that it is dead', async () => {
    const envelope = await dead('through');
    await handAndDie(envelope);
    await replayEvent(api(), 'handled', 'through');
    expect(lastSent().place).toEqual(oldPlace('through'));
    await hand(lastSent(), changed);
    expect(await eventOf(envelope)).toMatchObject({ state: 'applied', subject: 'm-through' });
    expect(runs).toEqual(['through of m-through']);
  });

  test('stays where it was applied through a redrive under a configuration that quarantines it', async () => {
    const envelope = await dead('detour');
    await handAndDie(envelope);
    const handled = { ...sources.handled, revision: 'payload.owner' } as InletConfig['sources'][string];
    const unreadable = { ...changed, sources: { handled } };
    await replayEvent(api(unreadable), 'handled', 'detour');
    expect(lastSent().place).toEqual(oldPlace('detour'));
    await hand(lastSent(), unreadable);
    expect(await eventOf(envelope)).toMatchObject({ state: 'applied', subject: 'm-detour' });
    expect(runs).toEqual(['detour of m-detour']);
  });

  test('is refused while a handler is at work on the subject that it had', async () => {
    const envelope = await dead('at-work');
    work = async () => {
      await expect(replayEvent(api(), 'handled', 'at-work')).rejects.toThrow(
        'a handler is at work on m-at-work',
      );
    };
    await hand(envelope);
    expect(runs).toHaveLength(1);
    expect(sent()).toHaveLength(1);
    expect(await eventOf(envelope)).toMatchObject({ state: 'applied' });
  });

  test('keeps its place in flight, whether it is replayed or reclaimed', async () => {
    await dead('in-flight');
    await replayEvent(api(), 'handled', 'in-flight');
    await replayEvent(api(ground.setup.config), 'handled', 'in-flight');
    expect(lastSent().place).toEqual(newPlace('in-flight'));
    await reclaimEvent(api(ground.setup.config), 'handled', 'in-flight');
    expect(lastSent()).toMatchObject({ place: newPlace('in-flight'), again: true });
  });

  test('runs a handler again at the subject to which the event was applied', async () => {
    const envelope = await post('handled', payloadOf('forced'));
    await hand(envelope);
    const answer = await replayEvent(api(), 'handled', 'forced', { force: true });
    expect(answer).toMatchObject({ forced: true });
    expect(lastSent().place).toEqual(oldPlace('forced'));
    await hand(lastSent(), changed);
    expect(runs).toEqual(['forced of m-forced', 'forced of m-forced']);
    expect((await eventOf(envelope)).history.at(-1)).toMatchObject({ state: 'forced' });
  });
});
