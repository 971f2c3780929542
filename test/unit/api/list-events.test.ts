import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Deployment, startDeployment } from './deployment.ts';

let deployment: Deployment;

beforeAll(async () => {
  deployment = await startDeployment();
  for (let n = 0; n < 60; n++) {
    await deployment.seed({
      source: n % 3 === 0 ? 'chargify' : 'dotdigital',
      id: `e${String(n).padStart(2, '0')}`,
      // Four events share each millisecond, so that pages end within one.
      receivedAt: 10_000 + Math.floor(n / 4),
      state: n % 10 === 0 ? 'dead' : 'applied',
      type: n % 2 === 0 ? 'message.read' : 'message.sent',
      subject: `m${n % 5}`,
      revision: String(n),
    });
  }
  await deployment.seed({ id: 'claimed', state: 'claimed', receivedAt: 10_020 });
  await deployment.seed({ id: 'split', state: 'split', kind: 'batch', receivedAt: 10_020 });
});

afterAll(() => deployment.close());

interface Row {
  id: string;
  source: string;
  receivedAt: string;
}

const ids = (events: Row[]) => events.map(({ id }) => id);

async function list(query: string): Promise<{ events: Row[]; cursor: string | null }> {
  const { status, body } = await deployment.call('GET', `/api/events?${query}`);
  expect(status).toBe(200);
  return body;
}

describe('GET /api/events', () => {
  test('lists the newest first, over all sources and shards, without internal states', async () => {
    const { events, cursor } = await list('limit=500');
    expect(events).toHaveLength(60);
    expect(cursor).toBeNull();
    const sorted = [...events].sort(
      (a, b) =>
        b.receivedAt.localeCompare(a.receivedAt) ||
        `${a.source}#${a.id}`.localeCompare(`${b.source}#${b.id}`, 'en'),
    );
    expect(ids(events)).toEqual(ids(sorted));
  });

  test('shows an event with exactly the fields of the contract', async () => {
    const { events } = await list('subject=m4&limit=1');
    expect(events[0]).toEqual({
      source: 'dotdigital',
      id: 'e59',
      type: 'message.sent',
      subject: 'm4',
      revision: 59,
      tenant: null,
      state: 'applied',
      attempts: 0,
      receivedAt: '1970-01-01T00:00:10.014Z',
      settledAt: null,
      reason: null,
    });
  });

  test('pages through everything once, whatever arrives meanwhile', async () => {
    const all = ids((await list('limit=500')).events);
    const seen: string[] = [];
    let cursor: string | null = '';
    for (let page = 0; cursor !== null; page++) {
      const answer = await list(`limit=7&cursor=${cursor}`);
      seen.push(...ids(answer.events));
      cursor = answer.cursor;
      await deployment.seed({ id: `new${page}`, state: 'dead', receivedAt: 20_000 + page });
    }
    expect(seen).toEqual(all);
  });

  test('filters by source, state, type, subject and time', async () => {
    expect(ids((await list('source=chargify&state=dead')).events)).toEqual(['e30', 'e00']);
    expect(ids((await list('state=dead&type=message.read&subject=m0&before=10015')).events)).toHaveLength(6);
    expect(ids((await list('after=10002&before=1970-01-01T00:00:10.003Z')).events).sort()).toEqual([
      'e08',
      'e09',
      'e10',
      'e11',
    ]);
    expect(ids((await list('state=dead,applied&after=10014&before=10015')).events)).toHaveLength(4);
    expect((await list('subject=nobody')).events).toEqual([]);
  });

  test.each([
    ['state=gone', 'queued, retrying, applied'],
    ['state=claimed', 'queued, retrying, applied'],
    ['limit=0', '1 to 500'],
    ['limit=501', '1 to 500'],
    ['limit=ten', '1 to 500'],
    ['after=yesterday', 'ISO 8601'],
    ['before=99999999999999999999', 'ISO 8601'],
    ['cursor=xyz', 'unchanged'],
    ['cursor=bnVsbA', 'unchanged'],
    ['colour=red', 'the parameters are source'],
    ['source=nobody', 'dotdigital, chargify'],
  ])('answers 400 to %s and says what to write', async (query, hint) => {
    const { status, body } = await deployment.call('GET', `/api/events?${query}`);
    expect(status).toBe(400);
    expect(body).toEqual({ code: 400, message: expect.stringContaining(hint) });
  });
});
