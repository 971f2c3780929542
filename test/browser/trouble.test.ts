/** The console while the server is slow or refuses: it neither shows the wrong thing nor makes matters worse. */
import { expect, test } from '@jest/globals';
import { createContext } from '../helpers/context.ts';
import { openBrowser } from './open-browser.ts';
import { openConsole } from './open-console.ts';

const { local, post, api, waitFor } = await createContext({
  config: {
    sources: {
      tasks: {
        provider: 'tasks',
        unsigned: true,
        type: 'payload.type',
        subject: 'payload.owner',
        revision: 'payload.id',
      },
    },
  },
});
const { newPage } = await openBrowser();

beforeAll(async () => {
  for (const id of [1, 2]) {
    const task = { batchid: 'b', id, owner: 'Ada', priority: 'Low', type: `type-${id}` };
    expect((await post('tasks', JSON.stringify(task))).status).toBe(200);
  }
  await waitFor(async () => {
    const { body } = await api('/api/events?state=applied');
    return (body as { events: unknown[] }).events.length === 2;
  });
});

test('an event is never shown under the address of another', async () => {
  const page = await newPage();
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route('**/api/events/tasks/b*2?*', async (route) => {
    await held;
    await route.continue();
  });
  await openConsole(local, page, '/event?source=tasks&id=b:1');
  await page.getByRole('heading', { name: 'type-1' }).waitFor();
  await page.getByRole('link', { name: 'type-2' }).click();
  await page.waitForURL(/id=b%3A2/);
  await page.getByText('Reading…').first().waitFor();
  expect(await page.getByRole('heading', { name: 'type-1' }).count()).toBe(0);
  answer();
  await page.getByRole('heading', { name: 'type-2' }).waitFor();
});

test('a chart that gets no answer does not ask without end', async () => {
  const page = await newPage();
  let asked = 0;
  let polled = 0;
  await page.route('**/api/values', (route) => {
    asked += 1;
    return route.fulfill({ status: 503, json: { code: 503, message: 'try again' } });
  });
  page.on('request', (request) => {
    if (request.url().includes('/api/feed?')) polled += 1;
  });
  await openConsole(local, page, '?field=priority');
  await page.locator('table.events tbody tr').nth(1).waitFor();
  await waitFor(() => asked > 0, { what: 'the first question' });
  polled = 0;
  await waitFor(() => polled > 4, { what: 'four intervals of the feed' });
  expect(asked).toBeLessThanOrEqual(2);
});

test('a figure can be emptied and written anew', async () => {
  const page = await openConsole(local, await newPage(), '/send');
  const count = page.getByLabel('How many');
  await count.fill('50');
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Backspace');
  await page.keyboard.type('25');
  expect(await count.inputValue()).toBe('25');
});
