/** Which headers of a request travel with its event: those that are known to be harmless, and no other. */
import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { EventDetail } from '../../../functions/api/types.ts';
import type { InboxEvent } from '../../../functions/core/handler.ts';
import { createContext } from '../../helpers/context.ts';

const handled: InboxEvent[] = [];
const { post, api, waitFor } = await createContext({
  config: {
    sources: {
      tasks: { provider: 'tasks', type: 'header.x-kind' },
      named: { provider: 'tasks', handler: 'look', headers: ['X-Session-Id', 'Referer'] },
      github: { provider: 'github' },
    },
  },
  secrets: { tasks: ['secret-of-tasks'], named: ['secret-of-tasks'], github: ['secret-of-github'] },
  handlers: {
    look: {
      name: 'look',
      description: 'Keeps what it sees.',
      handle: async (event) => void handled.push(event),
    },
  },
});

/** Names of headers that carry a credential somewhere, though a list of forbidden words lets them pass. */
const CREDENTIALS = {
  'x-session-id': 'canary-1',
  'x-secret-id': 'canary-2',
  'x-auth-id': 'canary-3',
  'x-token-id': 'canary-4',
  api_key: 'canary-5',
  'ocp-apim-subscription-key': 'canary-6',
  'x-functions-key': 'canary-7',
  'x-access-key': 'canary-8',
  'x-amzn-oidc-data': 'canary-9',
  'x-goog-iap-jwt-assertion': 'canary-10',
  dpop: 'canary-11',
  'x-sig': 'canary-12',
  'x-pwd': 'canary-13',
  referer: 'https://shop.example/hook?secret=canary-14',
  'x-original-url': '/webhooks/tasks?secret=canary-15',
  'x-nobody-knows': 'canary-16',
};

/** Sends one event and reads what is kept of its headers. */
async function keptOf(source: string, body: string, headers: Record<string, string>) {
  const response = await post(source, body, { 'content-type': 'application/json', ...headers });
  expect(response.headers.get('inlet-outcome')).toBe('accepted');
  return waitFor(async () => {
    const { status, body: event } = await api(`/api/events/${response.headers.get('inlet-delivery')}`);
    return (status === 200 && (event as EventDetail).headers) || undefined;
  });
}

const task = (id: number) => JSON.stringify({ batchid: 'b', id });
const proof = { 'x-inlet-secret': 'secret-of-tasks' };

test('a header that nobody knows to be harmless is not kept', async () => {
  const harmless = { 'x-kind': 'of the configuration', 'x-request-id': 'r-1' };
  const kept = await keptOf('tasks', task(1), { ...CREDENTIALS, ...proof, ...harmless });
  expect(JSON.stringify(kept)).not.toContain('canary');
  expect(kept).not.toHaveProperty('x-inlet-secret');
  expect(kept).toMatchObject({ 'content-type': 'application/json', ...harmless });
});

test('a source keeps further ones by name, for its handler, and no query of a URL', async () => {
  const kept = await keptOf('named', task(2), { ...CREDENTIALS, ...proof });
  expect(kept).toMatchObject({ 'x-session-id': 'canary-1', referer: 'https://shop.example/hook' });
  expect(JSON.stringify(kept).match(/canary-\d+/g)).toEqual(['canary-1']);
  const [event] = await waitFor(async () => (handled.length > 0 ? handled : undefined));
  expect(event?.headers).toEqual(kept);
});

test('what a pack reads and what its provider documents is kept', async () => {
  const documented = { 'x-github-delivery': 'd-1', 'x-github-event': 'issues', 'x-github-hook-id': '7' };
  const body = '{"action":"opened"}';
  const signature = createHmac('sha256', 'secret-of-github').update(body).digest('hex');
  const signed = { 'x-hub-signature-256': `sha256=${signature}` };
  const kept = await keptOf('github', body, { ...documented, ...CREDENTIALS, ...signed });
  expect(kept).toMatchObject(documented);
  expect(JSON.stringify(kept)).not.toMatch(/canary|sha256/);
});
