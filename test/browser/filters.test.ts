/** The filters at the widths of a desk, a tablet and a phone: nobody loses the list, or what was typed. */
import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { createContext } from '../helpers/context.ts';
import { openBrowser } from './open-browser.ts';
import { openConsole } from './open-console.ts';

const { local, api } = await createContext();
const { newPage, shoot, complaints } = await openBrowser();

beforeAll(async () => {
  const request = { source: 'tasks', seed: 7, count: 3 };
  expect((await api('/api/produce', { method: 'POST', body: JSON.stringify(request) })).status).toBe(200);
});
afterEach(() => expect(complaints).toEqual([]));

const INPUTS = ['Type', 'Subject', 'Tenant', 'Event id', 'Since', 'Until'];
const filters = (page: Page) => page.getByRole('form', { name: 'Filter events' });
const input = (page: Page, name: string) => filters(page).getByRole('textbox', { name, exact: true });

/** The room that an element takes on the screen, in pixels. */
async function boxOf(locator: ReturnType<typeof filters>) {
  const box = await locator.boundingBox();
  if (!box) throw new Error('it is not on the screen');
  return box;
}

async function measure(page: Page) {
  const boxes = await Promise.all(INPUTS.map((name) => boxOf(input(page, name))));
  return {
    columns: new Set(boxes.map(({ x }) => Math.round(x))).size,
    rows: new Set(boxes.map(({ y }) => Math.round(y))).size,
    height: (await boxOf(filters(page))).height,
    narrowest: Math.min(...boxes.map(({ width }) => width)),
    overflow: (await page.evaluate('document.documentElement.scrollWidth - innerWidth')) as number,
  };
}

const SIZES = [
  { width: 1280, height: 860, rows: [1, 2], most: 190 },
  { width: 820, height: 1180, rows: [2, 3], most: 240 },
  { width: 390, height: 844, rows: [6, 6], most: 400 },
] as const;

test.each(
  SIZES.flatMap((size) => (['light', 'dark'] as const).map((colorScheme) => ({ ...size, colorScheme }))),
)('more filters at $width px, in $colorScheme', async ({ width, height, rows, most, colorScheme }) => {
  const page = await openConsole(local, await newPage({ viewport: { width, height }, colorScheme }));
  await page.locator('table.events tbody tr').first().waitFor();
  const toggle = filters(page).getByText('More filters');
  const closed = (await boxOf(filters(page))).height;
  await toggle.click();
  const found = await measure(page);
  await shoot(page, `filters-${width}-${colorScheme}`);
  expect(found.overflow).toBe(0);
  expect(found.rows).toBeGreaterThanOrEqual(rows[0]);
  expect(found.rows).toBeLessThanOrEqual(rows[1]);
  expect(found.columns).toBe(Math.ceil(INPUTS.length / found.rows));
  expect(found.height).toBeLessThanOrEqual(most);
  // A subject is long, and so is a time.
  expect(found.narrowest).toBeGreaterThanOrEqual(130);
  // And away again, with a filter set, too.
  await input(page, 'Since').fill('1h');
  await page.waitForURL(/after=1h/);
  await toggle.click();
  expect(await input(page, 'Since').isVisible()).toBe(false);
  expect((await boxOf(filters(page))).height).toBeLessThanOrEqual(closed + 60);
});

test('emptying the only filter does not take the input away', async () => {
  const page = await openConsole(local, await newPage(), '?subject=nobody');
  const subject = input(page, 'Subject');
  await subject.fill('');
  await page.waitForURL((url) => url.search === '');
  await page.getByText('Clear filter').waitFor({ state: 'detached' });
  expect(await subject.isVisible()).toBe(true);
});

test('a pause between two words does not join them', async () => {
  const page = await openConsole(local, await newPage(), '?after=1h');
  const subject = input(page, 'Subject');
  await subject.fill('two ');
  await page.waitForURL(/subject=two(&|$)/);
  await page.getByText('Clear 2 filters').waitFor();
  await subject.press('End');
  await subject.pressSequentially('words');
  await page.waitForURL(/words/);
  expect(await subject.inputValue()).toBe('two words');
});

test('a payload field chosen while a filter is being typed stays', async () => {
  const page = await openConsole(local, await newPage(), '?after=1h');
  await page.getByRole('button', { name: 'priority' }).waitFor();
  // In the pause before the list follows, and with the page drawn in between.
  await page.evaluate(`(async () => {
    const input = [...document.querySelectorAll('.filters label')].find((one) => one.textContent === 'Type').lastChild;
    input.value = 'task';
    input.dispatchEvent(new Event('input', { bubbles: true }));
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    [...document.querySelectorAll('.chips button')].find((one) => one.textContent === 'priority').click();
  })()`);
  await page.waitForURL(/type=task/);
  expect(new URL(page.url()).searchParams.get('field')).toBe('priority');
});

test('a time that cannot be read is called out, and not taken for none in silence', async () => {
  const page = await openConsole(local, await newPage(), '?after=yesterday');
  await page.getByText('“yesterday” is not a time').waitFor();
  await input(page, 'Since').fill('1d');
  await page.getByText('is not a time').waitFor({ state: 'detached' });
});
