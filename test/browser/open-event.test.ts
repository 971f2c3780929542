/** Every list of events leads to the event: by its id, by its row, with the mouse and with the keyboard. */
import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { createContext } from '../helpers/context.ts';
import { openBrowser } from './open-browser.ts';
import { openConsole } from './open-console.ts';

const { local, post, api, waitFor } = await createContext({
  config: {
    sources: {
      tasks: {
        provider: 'tasks',
        unsigned: true,
        subject: 'payload.owner',
        revision: 'payload.revision',
      },
      broken: { provider: 'tasks', unsigned: true },
    },
  },
});
const { newPage, complaints } = await openBrowser();

beforeAll(async () => {
  for (const revision of [1, 2]) {
    const task = { batchid: 'b', id: revision, owner: 'Ada', priority: 'Critical', revision };
    expect((await post('tasks', JSON.stringify(task))).status).toBe(200);
  }
  expect((await post('broken', '{')).status).toBe(200);
  await waitFor(async () => {
    const { body } = await api('/api/events?state=applied,quarantined');
    return (body as { events: unknown[] }).events.length === 3;
  });
});
afterEach(() => expect(complaints).toEqual([]));

const row = (page: Page, id: string) => page.locator('tbody tr').filter({ hasText: id });
const isEvent = (url: URL) => url.pathname === '/console/event';

async function expectEvent(page: Page, id: string): Promise<void> {
  await page.waitForURL(isEvent);
  expect(new URL(page.url()).searchParams.get('id')).toBe(id);
  await page.getByRole('heading', { name: 'Facts' }).waitFor();
}

test('the id is a link that the keyboard follows', async () => {
  const page = await openConsole(local, await newPage());
  const link = page.getByRole('link', { name: 'b:1', exact: true });
  await link.focus();
  await page.keyboard.press('Enter');
  await expectEvent(page, 'b:1');
});

test('a click anywhere on the row opens its event, a click on another link follows that link', async () => {
  const page = await openConsole(local, await newPage());
  await row(page, 'b:2').locator('td[data-label=Attempts]').click();
  await expectEvent(page, 'b:2');
  await page.goBack();
  await row(page, 'b:2').getByRole('link', { name: 'Ada' }).click();
  await page.getByRole('heading', { name: 'Newest state' }).waitFor();
});

test('the rows of dead letters and of a subject open, too; ticking a row does not', async () => {
  const page = await openConsole(local, await newPage(), '/dead');
  const dead = page.locator('tbody tr');
  // Beside the box as well: somebody who misses it by a hair must not lose what is ticked.
  await dead.locator('td.choose').click({ position: { x: 2, y: 2 } });
  await dead.getByRole('checkbox').check();
  expect(isEvent(new URL(page.url()))).toBe(false);
  await dead.locator('td[data-label=Age]').click();
  await page.waitForURL(isEvent);
  await page.getByRole('heading', { name: 'Facts' }).waitFor();

  await openConsole(local, page, '/subject?source=tasks&subject=Ada');
  await page.locator('tbody tr').last().locator('td[data-label=Outcome]').click();
  await expectEvent(page, 'b:1');
});

test('selecting text in a row stays selecting', async () => {
  const page = await openConsole(local, await newPage());
  const cell = row(page, 'b:1').locator('td[data-label=Age]');
  const age = await cell.locator('time').boundingBox();
  if (!age) throw new Error('the age is not on the screen');
  await page.mouse.move(age.x + 1, age.y + age.height / 2);
  await page.mouse.down();
  await page.mouse.move(age.x + age.width - 1, age.y + age.height / 2, { steps: 5 });
  await page.mouse.up();
  expect(await page.evaluate('String(getSelection())')).not.toBe('');
  expect(isEvent(new URL(page.url()))).toBe(false);
});

test.each([
  ['link', { modifiers: ['Control'] }],
  ['link', { button: 'middle' }],
  ['row', { modifiers: ['Control'] }],
  ['row', { button: 'middle' }],
] as const)('on the %s a click with %j opens a new tab and leaves this one', async (where, how) => {
  const page = await openConsole(local, await newPage());
  const target =
    where === 'link'
      ? page.getByRole('link', { name: 'b:1', exact: true })
      : row(page, 'b:1').locator('td[data-label=Attempts]');
  const opened = page.context().waitForEvent('page');
  await target.click({ ...how, modifiers: [...('modifiers' in how ? how.modifiers : [])] });
  const tab = await opened;
  // The event, and not the question for the token.
  await expectEvent(tab, 'b:1');
  expect(isEvent(new URL(page.url()))).toBe(false);
  expect(page.context().pages()).toHaveLength(2);
});

test('nothing that can be clicked lies in something else that can', async () => {
  const page = await openConsole(local, await newPage(), '/dead');
  await page.locator('tbody tr').waitFor();
  const nested =
    'a a, a button, a input, button a, button input, label a, [role=button], tr[tabindex], tr[role]';
  for (const path of ['/dead', '']) {
    await openConsole(local, page, path);
    await page.locator('tbody tr').first().waitFor();
    expect([path, await page.locator('main').locator(nested).count()]).toEqual([path, 0]);
  }
});
