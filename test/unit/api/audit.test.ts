/** What the audit counts. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { audit } from '../../../functions/api/audit.ts';
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

  test('reads a ledger of many pages', async () => {
    await Promise.all(
      Array.from({ length: 700 }, (_, n) =>
        deployment.seed({ id: `e${n}`, state: 'applied', reason: 'x'.repeat(8_000) }),
      ),
    );
    expect((await audit(deployment.parts)).total.applied).toBe(700);
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
