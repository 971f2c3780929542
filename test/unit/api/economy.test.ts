/** What a stage that writes less can say, and what it cannot: `listing: false` and `economy: true`. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { audit } from '../../../functions/api/audit.ts';
import { parseEventQuery } from '../../../functions/api/event-query.ts';
import { getEvent } from '../../../functions/api/get-event.ts';
import { listEvents } from '../../../functions/api/list-events.ts';
import type { ApiParts } from '../../../functions/api/parts.ts';
import type { EventSummary } from '../../../functions/api/types.ts';
import { keeping } from '../../../functions/config/config.ts';
import { Ledger } from '../../../functions/store/ledger/ledger.ts';
import { eventEntry } from '../../helpers/entry.ts';
import { type Deployment, startDeployment } from './deployment.ts';

let deployment: Deployment;
let economy: ApiParts;

beforeEach(async () => {
  deployment = await startDeployment();
  economy = { ...deployment.parts, config: { ...deployment.parts.config, economy: true } };
});

afterEach(() => deployment.close());

const NOW = Date.parse('2026-11-20T12:00:00Z');
const ids = (events: readonly EventSummary[]) => events.map(({ id }) => id);
const list = (parts: ApiParts, query: string) =>
  listEvents(parts, parseEventQuery(new URLSearchParams(query)));

describe('the list without an index', () => {
  test('says why it is empty, and how events are found', async () => {
    await deployment.seed({ id: 'a', state: 'applied', listed: false });
    const page = await list(economy, '');
    expect(page).toMatchObject({ events: [], cursor: null });
    expect(page.note).toMatch(/keeps no listing \(economy: true\).*by their id/);
    const config = { ...deployment.parts.config, listing: false };
    const withoutListing = await list({ ...deployment.parts, config }, 'type=paid');
    expect(withoutListing.note).toContain('(listing: false)');
  });

  test('says nothing of the kind where all is found: by id, or with an index', async () => {
    await deployment.seed({ id: 'a', state: 'applied', listed: false });
    const found = await list(economy, 'id=a');
    expect([ids(found.events), 'note' in found]).toEqual([['a'], false]);
    expect('note' in (await list(deployment.parts, ''))).toBe(false);
    const config = { ...economy.config, listing: true };
    expect('note' in (await list({ ...economy, config }, ''))).toBe(false);
  });

  test('lists what was quarantined or died all the same, newest first, page by page', async () => {
    for (const [n, state] of (['dead', 'quarantined', 'applied', 'dead', 'claimed'] as const).entries())
      await deployment.seed({ id: `e${n}`, state, receivedAt: 1_000 + n, listed: false });
    await deployment.seed({ source: 'chargify', id: 'c', state: 'dead', receivedAt: 2_000, listed: false });
    const all = await list(economy, 'state=quarantined,dead');
    expect([ids(all.events), all.cursor, 'note' in all]).toEqual([['c', 'e3', 'e1', 'e0'], null, false]);
    expect(ids((await list(economy, 'state=dead&source=dotdigital')).events)).toEqual(['e3', 'e0']);
    expect(ids((await list(economy, 'state=dead&after=1001&before=2000')).events)).toEqual(['e3']);
    const first = await list(economy, 'state=quarantined,dead&limit=3');
    const second = await list(economy, `state=quarantined,dead&limit=3&cursor=${first.cursor}`);
    expect([ids(first.events), ids(second.events), second.cursor]).toEqual([['c', 'e3', 'e1'], ['e0'], null]);
  });

  test('what was given up meanwhile is listed when there is an index again', async () => {
    await deployment.seed({ id: 'a', state: 'queued', listed: false });
    await deployment.seed({ id: 'b', state: 'queued', listed: false });
    const { dynamodb, tables, now } = deployment.setup;
    const ledger = new Ledger(dynamodb, tables.ledger, 86_400, now, keeping({ sources: {}, listing: false }));
    await ledger.settle(eventEntry('dotdigital', 'a'), { state: 'dead', reason: 'gave up' });
    await ledger.settle(eventEntry('dotdigital', 'b'), { state: 'applied' });
    expect(ids((await list(deployment.parts, '')).events)).toEqual(['a']);
    expect(ids((await list(deployment.parts, 'state=dead')).events)).toEqual(['a']);
  });

  test('a source that there is not: 400, and none for one that was removed', async () => {
    await expect(list(economy, 'state=dead&source=nope')).rejects.toMatchObject({ status: 400 });
    await deployment.seed({ source: 'removed', id: 'r', state: 'dead', listed: false });
    expect(ids((await list(economy, 'state=dead&source=removed')).events)).toEqual(['r']);
  });
});

describe('without a confirmation', () => {
  test('a claimed event may have been acknowledged: nothing else is said', async () => {
    await deployment.seed({ id: 'half', state: 'claimed' });
    const message = (parts: ApiParts) =>
      getEvent(parts, 'dotdigital', 'half').then(
        () => 'found',
        (error: Error) => error.message,
      );
    expect(await message(economy)).toMatch(/in flight, was never acknowledged, or is lost/);
    expect(await message(deployment.parts)).toMatch(
      /never acknowledged, and the provider sends it again; or only its confirmation failed/,
    );
  });

  test('the audit names claims without a message, and calls them neither lost nor unacknowledged', async () => {
    await deployment.seed({ id: 'old', state: 'claimed', receivedAt: NOW - 200_000 });
    await deployment.seed({ id: 'older', state: 'claimed', receivedAt: NOW - 300_000 });
    await deployment.seed({ id: 'young', state: 'claimed', receivedAt: NOW - 1_000 });
    await deployment.send('inbox');
    const report = await audit(economy, { patienceMs: 0 });
    expect(report).toMatchObject({ balanced: true, problems: [], total: { accepted: 0, unconfirmed: 3 } });
    expect(report.withoutMessage).toEqual({ count: 1, ids: [{ source: 'dotdigital', id: 'older' }] });
  });

  test('the young one may be on its way to the queue: two messages are those of the old ones', async () => {
    await deployment.seed({ id: 'old', state: 'claimed', receivedAt: NOW - 200_000 });
    await deployment.seed({ id: 'older', state: 'claimed', receivedAt: NOW - 300_000 });
    await deployment.seed({ id: 'young', state: 'claimed', receivedAt: NOW - 1_000 });
    await deployment.send('inbox');
    await deployment.send('inbox');
    expect((await audit(economy)).withoutMessage).toEqual({ count: 0, ids: [] });
  });

  test('with a message for each, or all of them young, it names none', async () => {
    await deployment.seed({ id: 'old', state: 'claimed', receivedAt: NOW - 200_000 });
    await deployment.send('inbox');
    expect((await audit(economy)).withoutMessage).toEqual({ count: 0, ids: [] });
    await deployment.purge();
    const early = { ...economy, now: () => NOW - 190_000 };
    expect((await audit(early)).withoutMessage).toEqual({ count: 0, ids: [] });
  });

  test('what settles while it counts is not named', async () => {
    await deployment.seed({ id: 'old', state: 'claimed', receivedAt: NOW - 200_000 });
    const { sqs } = deployment.setup;
    // The worker is faster than the audit: it settles the event and deletes the message before the queues are asked.
    const settling = Object.create(sqs, {
      send: {
        value: async (...asked: Parameters<typeof sqs.send>) => {
          await deployment.parts.ledger.settle(eventEntry('dotdigital', 'old'), { state: 'applied' });
          return sqs.send(...asked);
        },
      },
    });
    expect((await audit({ ...economy, sqs: settling })).withoutMessage).toEqual({ count: 0, ids: [] });
  });

  test('an event in flight that was confirmed is still missed', async () => {
    await deployment.seed({ id: 'queued', state: 'queued', receivedAt: NOW - 200_000 });
    await deployment.seed({ id: 'old', state: 'claimed', receivedAt: NOW - 200_000 });
    const report = await audit(economy, { patienceMs: 0 });
    expect(report).toMatchObject({ balanced: false, problems: [{ id: 'queued' }] });
    expect(report.withoutMessage?.ids).toEqual([{ source: 'dotdigital', id: 'old' }]);
  });

  test('with confirmations, too: one may have failed, and its message be lost', async () => {
    await deployment.seed({ id: 'old', state: 'claimed', receivedAt: NOW - 200_000 });
    const { balanced, withoutMessage } = await audit(deployment.parts);
    expect({ balanced, withoutMessage }).toEqual({
      balanced: true,
      withoutMessage: { count: 1, ids: [{ source: 'dotdigital', id: 'old' }] },
    });
  });

  test('a delivery of no events has none to lose', async () => {
    await deployment.seed({
      id: 'empty',
      state: 'claimed',
      kind: 'batch',
      events: 0,
      receivedAt: NOW - 200_000,
    });
    expect((await audit(economy)).withoutMessage).toEqual({ count: 0, ids: [] });
  });
});
