import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { replayMany as replayDirectly } from '../../../functions/api/replay-many.ts';
import { number, text } from '../../../functions/aws/dynamodb.ts';
import { MAX_TIES } from '../../../functions/core/decide.ts';
import { decodeEnvelope, type Envelope } from '../../../functions/core/envelope.ts';
import { type Deployment, type Seed, startDeployment } from './deployment.ts';

let deployment: Deployment;

beforeEach(async () => {
  deployment = await startDeployment();
});

afterEach(() => deployment.close());

const replayMany = (body: unknown) => deployment.call('POST', '/api/replay', body);
const replay = (path: string, body: unknown) => deployment.call('POST', `/api/events/${path}/replay`, body);

async function event(seed: Seed) {
  await deployment.seed({ state: 'applied', ...seed });
  await deployment.archive({ id: seed.id, ...(seed.source !== undefined && { source: seed.source }) });
}

/** A subject as the gate has left it. */
const subject = (id: string, revision: string, eventId: string, ties: readonly string[] = []) =>
  deployment.put('subjects', {
    id: text(id),
    revision: number(revision),
    eventId: text(eventId),
    ...(ties.length > 0 && { ties: { SS: [...ties] } }),
  });

async function received(): Promise<Envelope[]> {
  const { Messages = [] } = await deployment.setup.sqs.send(
    new ReceiveMessageCommand({ QueueUrl: deployment.setup.inboxQueueUrl, MaxNumberOfMessages: 10 }),
  );
  return Messages.map(({ Body = '' }) => decodeEnvelope(Body));
}

const ids = async () => (await received()).map(({ id }) => id).sort();

/** One subject at revision 3, and events on every side of it. */
async function story() {
  await event({ id: 'old', subject: 's', revision: '2', state: 'stale', receivedAt: 1_000 });
  await event({ id: 'last', subject: 's', revision: '3', receivedAt: 2_000 });
  await event({ id: 'new', subject: 's', revision: '4', state: 'dead', receivedAt: 3_000 });
  await event({ id: 'odd', state: 'quarantined', receivedAt: 4_000 });
  await subject('dotdigital#s', '3', 'last');
}

describe('POST /api/replay', () => {
  test('a dry run says what the gate would, and does nothing', async () => {
    await story();
    expect((await replayMany({ dryRun: true })).body).toEqual({
      dryRun: true,
      matched: 4,
      replayed: 0,
      forced: 0,
      preview: { apply: 1, stale: 1, quarantined: 0, repeat: 1, unknown: 1 },
      ids: [
        { source: 'dotdigital', id: 'odd', forecast: 'unknown' },
        { source: 'dotdigital', id: 'new', forecast: 'apply' },
        { source: 'dotdigital', id: 'last', forecast: 'repeat' },
        { source: 'dotdigital', id: 'old', forecast: 'stale' },
      ],
      failed: [],
      cursor: null,
    });
    expect(await received()).toEqual([]);
    expect((await deployment.call('GET', '/api/events/dotdigital/new')).body.state).toBe('dead');
  });

  test('foretells each of several events of one revision', async () => {
    for (const id of ['t1', 't2', 't3']) await event({ id, subject: 'tied', revision: '3' });
    await event({ id: 't4', subject: 'tied', revision: '3', state: 'dead' });
    await subject('dotdigital#tied', '3', 't3', ['t1', 't2', 't3']);
    expect((await replayMany({ subject: 'tied', dryRun: true })).body).toMatchObject({
      preview: { apply: 1, stale: 0, quarantined: 0, repeat: 3, unknown: 0 },
    });
    const others = Array.from({ length: MAX_TIES }, (_, n) => `other-${n}`);
    await subject('dotdigital#tied', '3', 'other-0', others);
    expect((await replayMany({ subject: 'tied', dryRun: true })).body).toMatchObject({
      preview: { apply: 0, quarantined: 4, repeat: 0 },
    });
  });

  test('foretells that what an own event of 0.1.0 has left orders nothing', async () => {
    await event({ id: 'e', subject: 'left', revision: '3', state: 'dead' });
    await deployment.put('subjects', {
      id: text('dotdigital#left'),
      revision: number('9'),
      eventId: text('left'),
      expiresAt: number(2_000_000_000),
    });
    expect((await replay('dotdigital/e', { dryRun: true })).body).toMatchObject({ forecast: 'apply' });
  });

  test('sends what matches, in a range of time', async () => {
    await story();
    const { body } = await replayMany({ after: 2_000, before: 4_000 });
    expect(body).toMatchObject({ matched: 2, replayed: 2 });
    expect(await ids()).toEqual(['last', 'new']);
    expect((await deployment.call('GET', '/api/events/dotdigital/new')).body.state).toBe('queued');
  });

  test('takes 500 a call, and a cursor to go on', async () => {
    await Promise.all(
      Array.from({ length: 502 }, (_, n) => deployment.seed({ id: `e${n}`, state: 'stale' })),
    );
    const { body: first } = await replayMany({ dryRun: true });
    expect([first.matched, typeof first.cursor]).toEqual([500, 'string']);
    const { body: second } = await replayMany({ dryRun: true, cursor: first.cursor });
    expect([second.matched, second.cursor]).toEqual([2, null]);
  });

  test('without a list of events: 409 rather than nothing found, unless an id is given', async () => {
    await event({ id: 'a' });
    const parts = { ...deployment.parts, config: { ...deployment.parts.config, listing: false } };
    const filters = { force: false, dryRun: true };
    await expect(replayDirectly(parts, filters)).rejects.toThrow('quarantined and dead events only');
    expect(await replayDirectly(parts, { ...filters, id: 'a' })).toMatchObject({ matched: 1 });
  });

  test('names what cannot be sent', async () => {
    await deployment.seed({ id: 'bare', state: 'applied' });
    const { body } = await replayMany({ state: 'applied' });
    expect(body).toMatchObject({ matched: 1, replayed: 0, ids: [] });
    expect(body.failed).toEqual([
      { source: 'dotdigital', id: 'bare', problem: expect.stringContaining('not archived') },
    ]);
  });

  test('with force only the newest of a subject is marked, and only where a handler can run', async () => {
    await story();
    await event({ source: 'chargify', id: 'p1' });
    await subject('chargify#p1', '1', 'p1');
    const { body } = await replayMany({ force: true, state: 'applied,stale' });
    expect(body).toMatchObject({ matched: 3, replayed: 1, forced: 1 });
    expect(await received()).toMatchObject([{ id: 'p1', force: expect.any(String) }]);
  });

  test.each([
    ['[]', 'JSON object'],
    ['{"ids":["a/b"]}', 'unknown key'],
    ['{"dryRun":1}', 'true or false'],
    ['{"force":"yes"}', 'true or false'],
    ['{"cursor":"x"}', 'cursor'],
    ['{"state":"gone"}', 'state'],
  ])('answers 400 to %s', async (body, hint) => {
    expect(await replayMany(body)).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining(hint) },
    });
  });
});

describe('POST /api/events/{source}/{id}/replay', () => {
  test('a dry run says what would become of it', async () => {
    await story();
    for (const [key, forecast] of Object.entries({
      old: 'stale',
      last: 'repeat',
      new: 'apply',
      odd: 'unknown',
    })) {
      const { body } = await replay(`dotdigital/${key}`, { dryRun: true });
      expect(body).toMatchObject({ id: key, dryRun: true, forecast, forced: false });
      expect(body.state).toBe(body.was);
    }
    expect(await received()).toEqual([]);
  });

  test('force marks the message, and the mark is never archived', async () => {
    await event({ source: 'chargify', id: 'p1' });
    await subject('chargify#p1', '1', 'p1');
    const { body } = await replay('chargify/p1', { force: true });
    expect(body).toMatchObject({ was: 'applied', state: 'applied', forecast: 'repeat', forced: true });
    const [envelope] = await received();
    expect(envelope?.force).toMatch(/^[0-9a-f-]{36}$/);
    if (envelope) await deployment.parts.archive.put([envelope]);
    await replay('chargify/p1', {});
    expect(await received()).toEqual([expect.not.objectContaining({ force: expect.anything() })]);
  });

  test('force for an older revision, or without a handler: 409, and nothing is sent', async () => {
    await event({ source: 'chargify', id: 'p1', subject: 'c', revision: '1' });
    await subject('chargify#c', '2', 'p2');
    expect(await replay('chargify/p1', { force: true })).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining('not the newest') },
    });
    await story();
    expect(await replay('dotdigital/last', { force: true })).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining('no handler') },
    });
    expect(await received()).toEqual([]);
  });

  test('force does nothing special for an event that is yet to be applied', async () => {
    await event({ source: 'chargify', id: 'p1', state: 'dead' });
    expect((await replay('chargify/p1', { force: true })).body).toMatchObject({
      state: 'queued',
      forced: false,
    });
    expect(await received()).toEqual([expect.not.objectContaining({ force: expect.anything() })]);
  });

  test.each([
    ['{"force":1}', 'force'],
    ['{"dryRun":"no"}', 'dryRun'],
    ['{"all":true}', 'unknown key'],
  ])('answers 400 to %s', async (body, hint) => {
    expect(await replay('dotdigital/a', body)).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining(hint) },
    });
  });
});
