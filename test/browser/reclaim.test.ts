/** Messages that are lost while the console looks on: the audit names their events, and each is reclaimed on its page. */
import { PurgeQueueCommand } from '@aws-sdk/client-sqs';
import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { AuditReport, EventDetail } from '../../functions/api/types.ts';
import type { Handler } from '../../functions/core/handler.ts';
import { createContext } from '../helpers/context.ts';
import { openBrowser } from './open-browser.ts';
import { openConsole } from './open-console.ts';

/** Batches that the local worker processes at the same time. */
const BUSY = 5;

/** What the handler waits for, when it has to wait. */
let held: Promise<void> | undefined;
let isFailing = false;
/** How far the clock of the server is ahead, in milliseconds. */
let ahead = 0;
const handled: string[] = [];
const handler: Handler = {
  name: 'fulfil-order',
  description: 'Waits or fails when it is told to.',
  handle: async ({ id }) => {
    handled.push(id);
    await held;
    if (isFailing) throw new Error('the warehouse does not answer');
  },
};

const { local, post, api, waitFor } = await createContext({
  now: () => Date.now() + ahead,
  handlers: { 'fulfil-order': handler },
  // Wants the newest, so that ingest confirms what it takes in.
  config: {
    sources: {
      orders: {
        provider: 'tasks',
        unsigned: true,
        handler: 'fulfil-order',
        mode: 'latest',
        subject: 'payload.id',
        revision: 'payload.n',
      },
    },
  },
});
const { newPage, shoot, complaints } = await openBrowser();

afterEach(() => expect(complaints).toEqual([]));

const order = (id: string | number) => post('orders', `{"batchid":"b","id":"${id}","n":1,"owner":"Ada"}`);

async function stateOf(id: string): Promise<string> {
  const { body } = await api(`/api/events/orders/${encodeURIComponent(`b:${id}`)}`);
  return (body as EventDetail).state;
}

async function purge(): Promise<void> {
  await local.setup.sqs.send(new PurgeQueueCommand({ QueueUrl: local.setup.inboxQueueUrl }));
}

/** Sends an event while the whole worker is busy, so that its message waits on the queue, and lets `then` go on. */
async function whileBusy(id: string, then: () => Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  held = promise;
  try {
    for (let n = 1; n <= BUSY; n++) {
      const before = handled.length;
      await order(`${id}-before-${n}`);
      await waitFor(() => handled.length > before, { what: 'a handler at work' });
    }
    expect((await order(id)).status).toBe(200);
    await then();
  } finally {
    resolve();
    held = undefined;
  }
  await waitFor(async () => (await stateOf(`${id}-before-${BUSY}`)) === 'applied', {
    what: 'an idle worker',
  });
}

async function openEvent(id: string, page?: Page): Promise<Page> {
  return openConsole(local, page ?? (await newPage()), `/event?source=orders&id=b:${id}`);
}

const reclaimButton = (page: Page) => page.getByRole('button', { name: 'Reclaim…' });

test('lost before a worker saw it: from the audit to its page, reclaimed, and taken in when it is sent again', async () => {
  await whileBusy('lost', purge);
  ahead = 3_600_000;
  const page = await openConsole(local, await newPage(), '/audit');
  await page.getByText('Not balanced').waitFor();
  await page.getByText('open the event to reclaim it').waitFor();
  await shoot(page, 'audit-lost');
  // An hour is longer than any message is hidden for.
  await page.getByText('1 in flight, without a trace').waitFor();
  const links = page.getByRole('link', { name: 'orders b:lost' });
  expect(await links.count()).toBe(2);
  ahead = 0;
  await links.last().click();
  await page.getByRole('heading', { name: 'Facts' }).waitFor();

  await reclaimButton(page).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('the next time that its provider sends it, it is taken in').waitFor();
  await dialog.getByText('only one is applied').waitFor();
  await shoot(page, 'reclaim');
  await dialog.getByRole('button', { name: 'Reclaim', exact: true }).click();
  await dialog.getByText('It waits for its provider').waitFor();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await page.getByText(/reclaimed at .*taken in when the provider sends it again/).waitFor();

  expect((await order('lost')).headers.get('inlet-outcome')).toBe('accepted');
  await page.locator('.heading .state.applied').first().waitFor();
  expect(handled.filter((id) => id === 'b:lost')).toHaveLength(1);
  expect((await api('/api/audit')).body as AuditReport).toMatchObject({ balanced: true });
});

test('lost between two attempts: its payload is kept and is sent at once', async () => {
  isFailing = true;
  await order('again');
  await waitFor(async () => (await stateOf('again')) === 'retrying', { what: 'a failed attempt' });
  await purge();
  isFailing = false;
  const page = await openEvent('again');
  await reclaimButton(page).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('sent again at once').waitFor();
  await dialog.getByRole('button', { name: 'Reclaim', exact: true }).click();
  await dialog.getByText('It is sent again').waitFor();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await page.locator('.heading .state.applied').first().waitFor();
  expect(await reclaimButton(page).count()).toBe(0);
});

test('what is not lost is refused in the words of the API, which say what to do instead', async () => {
  const page = await newPage();
  const dialog = page.getByRole('dialog');
  await whileBusy('late', async () => {
    await openEvent('late', page);
    await reclaimButton(page).click();
    await dialog.getByText('only one is applied').waitFor();
  });
  await waitFor(async () => (await stateOf('late')) === 'applied', { what: 'the event is applied' });
  await dialog.getByRole('button', { name: 'Reclaim', exact: true }).click();
  await dialog
    .getByRole('alert')
    .getByText('b:late of orders is applied, not in flight: replay it, if it has to be handled again')
    .waitFor();
  expect(await stateOf('late')).toBe('applied');
});

test('who may only look is offered nothing', async () => {
  const page = await newPage();
  await page.route('**/api/me', (route) =>
    route.fulfill({ json: { access: 'read', pollMs: 400, produce: false } }),
  );
  await whileBusy('seen', async () => {
    await openEvent('seen', page);
    await page.locator('.heading .state.queued').waitFor();
    expect(await reclaimButton(page).count()).toBe(0);
  });
});
