/** More dead events than one call takes, most of which cannot be sent: all others are, and what was done stays counted. */
import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, jest, test } from '@jest/globals';
import type { Page, Route } from 'playwright-core';
import type { EventPage } from '../../functions/api/types.ts';
import { PermanentError } from '../../functions/core/errors.ts';
import type { Handler } from '../../functions/core/handler.ts';
import { State } from '../../functions/core/states.ts';
import { createContext } from '../helpers/context.ts';
import { ledgerItem } from '../unit/api/deployment.ts';
import { openBrowser } from './open-browser.ts';
import { openConsole } from './open-console.ts';

/** As many as one call takes. */
const HEAD = 1_000;
/** For so many, where the machine has much else to do. In milliseconds. */
const SLOW_MS = 30_000;
jest.setTimeout(2 * SLOW_MS);

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
  config: { sources: { orders: { provider: 'tasks', unsigned: true, handler: 'fulfil-order' } } },
});
const { newPage, shoot, complaints } = await openBrowser();

/** Old dead events whose payload is not kept: they stay at the head, whatever is redriven. */
beforeAll(async () => {
  for (let from = 0; from < HEAD; from += 25) {
    const requests = Array.from({ length: 25 }, (_, n) => ({
      PutRequest: {
        Item: ledgerItem({
          source: 'orders',
          id: `lost-${from + n}`,
          state: State.dead,
          receivedAt: 1_000 + from + n,
        }),
      },
    }));
    await local.setup.dynamodb.send(
      new BatchWriteItemCommand({ RequestItems: { [local.setup.tables.ledger]: requests } }),
    );
  }
});
afterEach(() => expect(complaints).toEqual([]));

async function idsIn(state: string, run: string): Promise<string[]> {
  const { body } = await api(`/api/events?source=orders&state=${state}&limit=100`);
  return (body as EventPage).events.map(({ id }) => id).filter((id) => id.startsWith(`${run}:`));
}

/** Two fresh dead events behind the others, and the dialog that redrives all. */
async function openDialog(run: string): Promise<{ page: Page; dialog: ReturnType<Page['getByRole']> }> {
  isMended = false;
  for (const id of [1, 2]) await post('orders', JSON.stringify({ batchid: run, id, owner: 'Ada' }));
  await waitFor(async () => (await idsIn('quarantined,dead', run)).length === 2, {
    what: 'two dead events',
    deadlineMs: SLOW_MS,
  });
  isMended = true;
  const page = await openConsole(local, await newPage(), '/dead?source=orders');
  page.setDefaultTimeout(SLOW_MS);
  await page.getByRole('button', { name: 'Redrive all…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('1,002 match').waitFor();
  return { page, dialog };
}

const button = (dialog: ReturnType<Page['getByRole']>, name: string) =>
  dialog.getByRole('button', { name, exact: true });

async function expectAllApplied(run: string): Promise<void> {
  await waitFor(async () => (await idsIn('applied', run)).length === 2, {
    what: 'both applied',
    deadlineMs: SLOW_MS,
  });
}

/** Answers the calls that redrive, but not the look before them, the first one being number 1. */
async function intercept(page: Page, answer: (route: Route, call: number) => Promise<void>): Promise<void> {
  let calls = 0;
  await page.route('**/api/dead/redrive', (route) => {
    const { dryRun } = route.request().postDataJSON() as { dryRun: boolean };
    if (!dryRun) calls += 1;
    return dryRun ? route.continue() : answer(route, calls);
  });
}

test('a thousand that cannot be sent do not keep the rest from being sent', async () => {
  const { page, dialog } = await openDialog('a');
  await button(dialog, 'Redrive all').click();
  await dialog.getByText('2 on the queue').waitFor();
  await dialog.getByText('1,000 could not be sent').waitFor();
  await dialog.getByText('is not archived (any more)').first().waitFor();
  await dialog.getByText('and 950 more').waitFor();
  await shoot(page, 'redrive-all');
  await button(dialog, 'Close').click();
  await expectAllApplied('a');
});

test('stopped, it says what was done, and goes on from there', async () => {
  const { page, dialog } = await openDialog('b');
  const held = Promise.withResolvers<void>();
  await intercept(page, async (route, call) => {
    if (call === 2) await held.promise;
    await route.continue();
  });
  await button(dialog, 'Redrive all').click();
  await dialog.getByText('500 could not be sent').waitFor();
  await dialog.getByRole('progressbar', { name: '500 of 1002 done' }).waitFor();
  await shoot(page, 'redriving');
  await button(dialog, 'Stop').click();
  await dialog.getByRole('heading', { name: 'Stopping…' }).waitFor();
  held.resolve();
  // The call under way is counted, and no other has begun.
  await dialog.getByText('1,000 could not be sent. The rest is as it was.').waitFor();
  expect(await idsIn('quarantined,dead', 'b')).toHaveLength(2);
  await button(dialog, 'Go on').click();
  await dialog.getByText('2 on the queue').waitFor();
  await dialog.getByText('1,000 could not be sent').waitFor();
  await expectAllApplied('b');
});

test('a call that fails loses nothing of what was done before, and is made again', async () => {
  const { page, dialog } = await openDialog('c');
  await intercept(page, (route, call) =>
    call === 3
      ? route.fulfill({ status: 503, json: { code: 503, message: 'the table is throttled' } })
      : route.continue(),
  );
  await button(dialog, 'Redrive all').click();
  await dialog.getByRole('alert').getByText('the table is throttled').waitFor();
  await dialog.getByText('1,000 could not be sent').waitFor();
  await button(dialog, 'Go on').click();
  await dialog.getByText('2 on the queue').waitFor();
  expect(await dialog.getByRole('alert').count()).toBe(0);
  await expectAllApplied('c');
});

test('closed in the middle, it begins no other call', async () => {
  const { page, dialog } = await openDialog('d');
  const held = Promise.withResolvers<void>();
  let last = 0;
  await intercept(page, async (route, call) => {
    last = call;
    if (call === 1) await held.promise;
    await route.continue();
  });
  await button(dialog, 'Redrive all').click();
  await waitFor(() => last === 1, { what: 'the first call' });
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  const answered = page.waitForResponse('**/api/dead/redrive');
  held.resolve();
  await answered;
  // Whatever the answer sets off comes before the next round of the feed.
  await page.waitForResponse('**/api/feed?*');
  await page.waitForResponse('**/api/feed?*');
  expect([last, await idsIn('quarantined,dead', 'd')]).toEqual([1, expect.arrayContaining(['d:1', 'd:2'])]);
});
