import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { defineInlet } from '../../../functions/config/definition.ts';
import { createContext } from '../../helpers/context.ts';

let clock = Date.now();
const config = defineInlet({
  sources: {
    asana: { provider: 'asana' },
    notion: { provider: 'notion' },
    // A URL of its own for each test that opens a window.
    'asana-2': { provider: 'asana' },
    'asana-3': { provider: 'asana' },
    'asana-4': { provider: 'asana' },
  },
});
const context = await createContext({ config, now: () => clock });

const KEY = 'b537207f20cbfa02357cf448134da559';
const EVENTS = '{"events":[]}';

const open = (source: string, seconds = 600) =>
  context.api(`/api/registration/${source}`, { method: 'POST', body: JSON.stringify({ seconds }) });
const handOver = (source: string, key: string) => context.post(source, '{}', { 'x-hook-secret': key });
const signed = (source: string, key: string) =>
  context.post(source, EVENTS, {
    'content-type': 'application/json',
    'x-hook-signature': createHmac('sha256', key).update(EVENTS).digest('hex'),
  });
const outcome = (response: Response) => [response.status, response.headers.get('inlet-outcome')];

test('a key is refused, and proves nothing, while no window is open', async () => {
  const answer = await handOver('asana', KEY);
  expect(outcome(answer)).toEqual([403, 'rejected']);
  expect(answer.headers.get('x-hook-secret')).toBeNull();
  expect(await answer.json()).toEqual({ code: 403, message: expect.stringContaining('--open') });
  expect((await signed('asana', KEY)).status).toBe(401);
});

test('a window takes one key: it is echoed, proves events at once, and the next key is refused', async () => {
  expect((await open('asana-2')).body).toEqual({ source: 'asana-2', until: clock + 600_000 });
  const answer = await handOver('asana-2', KEY);
  expect(outcome(answer)).toEqual([200, 'handshake']);
  expect(answer.headers.get('x-hook-secret')).toBe(KEY);
  expect(outcome(await signed('asana-2', KEY))).toEqual([200, 'accepted']);

  expect((await handOver('asana-2', 'f'.repeat(32))).status).toBe(403);
  expect((await signed('asana-2', 'f'.repeat(32))).status).toBe(401);
  // The provider may repeat the handshake whose answer got lost.
  expect((await handOver('asana-2', KEY)).status).toBe(200);
  expect((await context.api('/api/registration/asana-2')).body).toEqual({ source: 'asana-2', learnt: KEY });
});

test('a window closes by itself, and is one source alone', async () => {
  await open('asana-3', 60);
  expect((await handOver('asana-4', KEY)).status).toBe(403);
  clock += 60_000;
  expect((await handOver('asana-3', KEY)).status).toBe(403);
});

test('what is no key of the provider is refused before anything is stored', async () => {
  await open('asana-4');
  for (const key of ['short', `${'a'.repeat(31)} `, 'a'.repeat(300), 'ä'.repeat(20)]) {
    expect((await handOver('asana-4', encodeURIComponent(key))).status).toBe(400);
  }
  expect((await handOver('asana-4', KEY)).status).toBe(200);
});

test('Notion hands its token over in the body, and its events are proven by it', async () => {
  const token = 'secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl';
  const body = JSON.stringify({ verification_token: token });
  const json = { 'content-type': 'application/json' };
  expect((await context.post('notion', body, json)).status).toBe(403);
  await open('notion');
  expect(outcome(await context.post('notion', body, json))).toEqual([200, 'handshake']);

  const event = JSON.stringify({ id: '1', type: 'page.created', verification_token: 'not a handshake' });
  const signature = `sha256=${createHmac('sha256', token).update(event).digest('hex')}`;
  const answer = await context.post('notion', event, { ...json, 'x-notion-signature': signature });
  expect(outcome(answer)).toEqual([200, 'accepted']);
});

test('only the operator opens a window', async () => {
  const url = `${context.local.url}/api/registration/asana`;
  expect((await fetch(url, { method: 'POST', body: '{"seconds":60}' })).status).toBe(401);
  expect((await fetch(url)).status).toBe(401);
  for (const seconds of [0, -1, 3601, '60', null]) {
    const { status } = await context.api('/api/registration/asana', {
      method: 'POST',
      body: JSON.stringify({ seconds }),
    });
    expect(status).toBe(400);
  }
  expect((await context.api('/api/registration/nope')).status).toBe(404);
  expect((await context.api('/api/registration/asana', { method: 'PUT' })).status).toBe(405);
});

test('no log line holds a key', () => {
  expect(context.logged.filter(({ event }) => event === 'secret-handed-over').length).toBeGreaterThan(3);
  expect(JSON.stringify(context.logged)).not.toContain(KEY);
});
