/** Payloads are hostile input; the page runs nothing and loads nothing that is not its own. */
import { expect, test } from '@jest/globals';
import { createContext } from '../helpers/context.ts';
import { openBrowser } from './open-browser.ts';

const { local, post, api } = await createContext({
  config: {
    sources: {
      evil: {
        provider: 'tasks',
        unsigned: true,
        delivery: 'payload.key',
        type: 'payload.type',
        subject: 'payload.subject',
        revision: 'payload.revision',
      },
    },
  },
});
const { newPage, shoot, complaints } = await openBrowser();

const MARKUP = `<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>"'><svg onload=window.hacked=1>`;

test('a payload full of markup is shown as text', async () => {
  const event = {
    key: `../..?${MARKUP}`,
    type: MARKUP,
    subject: `javascript:window.hacked=1//${MARKUP}`,
    revision: '9007199254740993',
    priority: MARKUP,
    [MARKUP]: '\u202Eevil\u0000\u001B[31m',
    __proto__hacked: 1,
  };
  const body = JSON.stringify(event).replace('"9007199254740993"', '9007199254740993');
  expect(
    (await post('evil', body, { 'content-type': 'application/json', 'x-note': '<b>bold</b>' })).status,
  ).toBe(200);
  const page = await newPage();
  await page.goto(`${local.url}/console?field=priority#token=${local.token}`);
  const row = page.locator('table.events tbody tr');
  await row.locator('.state.applied').waitFor();
  await page.getByRole('img', { name: /Events by priority/ }).waitFor();
  await page.getByText('More filters').click();
  await row.getByRole('link', { name: /^Event / }).click();
  await page.getByRole('region', { name: 'Payload' }).waitFor();
  expect(await page.getByRole('region', { name: 'Payload' }).innerText()).toContain('9007199254740993');
  await page.getByRole('button', { name: 'Raw' }).click();
  await page
    .getByRole('heading', { name: /^History of/ })
    .getByRole('link')
    .click();
  await page.getByRole('heading', { name: 'Newest state' }).waitFor();
  await page.getByText('★ Newest').waitFor();
  await shoot(page, 'hostile');
  expect(await page.evaluate('window.hacked')).toBeUndefined();
  expect(await page.locator('main img[src], main script, main b').count()).toBe(0);
  expect(complaints).toEqual([]);
});

test('the policy allows nothing but what comes from here', async () => {
  const { headers } = await fetch(`${local.url}/console/anything`);
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy).toContain(`default-src 'none'`);
  expect(policy).not.toMatch(/unsafe|\*|http/);
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  const page = await newPage();
  await page.goto(`${local.url}/console#token=${local.token}`);
  await page.getByRole('navigation').waitFor();
  await page.evaluate(
    `document.body.appendChild(Object.assign(document.createElement('img'), {src: 'https://example.com/x.png'}))`,
  );
  await expect(
    page.evaluate(`fetch('https://example.com/').then(() => 'sent', () => 'refused')`),
  ).resolves.toBe('refused');
  await expect(
    page.evaluate(
      `(() => { try { document.body.innerHTML = '<b>x</b>'; return 'done' } catch { return 'refused' } })()`,
    ),
  ).resolves.toBe('refused');
  complaints.length = 0;
});

test('every route refuses without the token, the page itself does not', async () => {
  for (const [method, path] of [
    ['GET', '/api/me'],
    ['GET', '/api/feed'],
    ['POST', '/api/values'],
    ['GET', '/api/sources/details'],
    ['GET', '/api/samples'],
    ['POST', '/api/produce'],
    ['POST', '/api/dead/redrive'],
    ['GET', '/api/none'],
  ]) {
    expect([path, (await fetch(`${local.url}${path}`, { method })).status]).toEqual([path, 401]);
  }
  expect((await fetch(`${local.url}/console/assets/gone.js`)).status).toBe(404);
  expect((await fetch(`${local.url}/console`, { method: 'POST' })).status).toBe(405);
  expect((await api('/api/me')).body).toEqual({ access: 'operate', pollMs: 400, produce: true });
});
