import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { audit } from '../../../functions/api/audit.ts';
import { number, text } from '../../../functions/aws/dynamodb.ts';
import { eventEntry } from '../../helpers/entry.ts';
import { type Deployment, startDeployment } from './deployment.ts';

let deployment: Deployment;

beforeEach(async () => {
  deployment = await startDeployment();
});

afterEach(() => deployment.close());

const zeros = { accepted: 0, applied: 0, stale: 0, quarantined: 0, dead: 0, inFlight: 0, unconfirmed: 0 };

describe('audit', () => {
  test('shows every configured source with zeros when nothing has arrived', async () => {
    const { status, body } = await deployment.call('GET', '/api/audit');
    expect(status).toBe(200);
    expect(body).toEqual({
      balanced: true,
      total: zeros,
      sources: { chargify: zeros, dotdigital: zeros },
      problems: [],
      queues: { messages: 0, waiting: 0 },
      missing: { count: 0, ids: [] },
      overdue: { count: 0, ids: [] },
      withoutMessage: { count: 0, ids: [] },
    });
  });

  test('counts each event by its outcome, and claimed ones apart', async () => {
    const states = [
      'applied',
      'applied',
      'stale',
      'quarantined',
      'dead',
      'queued',
      'retrying',
      'claimed',
    ] as const;
    for (const [n, state] of states.entries()) await deployment.seed({ id: `e${n}`, state });
    await deployment.seed({ source: 'gone', id: 'e', state: 'stale' });
    await deployment.send('inbox');
    await deployment.send('deadLetters');
    const report = await audit(deployment.parts);
    expect(report.balanced).toBe(true);
    expect(report.sources.dotdigital).toEqual({
      accepted: 7,
      applied: 2,
      stale: 1,
      quarantined: 1,
      dead: 1,
      inFlight: 2,
      unconfirmed: 1,
    });
    expect(report.sources.gone).toEqual({ ...zeros, accepted: 1, stale: 1 });
    expect(report.total.accepted).toBe(8);
  });

  test('counts the events of a waiting batch once, half of them split', async () => {
    await deployment.seed({ id: 'batch', kind: 'batch', events: 5, state: 'queued' });
    await deployment.seed({ id: 'a', batch: 'batch', state: 'applied' });
    await deployment.seed({ id: 'b', batch: 'batch', state: 'queued' });
    await deployment.seed({ id: 'c', batch: 'batch', state: 'claimed' });
    await deployment.send('inbox');
    await deployment.send('inbox');
    const report = await audit(deployment.parts);
    expect(report.total).toEqual({ ...zeros, accepted: 5, applied: 1, inFlight: 4 });
    expect(report.balanced).toBe(true);
  });

  test('counts a split batch as nothing, and an unconfirmed event of it as accepted', async () => {
    await deployment.seed({ id: 'batch', kind: 'batch', events: 2, state: 'split' });
    await deployment.seed({ id: 'a', batch: 'batch', state: 'applied' });
    await deployment.seed({ id: 'b', batch: 'batch', state: 'claimed' });
    await deployment.seed({ id: 'c', batch: 'never-confirmed', state: 'claimed' });
    await deployment.send('inbox');
    const report = await audit(deployment.parts);
    expect(report.total).toEqual({ ...zeros, accepted: 2, applied: 1, inFlight: 1, unconfirmed: 1 });
  });

  test.each(['quarantined', 'dead'] as const)(
    'counts the events of a batch that is %s whole',
    async (state) => {
      await deployment.seed({ id: 'batch', kind: 'batch', events: 9, state });
      expect(await audit(deployment.parts)).toMatchObject({
        balanced: true,
        total: { ...zeros, accepted: 9, [state]: 9 },
      });
    },
  );

  test('counts an event of a batch given up half split once: by its own entry, or with the batch', async () => {
    await deployment.seed({ id: 'batch', kind: 'batch', events: 5, state: 'dead' });
    await deployment.seed({ id: 'a', batch: 'batch', state: 'applied' });
    await deployment.seed({ id: 'b', batch: 'batch', state: 'claimed', receivedAt: 1_000 });
    await deployment.seed({ id: 'c', batch: 'batch', state: 'queued' });
    await deployment.send('inbox');
    const report = await audit(deployment.parts);
    expect(report).toMatchObject({ balanced: true, withoutMessage: { count: 0 } });
    expect(report.total).toEqual({ ...zeros, accepted: 5, applied: 1, inFlight: 1, dead: 3 });
  });

  test('counts the events of a batch that was never confirmed once', async () => {
    await deployment.seed({ id: 'batch', kind: 'batch', events: 5, state: 'claimed' });
    await deployment.seed({ id: 'a', batch: 'batch', state: 'applied' });
    await deployment.seed({ id: 'b', batch: 'batch', state: 'claimed' });
    await deployment.send('inbox');
    const report = await audit(deployment.parts);
    expect(report.total).toEqual({ ...zeros, accepted: 1, applied: 1, unconfirmed: 4 });
    expect(report.withoutMessage).toEqual({ count: 0, ids: [] });
  });

  test('does not balance when an event in flight has no message, and names the oldest', async () => {
    await deployment.seed({ id: 'young', state: 'queued', receivedAt: 2_000 });
    await deployment.seed({ id: 'old', state: 'queued', receivedAt: 1_000 });
    await deployment.send('inbox');
    const report = await audit(deployment.parts, { patienceMs: 0 });
    expect(report.balanced).toBe(false);
    expect(report.problems).toEqual([
      {
        source: 'dotdigital',
        id: 'old',
        problem: expect.stringContaining('queued since 1970-01-01T00:00:01'),
      },
    ]);
  });

  test('looks again before it says no: the message appears while it waits', async () => {
    await deployment.seed({ id: 'a', state: 'queued' });
    const running = audit(deployment.parts, { patienceMs: 30_000 });
    await deployment.send('inbox');
    expect((await running).balanced).toBe(true);
  });

  test('looks again before it says no: the event settles while it waits', async () => {
    await deployment.seed({ id: 'a', state: 'queued' });
    const running = audit(deployment.parts, { patienceMs: 30_000 });
    await deployment.parts.ledger.settle(eventEntry('dotdigital', 'a'), { state: 'applied' });
    expect((await running).balanced).toBe(true);
  });

  test('finds a subject that fell behind what was applied to it', async () => {
    const big = '12345678901234567890';
    for (const subject of ['ahead', 'even', 'behind', 'missing']) {
      await deployment.seed({ id: `${subject}-1`, state: 'applied', subject, revision: '3' });
      await deployment.seed({ id: `${subject}-2`, state: 'applied', subject, revision: big });
    }
    const put = (id: string, revision: string) =>
      deployment.put('subjects', { id: text(`dotdigital#${id}`), revision: number(revision) });
    await put('ahead', '12345678901234567891');
    await put('even', big);
    await put('behind', '12345678901234567889');
    const report = await audit(deployment.parts);
    expect(report.balanced).toBe(false);
    expect([...report.problems].sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
      {
        source: 'dotdigital',
        id: 'behind-2',
        problem: expect.stringContaining('stands at 12345678901234567889'),
      },
      { source: 'dotdigital', id: 'missing-2', problem: expect.stringContaining('does not exist') },
    ]);
  });

  test('finds what was called stale although its subject had not moved on', async () => {
    for (const subject of ['ahead', 'even', 'behind', 'missing']) {
      await deployment.seed({ id: `${subject}-1`, state: 'applied', subject, revision: '1' });
      await deployment.seed({ id: `${subject}-3`, state: 'stale', subject, revision: '3' });
    }
    // Its own subject: nothing else can have been newer.
    await deployment.seed({ id: 'own', state: 'stale', revision: '3' });
    for (const [id, revision] of [
      ['ahead', '4'],
      ['even', '3'],
      ['behind', '2'],
    ] as const) {
      await deployment.put('subjects', { id: text(`dotdigital#${id}`), revision: number(revision) });
    }
    const report = await audit(deployment.parts);
    expect(report.balanced).toBe(false);
    expect([...report.problems].sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
      {
        source: 'dotdigital',
        id: 'behind-3',
        problem: 'labelled stale at revision 3, but its subject behind stands at 2',
      },
      {
        source: 'dotdigital',
        id: 'missing-3',
        problem: 'labelled stale at revision 3, but its subject missing does not exist',
      },
    ]);
  });

  test('reads a ledger of many pages', async () => {
    await Promise.all(
      Array.from({ length: 700 }, (_, n) =>
        deployment.seed({ id: `e${n}`, state: 'applied', reason: 'x'.repeat(8_000) }),
      ),
    );
    expect((await audit(deployment.parts)).total.applied).toBe(700);
  });

  test('does not balance with an entry in a state that nothing writes', async () => {
    await deployment.put('ledger', {
      id: text('dotdigital#odd'),
      source: text('dotdigital'),
      key: text('odd'),
      state: text('lost'),
    });
    const report = await audit(deployment.parts);
    expect(report.balanced).toBe(false);
    expect(report.problems[0]?.id).toBe('odd');
  });

  const NOW = Date.parse('2026-11-20T12:00:00Z');

  test('an event whose message cannot have been counted yet is in flight, not lost', async () => {
    await deployment.seed({ id: 'young', state: 'queued', receivedAt: NOW - 30_000 });
    expect((await audit(deployment.parts, { patienceMs: 0 })).balanced).toBe(true);
    const exact = { ...deployment.parts, countsSettleMs: 0 };
    expect((await audit(exact, { patienceMs: 0 })).problems).toMatchObject([{ id: 'young' }]);
    await deployment.seed({ id: 'old', state: 'queued', receivedAt: NOW - 90_000 });
    const report = await audit(deployment.parts, { patienceMs: 0 });
    expect([report.balanced, report.problems[0]?.id]).toEqual([false, 'old']);
  });

  test('a failed attempt shows that the message was there', async () => {
    await deployment.seed({ id: 'a', state: 'queued', receivedAt: NOW - 900_000 });
    await deployment.parts.ledger.recordFailure(eventEntry('dotdigital', 'a'), 'not now');
    expect((await audit(deployment.parts, { patienceMs: 0 })).balanced).toBe(true);
  });

  test('surplus copies hide a missing message in the count, but not its age', async () => {
    const hour = 3_600_000;
    await deployment.seed({ id: 'lost', state: 'queued', receivedAt: NOW - hour });
    await deployment.seed({ id: 'young', state: 'queued', receivedAt: NOW - 1_000 });
    await deployment.send('inbox');
    await deployment.send('inbox');
    expect(await audit(deployment.parts)).toMatchObject({
      balanced: true,
      queues: { messages: 2, waiting: 2 },
      overdue: { count: 0, ids: [] },
      withoutMessage: { count: 0, ids: [] },
    });
    await deployment.receive('inbox');
    expect(await audit(deployment.parts)).toMatchObject({
      balanced: true,
      queues: { messages: 2, waiting: 0 },
      overdue: { count: 1, ids: [{ source: 'dotdigital', id: 'lost' }] },
    });
  });

  test('a redrive under way is in flight; one that was cut short is a problem', async () => {
    await deployment.seed({ id: 'a', state: 'dead', receivedAt: NOW - 900_000 });
    await deployment.parts.ledger.reopen('dotdigital', 'a');
    expect((await audit(deployment.parts, { patienceMs: 0 })).balanced).toBe(true);
    const later = { ...deployment.parts, now: () => NOW + 61_000 };
    const report = await audit(later, { patienceMs: 0 });
    expect(report.balanced).toBe(false);
    expect(report.problems).toEqual([
      { source: 'dotdigital', id: 'a', problem: expect.stringMatching(/^dead, .*redrive again$/) },
    ]);
  });

  test('a redrive whose confirmation failed is no problem while its message is there', async () => {
    await deployment.seed({ id: 'a', state: 'dead', receivedAt: NOW - 900_000 });
    await deployment.parts.ledger.reopen('dotdigital', 'a');
    await deployment.send('inbox');
    const later = { ...deployment.parts, now: () => NOW + 61_000 };
    expect(await audit(later, { patienceMs: 0 })).toMatchObject({ balanced: true, problems: [] });
  });

  test('a redrive whose message a worker has met was not cut short; when it is lost after that, it is missing', async () => {
    await deployment.seed({ id: 'a', state: 'dead', receivedAt: NOW - 900_000 });
    await deployment.parts.ledger.reopen('dotdigital', 'a');
    await deployment.parts.ledger.recordFailure(eventEntry('dotdigital', 'a'), 'not now');
    const later = { ...deployment.parts, now: () => NOW + 61_000 };
    expect((await audit(later, { patienceMs: 0 })).problems).toEqual([
      { source: 'dotdigital', id: 'a', problem: expect.stringMatching(/^retrying since/) },
    ]);
  });

  test('counts, where it is asked to, what the ledger holds of each hour: deliveries, not the events of a batch', async () => {
    const hour = Date.parse('2026-11-20T10:00:00Z');
    const arrivals = [-1, 0, 60_000, 3_584_999, 3_585_000, 3_599_999, 3_600_000];
    for (const [n, later] of arrivals.entries())
      await deployment.seed({ id: `e${n}`, state: 'applied', receivedAt: hour + later });
    await deployment.seed({ id: 'b', kind: 'batch', events: 2, state: 'split', receivedAt: hour + 120_000 });
    await deployment.seed({ id: 'c', batch: 'b', state: 'applied', receivedAt: hour + 120_000 });
    await deployment.seed({ source: 'gone', id: 'e', state: 'claimed', receivedAt: hour });
    const { status, body } = await deployment.call(
      'GET',
      `/api/audit?after=2026-11-20T10:00:00Z&before=${hour + 2 * 3_600_000}`,
    );
    expect([status, body.kept]).toEqual([
      200,
      {
        after: '2026-11-20T10:00:00.000Z',
        before: '2026-11-20T12:00:00.000Z',
        sources: {
          dotdigital: [
            { hour: '2026-11-20T10:00:00.000Z', entries: 6, last: 2 },
            { hour: '2026-11-20T11:00:00.000Z', entries: 1, last: 0 },
          ],
          gone: [{ hour: '2026-11-20T10:00:00.000Z', entries: 1, last: 0 }],
        },
      },
    ]);
    const plain = await deployment.call('GET', '/api/audit');
    expect(plain.body).not.toHaveProperty('kept');
    expect({ ...body, kept: undefined }).toEqual({ ...plain.body, kept: undefined });
  });

  test('does not count a time whose entries may have expired', async () => {
    const { status, body } = await deployment.call('GET', '/api/audit?after=2026-10-01T00:00:00Z');
    expect([status, body.message]).toEqual([400, expect.stringContaining('kept for 720 hours')]);
    expect((await deployment.call('GET', '/api/audit?after=yesterday')).status).toBe(400);
  });
});
