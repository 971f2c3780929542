/** A ledger that takes longer to scan than a page may: pages go on where the one before has ended. */
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { encodeCursor } from '../../../functions/api/cursor.ts';
import { parseEventQuery } from '../../../functions/api/event-query.ts';
import { listEvents } from '../../../functions/api/list-events.ts';
import type { ApiParts } from '../../../functions/api/parts.ts';
import { type Deployment, startDeployment } from './deployment.ts';

/** Entries of one page of a scan, instead of 1 MB of them. */
const SCAN_PAGE = 10;
const DEAD = 30;

let deployment: Deployment;
let parts: ApiParts;
let now = 0;
/** Milliseconds that each page of the scan takes. */
let pageMs = 0;
let scanned = 0;

beforeAll(async () => {
  deployment = await startDeployment();
  await deployment.seedMany(
    Array.from({ length: 300 }, (_, n) => ({
      id: `e${n}`,
      receivedAt: 1_000 + n,
      state: n % 10 === 0 ? ('dead' as const) : ('applied' as const),
      listed: false,
    })),
  );
  const { dynamodb } = deployment.setup;
  const inSmallPages = Object.create(dynamodb, {
    send: {
      value: async (command: Parameters<typeof dynamodb.send>[0]) => {
        if (!(command instanceof ScanCommand)) return dynamodb.send(command);
        const page = await dynamodb.send(new ScanCommand({ ...command.input, Limit: SCAN_PAGE }));
        now += pageMs;
        scanned += page.ScannedCount ?? 0;
        return page;
      },
    },
  });
  const config = { ...deployment.parts.config, listing: false };
  parts = { ...deployment.parts, config, dynamodb: inSmallPages, now: () => now };
});
afterAll(() => deployment.close());
beforeEach(() => {
  scanned = 0;
});

const list = (query: string) => listEvents(parts, parseEventQuery(new URLSearchParams(query)));

/** The ids of each page, to the end. */
async function follow(query: string, between?: (page: number) => Promise<unknown>): Promise<string[][]> {
  const pages: string[][] = [];
  let cursor: string | null = '';
  while (cursor !== null && pages.length < 100) {
    const page = await list(`${query}&cursor=${cursor}`);
    pages.push(page.events.map(({ id }) => id));
    cursor = page.cursor;
    await between?.(pages.length);
  }
  return pages;
}

const newestFirst = Array.from({ length: DEAD }, (_, n) => `e${(DEAD - 1 - n) * 10}`);

test('in time, pages are the newest first', async () => {
  pageMs = 0;
  expect((await follow('state=dead&limit=20')).flat()).toEqual(newestFirst);
});

test.each([1, 4, 50])('out of time, pages of %i have every event once, and reach the end', async (limit) => {
  pageMs = 4_000;
  const pages = await follow(`state=dead&limit=${limit}`);
  expect(pages.length).toBeGreaterThan(1);
  expect(pages.flat().sort()).toEqual([...newestFirst].sort());
  for (const page of pages) {
    expect(page.length).toBeLessThanOrEqual(limit);
    expect(page).toEqual(newestFirst.filter((id) => page.includes(id)));
  }
});

test('what is read once is not read again by each page', async () => {
  pageMs = 4_000;
  await follow('state=dead&limit=50');
  expect(scanned).toBe(300);
});

test('a page ends within its time', async () => {
  pageMs = 4_000;
  const before = now;
  const page = await list('state=quarantined');
  // The pages of the four segments that were on their way then are read to their end.
  expect(now - before).toBeLessThan(15_000 + 5 * pageMs);
  expect([page.events, page.cursor]).toEqual([[], expect.any(String)]);
});

test('what is redriven meanwhile moves no other one out of sight', async () => {
  pageMs = 4_000;
  const rest = new Set(newestFirst);
  await follow('state=dead&limit=2', async (page) => {
    if (page > 1) return;
    await deployment.seed({ id: 'new', state: 'dead', receivedAt: 9_000, listed: false });
  }).then((pages) => {
    for (const id of pages.flat()) rest.delete(id);
  });
  expect([...rest]).toEqual([]);
});

test.each([[['a']], [[1, 2, 3, 4]], [{}], [[null, null, null, null, null]]])(
  'answers 400 to a cursor of no scan: %j',
  async (scan) => {
    const cursor = encodeCursor({ receivedAt: 1, id: 'a', scan: scan as string[] });
    const { status } = await deployment.call('GET', `/api/events?state=dead&cursor=${cursor}`);
    expect(status).toBe(400);
  },
);
