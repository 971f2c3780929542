/** Dead letters during an incident: what is ticked is redriven, and nothing else. */
import { expect, test } from '@jest/globals';
import type { EventPage } from '../../functions/api/types.ts';
import { PermanentError } from '../../functions/core/errors.ts';
import type { Handler } from '../../functions/core/handler.ts';
import { createContext } from '../helpers/context.ts';
import { openBrowser } from './open-browser.ts';
import { openConsole } from './open-console.ts';

let isMended = false;
let tries = 0;
/** How far the clock of the server is behind, in milliseconds. */
let behind = 0;
const handler: Handler = {
  name: 'fulfil-order',
  description: 'Fails until it is mended.',
  handle: async () => {
    tries += 1;
    if (!isMended) throw new PermanentError(`the warehouse is closed (try ${tries})`);
  },
};

const { local, post, api, waitFor } = await createContext({
  now: () => Date.now() - behind,
  handlers: { 'fulfil-order': handler },
  config: {
    sources: {
      orders: { provider: 'tasks', unsigned: true, handler: 'fulfil-order' },
      flood: { provider: 'tasks', unsigned: true },
    },
  },
});
const { newPage, complaints } = await openBrowser();

afterEach(() => expect(complaints).toEqual([]));

async function idsIn(state: string, source = 'orders'): Promise<string[]> {
  const { body } = await api(`/api/events?source=${source}&state=${state}&limit=500`);
  return (body as EventPage).events.map(({ id }) => id).sort();
}

test('several rows can be ticked, one unticked, and exactly the ticked ones are redriven', async () => {
  for (const id of [1, 2, 3, 4, 5]) {
    const order = { batchid: 'b', id, owner: 'Ada', priority: 'Critical' };
    expect((await post('orders', JSON.stringify(order))).status).toBe(200);
  }
  await waitFor(async () => (await idsIn('quarantined,dead')).length === 5, { what: 'five dead letters' });

  const page = await openConsole(local, await newPage(), '/dead?source=orders');
  const box = (id: number) => page.getByRole('checkbox', { name: `Choose event b:${id} of orders` });
  const ticked = () => page.getByRole('checkbox', { checked: true }).count();
  await box(5).waitFor();
  await box(1).check();
  await box(2).check();
  expect(await ticked()).toBe(2);
  await page.getByRole('button', { name: 'Redrive 2 chosen…' }).waitFor();
  await box(4).check();
  expect(await ticked()).toBe(3);
  await box(2).uncheck();
  expect(await ticked()).toBe(2);

  await page.getByRole('button', { name: 'Redrive 2 chosen…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('2 match').waitFor();
  isMended = true;
  await dialog.getByRole('button', { name: 'Redrive 2', exact: true }).click();
  await dialog.getByText('2 on the queue').waitFor();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await waitFor(async () => (await idsIn('applied')).length === 2, { what: 'two applied' });
  expect(await idsIn('applied')).toEqual(['b:1', 'b:4']);
  expect(await idsIn('quarantined,dead')).toEqual(['b:2', 'b:3', 'b:5']);
  // What is left is ticked only where somebody has ticked it.
  await waitFor(async () => (await page.getByRole('checkbox').count()) === 3, { what: 'three rows' });
  expect(await ticked()).toBe(0);
});

test('the list follows what is redriven, however old it is', async () => {
  isMended = false;
  behind = 3_600_000;
  for (const id of [11, 12]) {
    const order = { batchid: 'old', id, owner: 'Ada', priority: 'Critical' };
    expect((await post('orders', JSON.stringify(order))).status).toBe(200);
  }
  await waitFor(async () => (await idsIn('dead,quarantined')).includes('old:12'), { what: 'dead letters' });
  behind = 0;
  const page = await openConsole(local, await newPage(), '/dead?source=orders');
  const row = page.locator('tbody tr').filter({ has: page.getByRole('checkbox', { name: /old:11/ }) });
  const redrive = async () => {
    await row.getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Redrive 1 chosen…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Redrive 1', exact: true }).click();
    await page.getByRole('dialog').getByText('1 on the queue').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  };
  // Not mended yet: it comes back, with the reason of the new attempt.
  const next = tries + 1;
  await redrive();
  await row.getByText(`(try ${next})`).waitFor();
  isMended = true;
  await redrive();
  await row.waitFor({ state: 'detached' });
  await page.getByRole('checkbox', { name: /old:12/ }).waitFor();
});

test('the oldest of many can be reached and ticked', async () => {
  const bodies = Array.from({ length: 105 }, (_, n) => `{"not JSON": ${n}`);
  for (let n = 0; n < bodies.length; n += 15) {
    const answers = await Promise.all(bodies.slice(n, n + 15).map((body) => post('flood', body)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  }
  const all = async () => (await idsIn('quarantined', 'flood')).length === bodies.length;
  await waitFor(all, { what: 'all quarantined', deadlineMs: 20_000, intervalMs: 200 });
  const page = await openConsole(local, await newPage(), '/dead?source=flood');
  const boxes = page.getByRole('checkbox');
  await boxes.nth(99).waitFor();
  await page.getByRole('button', { name: 'Show more' }).click();
  await waitFor(async () => (await boxes.count()) === 105, { what: 'all rows' });
  await boxes.last().check();
  await page.getByRole('button', { name: 'Redrive 1 chosen…' }).waitFor();
});

test('who missed something asks for the newest only: what is behind takes a scan of the ledger', async () => {
  const page = await newPage();
  const asked: boolean[] = [];
  await page.route('**/api/events?*', (route) => {
    asked.push(new URL(route.request().url()).searchParams.has('cursor'));
    return route.fulfill({ json: { events: [], cursor: asked.at(-1) ? null : 'behind' } });
  });
  await page.route('**/api/feed?*', (route) =>
    route.fulfill({ json: { cursor: '1', events: [], missed: true } }),
  );
  await openConsole(local, page, '/dead');
  const newest = () => asked.filter((hasCursor) => !hasCursor).length;
  await waitFor(async () => newest() >= 3, { what: 'catching up twice', deadlineMs: 20_000 });
  // Only at first does it look everywhere.
  expect(asked.length - newest()).toBeLessThanOrEqual(1);
});
