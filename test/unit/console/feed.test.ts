/** The live feed and the values of payload fields, on tables of their own. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { feed, parseFeedQuery } from '../../../functions/console/feed.ts';
import { parseValuesRequest, readValues } from '../../../functions/console/values.ts';
import { type Deployment, startDeployment } from '../api/deployment.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');
let deployment: Deployment;

beforeAll(async () => {
  deployment = await startDeployment();
});
afterAll(() => deployment.close());

const ask = async (since: number | undefined, watch: string[] = [], now = NOW) => {
  const page = await feed(deployment.parts, { ...(since !== undefined && { since }), watch }, now);
  return { ...page, events: page.events.map(({ id, state }) => `${id} ${state}`).sort() };
};

describe('the feed', () => {
  test('begins with the present', async () => {
    expect(await ask(undefined)).toEqual({ cursor: String(NOW), events: [], missed: false });
  });

  test('tells what is in flight and what has settled since, and leaves out what had before', async () => {
    await deployment.seed({ id: 'waiting', state: 'queued', receivedAt: NOW - 5_000 });
    await deployment.seed({ id: 'new', state: 'applied', receivedAt: NOW - 800, settledAt: NOW - 500 });
    await deployment.seed({ id: 'late', state: 'stale', receivedAt: NOW - 9_000, settledAt: NOW - 100 });
    await deployment.seed({
      id: 'known',
      state: 'applied',
      receivedAt: NOW - 9_000,
      settledAt: NOW - 8_000,
    });
    await deployment.seed({ id: 'claim', state: 'claimed', receivedAt: NOW - 500 });
    await deployment.seed({
      id: 'batch',
      state: 'split',
      kind: 'batch',
      receivedAt: NOW - 500,
      settledAt: NOW,
    });
    expect(await ask(NOW - 1_000)).toMatchObject({
      events: ['late stale', 'new applied', 'waiting queued'],
      missed: false,
    });
  });

  test('tells of old events that are watched', async () => {
    await deployment.seed({
      id: 'old',
      state: 'dead',
      receivedAt: NOW - 3_600_000,
      settledAt: NOW - 3_000_000,
    });
    expect((await ask(NOW - 1_000, ['dotdigital#old', 'dotdigital#gone'])).events).toContain('old dead');
    expect((await ask(NOW - 1_000)).events).not.toContain('old dead');
  });

  test('an event that settles is told of again, with what it has become', async () => {
    await deployment.seed({
      id: 'waiting',
      state: 'applied',
      receivedAt: NOW - 5_000,
      settledAt: NOW + 300,
    });
    expect((await ask(NOW, [], NOW + 400)).events).toContain('waiting applied');
  });

  test('says when somebody was away for too long', async () => {
    expect(await ask(NOW - 61_000)).toEqual({ cursor: String(NOW), events: [], missed: true });
  });

  test.each(['cursor=x', 'cursor=-1', 'watch=a', 'watch=a/%', `watch=${'a/b,'.repeat(101)}`])(
    'refuses %s',
    (query) => {
      expect(() => parseFeedQuery(new URLSearchParams(query))).toThrow(/cursor|watch/);
    },
  );

  test('takes what the page sends', () => {
    const watch = ['a', 'b/c,d'].map((id) => `dotdigital/${encodeURIComponent(id)}`).join(',');
    expect(parseFeedQuery(new URLSearchParams({ cursor: '5', watch }))).toEqual({
      since: 5,
      watch: ['dotdigital#a', 'dotdigital#b/c,d'],
    });
  });
});

describe('values of a payload field', () => {
  const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');

  test('come in the order of the question, single values only', async () => {
    await deployment.archive({ id: 'v1', body: base64({ a: { b: 1 }, long: 'x'.repeat(500), list: [1] }) });
    await deployment.archive({ id: 'v2', body: base64({ a: { b: null }, 'x.y': 1, __proto__: { c: 1 } }) });
    await deployment.archive({ id: 'v3', body: Buffer.from('no json').toString('base64') });
    const events = ['v2', 'v1', 'v3', 'gone'].map((id) => ({ source: 'dotdigital', id }));
    const answer = await readValues(deployment.parts, parseValuesRequest({ field: 'a.b', events }));
    expect(answer).toEqual({ values: [null, '1', null, null], fields: ['a.b', 'long'] });
    for (const field of ['a', 'list.0.x', 'toString', 'constructor.name', '__proto__.c']) {
      expect((await readValues(deployment.parts, { field, events })).values).toEqual([
        null,
        null,
        null,
        null,
      ]);
    }
    const { values } = await readValues(deployment.parts, { field: 'long', events });
    expect(values[1]?.length).toBe(80);
  });

  test.each([null, {}, { field: 1, events: [] }, { field: 'a', events: [1] }, { field: 'a', events: {} }])(
    'refuses %j',
    (body) => {
      expect(() => parseValuesRequest(body)).toThrow(/field|events/);
    },
  );
});
