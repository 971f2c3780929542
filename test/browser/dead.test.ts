/** Dead letters during an incident: what is ticked is redriven, and nothing else. */
import { expect, test } from '@jest/globals';
import type { EventPage } from '../../functions/api/types.ts';
import type { Handler } from '../../functions/handlers/handler.ts';
import { PermanentError } from '../../functions/shared/errors.ts';
import { createContext } from '../helpers/context.ts';
import { openBrowser } from './open-browser.ts';
import { openConsole } from './open-console.ts';

let isMended = false;
const handler: Handler = {
  name: 'fulfil-order',
  description: 'Fails until it is mended.',
  handle: async () => {
    if (!isMended) throw new PermanentError('the warehouse is closed');
  },
};

const { local, post, api, waitFor } = await createContext({
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

test('the oldest of many can be reached and ticked', async () => {
  const bodies = Array.from({ length: 105 }, (_, n) => `{"not JSON": ${n}`);
  const answers = await Promise.all(bodies.map((body) => post('flood', body)));
  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
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
