/** Whether what is in flight has a message, as the audit tells it from counts that lag behind. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { audit } from '../../../functions/api/audit.ts';
import { eventEntry } from '../../helpers/entry.ts';
import { type Deployment, startDeployment } from './deployment.ts';

let deployment: Deployment;

beforeEach(async () => {
  deployment = await startDeployment();
});

afterEach(() => deployment.close());

const NOW = Date.parse('2026-11-20T12:00:00Z');

describe('audit', () => {
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
});
