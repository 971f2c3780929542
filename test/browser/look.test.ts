/** Phone width, dark mode, keyboard, and an accessibility check of every page. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from '@jest/globals';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { createContext } from '../helpers/context.ts';
import { openBrowser } from './open-browser.ts';

const { local, api, waitFor } = await createContext();
const { newPage, shoot, complaints } = await openBrowser();
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const PAGES = ['', '/send', '/dead', '/audit', '/sources', '/event', '/subject'] as const;
const EVENT = '?source=dotdigital&id=00000000-0000-4000-8002-000000000007';
const SUBJECT =
  '?source=dotdigital&subject=11111111-1111-4111-8111-111111111111:message:22222222-2222-4222-8222-000000000007';

beforeAll(async () => {
  for (const request of [
    { source: 'dotdigital', seed: 7, story: true },
    { source: 'chargify', seed: 7, count: 5 },
    { source: 'tasks', seed: 7, count: 20 },
  ]) {
    expect((await api('/api/produce', { method: 'POST', body: JSON.stringify(request) })).status).toBe(200);
  }
  await waitFor(async () => {
    const { body } = await api('/api/events?state=queued,retrying');
    return (body as { events: unknown[] }).events.length === 0;
  });
});

async function show(page: Page, path: (typeof PAGES)[number]): Promise<void> {
  const query =
    path === '/event' ? EVENT : path === '/subject' ? SUBJECT : path === '' ? '?field=priority' : '';
  await page.goto(`${local.url}/console${path}${query}#token=${local.token}`);
  await page.getByRole('navigation').waitFor();
  // Whatever the page reads at first is there by then, and its charts are drawn.
  if (path === '') await page.getByRole('img', { name: /Events by priority/ }).waitFor();
  if (path === '/sources') await page.getByText('Its events').first().waitFor();
  if (path === '/send') await page.getByRole('button', { name: 'Send', exact: true }).waitFor();
  if (path === '/dead') await page.getByText('Nothing is quarantined').waitFor();
  if (path === '/subject' || path === '/event') await page.getByText('★ Newest').waitFor();
  if (path === '/audit') await page.getByText('Balanced').waitFor();
}

test.each(['light', 'dark'] as const)('axe finds nothing serious on any page, in %s', async (colorScheme) => {
  // The checker is a script of its own, which the page's policy would refuse.
  const page = await newPage({ colorScheme, bypassCSP: true });
  for (const path of PAGES) {
    await show(page, path);
    if (path === '') await page.getByText('More filters').click();
    await page.evaluate(axe);
    const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
    const found = violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => [id, nodes.map(({ html }) => html).slice(0, 3)]);
    expect([path, found]).toEqual([path, []]);
    await shoot(page, `${colorScheme}${path.replace('/', '-')}`);
  }
  expect(complaints).toEqual([]);
});

test('fits a phone, in both colours', async () => {
  const page = await newPage({ viewport: { width: 360, height: 780 }, colorScheme: 'dark', hasTouch: true });
  for (const path of PAGES) {
    await show(page, path);
    const width = await page.evaluate('document.documentElement.scrollWidth');
    expect([path, width]).toEqual([path, 360]);
    await shoot(page, `phone${path.replace('/', '-')}`);
  }
  const dark = await page.evaluate('getComputedStyle(document.body).backgroundColor');
  await page.getByRole('button', { name: /Change to dark/ }).click();
  await page.getByRole('button', { name: /Change to light/ }).click();
  expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).not.toBe(dark);
});

test('can be used with the keyboard alone', async () => {
  const page = await newPage();
  await show(page, '/event');
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Replay…');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByText('nothing is applied twice').waitFor();
  await page.keyboard.press('Escape');
  await waitFor(async () => (await page.getByRole('dialog').count()) === 0, { what: 'the dialog closed' });
});
