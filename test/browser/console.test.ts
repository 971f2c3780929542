/** The console as a person uses it, in a real Chromium, on the local server. */
import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { PermanentError } from '../../functions/core/errors.ts';
import type { Handler } from '../../functions/core/handler.ts';
import { createContext } from '../helpers/context.ts';
import { messageEvent, signDotdigital } from '../helpers/sign.ts';
import { openBrowser } from './open-browser.ts';

let isMended = false;
const handler: Handler = {
  name: 'fulfil-order',
  description: 'Fails until it is mended.',
  handle: async () => {
    if (!isMended) throw new PermanentError('the warehouse is closed');
  },
};

const { local, post, waitFor } = await createContext({
  handlers: { 'fulfil-order': handler },
  config: {
    sources: {
      dotdigital: { provider: 'dotdigital' },
      tasks: { provider: 'tasks' },
      orders: { provider: 'tasks', unsigned: true, handler: 'fulfil-order' },
    },
  },
});
const { newPage, shoot, complaints } = await openBrowser();

afterEach(() => expect(complaints).toEqual([]));

async function openConsole(path = '', page?: Page): Promise<Page> {
  const own = page ?? (await newPage());
  await own.goto(`${local.url}/console${path}#token=${local.token}`);
  await own.getByRole('navigation').waitFor();
  return own;
}

async function sendMessage(id: string, state: 'sent' | 'delivered' | 'read'): Promise<void> {
  const body = JSON.stringify(messageEvent(id, state));
  expect((await post('dotdigital', body, signDotdigital(body))).status).toBe(202);
}

const rows = (page: Page) => page.locator('table.events tbody tr');

test('refuses without a token, and opens with it', async () => {
  const page = await newPage();
  await page.goto(`${local.url}/console`);
  await page.getByLabel('Token').fill('wrong');
  await page.getByRole('button', { name: 'Open the console' }).click();
  await page.getByRole('alert').getByText('The token was refused').waitFor();
  expect(await page.getByRole('navigation').count()).toBe(0);
  await shoot(page, 'login');
  await page.getByLabel('Token').fill(local.token);
  await page.getByRole('button', { name: 'Open the console' }).click();
  await page.getByText('Nothing has come in yet').waitFor();
  await shoot(page, 'empty');
});

test('takes the token out of the address bar and keeps it for the tab', async () => {
  const page = await openConsole();
  expect(page.url()).toBe(`${local.url}/console`);
  await page.reload();
  await page.getByRole('navigation').waitFor();
  expect(page.url()).not.toContain(local.token);
});

test('sends from the producer and sees it arrive live', async () => {
  const watching = await openConsole('?field=priority');
  const sending = await openConsole('/send');
  await sending.getByLabel('How many').fill('8');
  await sending.getByLabel('A second').fill('100');
  await sending.getByRole('button', { name: 'Send', exact: true }).click();
  await sending.locator('tr.success').nth(7).waitFor();
  await sending.locator('tr.success .state.applied').nth(7).waitFor();
  await rows(watching).nth(7).waitFor();
  await watching.locator('.counter.applied strong').getByText('8', { exact: true }).waitFor();
  await watching.getByRole('img', { name: /Events by priority/ }).waitFor();
  await sending.getByLabel('With a wrong signature').check();
  await sending.getByLabel('How many').fill('1');
  await sending.getByRole('button', { name: 'Send', exact: true }).click();
  await sending.locator('tr.failure').getByText('401').waitFor();
  await shoot(sending, 'send');
  await shoot(watching, 'events');
});

test('of all revisions, shuffled, only the newest stays', async () => {
  const page = await openConsole('/send?source=dotdigital');
  await page.getByRole('button', { name: 'All revisions of one subject, shuffled' }).click();
  await page.locator('tr.success').nth(5).waitFor();
  await page.locator('table.sent td[data-label=Revision] a').first().click();
  await page.getByRole('heading', { name: 'Newest state' }).waitFor();
  await page.getByText('★ Newest: this is the state of the subject').waitFor();
  const newest = page.locator('tbody tr').first();
  await newest.getByText('message.read').waitFor();
  await newest.locator('.state.applied').waitFor();
  await shoot(page, 'subject');
});

test('filters, and the URL says how', async () => {
  await sendMessage('m-1', 'read');
  await sendMessage('m-1', 'sent');
  const page = await openConsole();
  await page.getByRole('combobox', { name: 'Source' }).selectOption('dotdigital');
  await page.getByRole('combobox', { name: 'State' }).selectOption('stale');
  await page.waitForURL(/source=dotdigital&state=stale/);
  await page.getByText('More filters').click();
  await page.getByLabel('Subject', { exact: true }).fill('space:message:m-1');
  await page.waitForURL(/subject=space/);
  await waitFor(async () => (await rows(page).count()) === 1, { what: 'one row' });
  expect(await rows(page).innerText()).toContain('message.sent');
  const url = page.url();
  const other = await openConsole(url.slice(url.indexOf('?')));
  await waitFor(async () => (await rows(other).count()) === 1, { what: 'the same row elsewhere' });
  await other.getByText('Clear 3 filters').click();
  await waitFor(async () => (await rows(other).count()) > 1, { what: 'all rows' });
});

test('opens an event with payload and history, and replays it', async () => {
  await sendMessage('m-2', 'delivered');
  const page = await openConsole('?subject=space:message:m-2');
  await page.getByRole('link', { name: /message.delivered/ }).click();
  await page.getByRole('heading', { name: 'message.delivered' }).waitFor();
  const payload = page.getByRole('region', { name: 'Payload' });
  expect(await payload.innerText()).toContain('"eventId": "m-2-delivered"');
  await page.getByRole('button', { name: 'Raw' }).click();
  expect(await page.getByRole('region', { name: 'Body as it arrived' }).innerText()).toContain(
    '{"eventId":"m-2-delivered","accountId":1',
  );
  await page.getByText('no credential or signature').click();
  expect(await page.locator('dl.headers').innerText()).not.toMatch(/signature/i);
  await page.getByRole('button', { name: 'Replay…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('nothing is applied twice').waitFor();
  await shoot(page, 'replay');
  await dialog.getByRole('button', { name: 'Replay', exact: true }).click();
  await dialog.getByText('It is on the queue').waitFor();
  await dialog.getByRole('button', { name: 'Close' }).click();
  // The closed dialog, which shows a state as well, stays in the page.
  expect(await page.locator('.heading .state').first().innerText()).toBe('applied');
});

test('redrives a dead event: preview, confirmation, applied', async () => {
  await post('orders', JSON.stringify({ batchid: 'b', id: 1, owner: 'Ada', priority: 'Critical' }));
  const page = await openConsole('/dead');
  await rows(page).getByText('the warehouse is closed').waitFor();
  await shoot(page, 'dead');
  await page.getByRole('checkbox', { name: /Choose event b:1/ }).check();
  await page.getByRole('button', { name: 'Redrive 1 chosen…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('1 match').waitFor();
  isMended = true;
  await dialog.getByRole('button', { name: 'Redrive 1', exact: true }).click();
  await dialog.getByText('1 on the queue').waitFor();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await page.getByText('Nothing is quarantined or dead').waitFor();
  await page.goto(`${local.url}/console?source=orders`);
  await rows(page).locator('.state.applied').waitFor();
});

test('says that the equation holds, and what to register', async () => {
  const page = await openConsole('/audit');
  await page.getByText('Balanced: nothing is lost from sight').waitFor();
  await shoot(page, 'audit');
  await page.getByRole('link', { name: 'Sources' }).click();
  const card = page.getByRole('region', { name: 'dotdigital' });
  await card.getByText('What to register').click();
  expect(await card.innerText()).toContain(`${local.url}/webhooks/dotdigital`);
  expect(await card.innerText()).toContain('The current one matched last');
  expect(await page.content()).not.toContain(local.developmentSecrets.dotdigital);
  await shoot(page, 'sources');
});
