/** The page goes on by itself: after a restart of the server, after a laptop's sleep. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { InletConfig } from '../../functions/config/config.ts';
import { type LocalInlet, startLocal } from '../../local/stack.ts';
import { openBrowser } from './open-browser.ts';

const config: InletConfig = { sources: { tasks: { provider: 'tasks', unsigned: true } } };
const log = { log: () => {} };
const data = mkdtempSync(join(tmpdir(), 'inlet-test-'));
let local: LocalInlet = await startLocal({ config, data, port: 0, log });
const { newPage } = await openBrowser();

afterAll(async () => {
  await local.stop();
  rmSync(data, { recursive: true, force: true });
});

async function send(id: number): Promise<void> {
  const body = JSON.stringify({ batchid: 'b', id, owner: 'Ada', priority: 'Low' });
  const headers = { 'content-type': 'application/json' };
  expect((await fetch(`${local.url}/webhooks/tasks`, { method: 'POST', body, headers })).status).toBe(200);
}

test('goes on live after a restart, with the same token and without reloading', async () => {
  const page = await newPage();
  await page.goto(`${local.url}/console#token=${local.token}`);
  await page.evaluate('window.sameDocument = true');
  await send(1);
  await page.getByText('b:1').waitFor();
  const { port, token } = local;
  await local.stop();
  await page.getByRole('status').getByText('Reconnecting…').waitFor();
  local = await startLocal({ config, data, port, log });
  expect(local.token).toBe(token);
  await send(2);
  await page.getByText('b:2').waitFor();
  await page.getByRole('status').getByText('Live').waitFor();
  expect(await page.evaluate('window.sameDocument')).toBe(true);
});

test('reads the list again when it was away for long', async () => {
  const page = await newPage();
  // The laptop sleeps: no question gets through, and what happened meanwhile is older than the feed looks back.
  await page.goto(`${local.url}/console#token=${local.token}`);
  await page.getByText('b:2').waitFor();
  await page.context().setOffline(true);
  await page.getByRole('status').getByText('Reconnecting…').waitFor();
  await send(3);
  await page.route(
    '**/api/feed?*',
    (route) => {
      const url = new URL(route.request().url());
      url.searchParams.set('cursor', String(Number(url.searchParams.get('cursor')) - 3_600_000));
      return route.continue({ url: url.href });
    },
    { times: 1 },
  );
  await page.context().setOffline(false);
  await page.getByText('b:3').waitFor();
});
