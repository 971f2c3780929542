/** The login on AWS, against a stand-in of Cognito's login page and token endpoint. */
import { createHash, createSign, generateKeyPairSync } from 'node:crypto';
import { afterAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { InletConfig } from '../../functions/config/config.ts';
import { startLocal } from '../../local/stack.ts';
import { openBrowser } from './open-browser.ts';

const DOMAIN = 'login.invalid';
const ISSUER = 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_abcdefghi';
const config: InletConfig = { sources: { tasks: { provider: 'tasks', unsigned: true } } };
const local = await startLocal({ config, data: 'memory', port: 0, log: { log: () => {} } });
const { newPage } = await openBrowser();
afterAll(() => local.stop());

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

function idToken(claims: Readonly<Record<string, unknown>>): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const all = { iss: ISSUER, aud: 'client', sub: 'somebody', token_use: 'id', auth_time: now, iat: now };
  const text = `${encode({ alg: 'RS256', kid: 'k' })}.${encode({ ...all, exp: now + 3600, ...claims })}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url')}`;
}

interface Answers {
  /** What the login page sends back in place of a code. */
  readonly back?: Readonly<Record<string, string>>;
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** A page of a deployed console. @returns with what was asked for at the login page and at the token endpoint. */
async function deployed({ back = { code: 'a-code' }, claims = {} }: Answers = {}) {
  const page = await newPage();
  const asked: URLSearchParams[] = [];
  const redeemed: URLSearchParams[] = [];
  await page.route('**/console/login.json', (route) =>
    route.fulfill({ json: { kind: 'cognito', domain: DOMAIN, clientId: 'client', issuer: ISSUER } }),
  );
  // A laptop's page may ask no other host, a deployed one the login's.
  await page.route(/\/console(\?|\/events|$)/, async (route) => {
    const response = await route.fetch();
    const policy = response.headers()['content-security-policy'] ?? '';
    const headers = {
      ...response.headers(),
      'content-security-policy': policy.replace(`connect-src 'self'`, `connect-src 'self' https://${DOMAIN}`),
    };
    await route.fulfill({ response, headers });
  });
  await page.route(`https://${DOMAIN}/oauth2/authorize?*`, (route) => {
    const query = new URL(route.request().url()).searchParams;
    asked.push(query);
    const href = `${query.get('redirect_uri')}?${new URLSearchParams({ state: query.get('state') ?? '', ...back })}`;
    return route.fulfill({
      contentType: 'text/html',
      body: `<a href="${href.replaceAll('&', '&amp;')}">Sign in</a>`,
    });
  });
  await page.route(`https://${DOMAIN}/oauth2/token`, (route) => {
    const form = new URLSearchParams(route.request().postData() ?? '');
    redeemed.push(form);
    const headers = { 'access-control-allow-origin': '*' };
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (form.get('code') !== 'a-code' || challenge !== asked.at(-1)?.get('code_challenge'))
      return route.fulfill({ status: 400, headers, json: { error: 'invalid_grant' } });
    const nonce = asked.at(-1)?.get('nonce');
    const id_token = idToken({ ...(nonce && { nonce }), ...claims });
    const tokens = { access_token: local.token, id_token, refresh_token: 'r' };
    return route.fulfill({ headers, json: { ...tokens, expires_in: 3600, token_type: 'Bearer' } });
  });
  return { page, asked, redeemed };
}

async function logIn(page: Page, path: string) {
  await page.goto(`${local.url}${path}`);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByText('Sign in').click();
}
const stored = (page: Page) => page.evaluate(`sessionStorage.getItem('inlet-token')`);

test('a login ends where it began, and leaves no code behind', async () => {
  const { page, asked, redeemed } = await deployed();
  await logIn(page, '/console?source=tasks');
  await page.getByRole('navigation').waitFor();
  expect(await stored(page)).toBe(local.token);
  expect(page.url()).toBe(`${local.url}/console?source=tasks`);
  expect(await page.evaluate(`sessionStorage.getItem('inlet-login')`)).toBeNull();
  const redirect = `${local.url}/console`;
  expect(Object.fromEntries(asked[0] ?? [])).toMatchObject({
    response_type: 'code',
    client_id: 'client',
    redirect_uri: redirect,
    scope: 'openid',
    state: expect.stringMatching(/^[\w-]{43}$/),
    nonce: expect.stringMatching(/^[\w-]{43}$/),
    code_challenge_method: 'S256',
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
  });
  expect(redeemed.map((form) => Object.fromEntries(form))).toEqual([
    {
      grant_type: 'authorization_code',
      client_id: 'client',
      redirect_uri: redirect,
      code: 'a-code',
      code_verifier: expect.stringMatching(/^[\w-]{43,}$/),
    },
  ]);
});

test('what logs in is loaded where somebody does', async () => {
  const page = await newPage();
  const loaded: string[] = [];
  page.on('request', (request) => void loaded.push(new URL(request.url()).pathname));
  await page.goto(`${local.url}/console?state=dead#token=${local.token}`);
  await page.getByRole('navigation').waitFor();
  expect(loaded).toContainEqual(expect.stringContaining('/console/assets/console-'));
  expect(loaded).not.toContainEqual(expect.stringContaining('cognito'));
});

test('each login has secrets of its own', async () => {
  const { page, asked } = await deployed({ back: { error: 'access_denied' } });
  await logIn(page, '/console');
  await logIn(page, '/console');
  const [first, second] = asked;
  for (const name of ['state', 'nonce', 'code_challenge'])
    expect(first?.get(name)).not.toBe(second?.get(name));
});

test.each<[string, Answers, number]>([
  ["somebody else's login, slipped in", { back: { code: 'a-code', state: 'another' } }, 0],
  ['a login that the page refused', { back: { error: 'access_denied' } }, 0],
  ['tokens for another client', { claims: { aud: 'another' } }, 1],
  ['tokens of another user pool', { claims: { iss: 'https://issuer.invalid' } }, 1],
  ['tokens of another login', { claims: { nonce: 'another' } }, 1],
  ['a code that is worth nothing', { back: { code: 'another' } }, 1],
])('%s opens nothing', async (_, answers, times) => {
  const { page, redeemed } = await deployed(answers);
  await logIn(page, '/console?source=tasks');
  await page.getByText('The login was not completed.').waitFor();
  expect(await stored(page)).toBeNull();
  expect(page.url()).toBe(`${local.url}/console?source=tasks`);
  expect(redeemed).toHaveLength(times);
});

test('a code that nobody here asked for is not redeemed', async () => {
  const { page, redeemed } = await deployed();
  await page.goto(`${local.url}/console?code=a-code&state=of-somebody-else`);
  await page.getByRole('button', { name: 'Log in' }).waitFor();
  expect(await stored(page)).toBeNull();
  expect(redeemed).toEqual([]);
});
