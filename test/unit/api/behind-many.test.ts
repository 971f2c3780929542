/** Events that match lie behind more newer ones than a page of the list looks at. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Backend } from '../../../cli/backend.ts';
import { listEvents } from '../../../cli/events.ts';
import type { EventPage } from '../../../functions/api/types.ts';
import { eventEntry } from '../../helpers/entry.ts';
import { type Deployment, startDeployment } from './deployment.ts';

let deployment: Deployment;

beforeAll(async () => {
  deployment = await startDeployment();
  const newer = Array.from({ length: 5_100 }, (_, n) => ({
    id: `applied-${n}`,
    receivedAt: 20_000 + n,
    state: 'applied' as const,
  }));
  await deployment.seedMany(newer);
  await deployment.seedMany([
    { id: 'dead-1', receivedAt: 10_001, state: 'dead' },
    { id: 'dead-2', receivedAt: 10_002, state: 'dead' },
    { id: 'stale-1', receivedAt: 10_003, state: 'stale' },
  ]);
}, 120_000);
afterAll(() => deployment.close());

const ask = async (query: string) => (await deployment.call('GET', `/api/events?${query}`)).body as EventPage;
const ids = ({ events }: EventPage) => events.map(({ id }) => id);

/** A page, and those behind it. */
async function follow(query: string): Promise<EventPage[]> {
  const pages = [await ask(query)];
  for (let cursor = pages[0]?.cursor; cursor; cursor = pages.at(-1)?.cursor) {
    pages.push(await ask(`${query}&cursor=${cursor}`));
  }
  return pages;
}

test('the first page of what is dead keeps what it has found, and the next one has the rest', async () => {
  await deployment.seed({ id: 'dead-new', receivedAt: 40_000, state: 'dead' });
  const pages = await follow('state=quarantined,dead');
  await deployment.parts.ledger.settle(eventEntry('dotdigital', 'dead-new'), { state: 'applied' });
  expect(pages.map(ids)).toEqual([['dead-new'], ['dead-2', 'dead-1']]);
});

test('and pages of it follow one another', async () => {
  expect((await follow('state=dead&limit=1')).map(ids)).toEqual([[], ['dead-2'], ['dead-1']]);
});

test('a page of another state ends early, and its cursor says that there is more', async () => {
  const page = await ask('state=stale');
  expect([ids(page), page.cursor]).toEqual([[], expect.any(String)]);
});

test('the command line goes on until it has found it', async () => {
  const lines: string[] = [];
  const output = { human: false, json: true, width: 80, line: (text: string) => void lines.push(text) };
  const backend = {
    events: (filters: Record<string, string>) =>
      ask(new URLSearchParams(Object.entries(filters).filter(([, value]) => value !== undefined)).toString()),
  } as unknown as Backend;
  await listEvents(output, backend, { state: 'stale', limit: '50' });
  const page = JSON.parse(lines.join('')) as EventPage;
  expect([ids(page), page.cursor]).toEqual([['stale-1'], null]);
});
