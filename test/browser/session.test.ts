/** Whose session it is: nobody else's link may change that. */
import { afterAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { InletConfig } from '../../functions/config/config.ts';
import { startLocal } from '../../local/stack.ts';
import { openBrowser } from './open-browser.ts';

const config: InletConfig = { sources: { tasks: { provider: 'tasks', unsigned: true } } };
const local = await startLocal({ config, data: 'memory', port: 0, log: { log: () => {} } });
const { newPage } = await openBrowser();
afterAll(() => local.stop());

/** Lets the page take this server for a deployed one, whose people log in at Cognito. */
const deployed = (page: Page) =>
  page.route('**/console/login.json', (route) =>
    route.fulfill({
      json: {
        kind: 'cognito',
        domain: 'login.invalid',
        clientId: 'client',
        issuer: 'https://issuer.invalid',
      },
    }),
  );
const stored = (page: Page) => page.evaluate(`sessionStorage.getItem('inlet-token')`);

test('a link with a token does not replace the session of somebody who has logged in', async () => {
  const page = await newPage();
  await page.goto(`${local.url}/console#token=${local.token}`);
  await page.getByRole('navigation').waitFor();
  await deployed(page);
  await page.goto('about:blank');
  await page.goto(`${local.url}/console#token=of-somebody-else`);
  await page.getByRole('navigation').waitFor();
  expect(await stored(page)).toBe(local.token);
  expect(page.url()).toBe(`${local.url}/console`);
});

test('a link with a token logs nobody in where people log in at Cognito', async () => {
  const page = await newPage();
  await deployed(page);
  await page.goto(`${local.url}/console#token=${local.token}`);
  await page.getByRole('button', { name: 'Log in' }).waitFor();
  expect(await stored(page)).toBeNull();
  expect(page.url()).toBe(`${local.url}/console`);
});

test('on a laptop a link is the way in, and a new one takes the place of an old one', async () => {
  const page = await newPage();
  await page.goto(`${local.url}/console#token=of-a-server-that-is-gone`);
  await page.getByText('The token was refused').waitFor();
  await page.goto('about:blank');
  await page.goto(`${local.url}/console#token=${local.token}`);
  await page.getByRole('navigation').waitFor();
  expect(await stored(page)).toBe(local.token);
});
