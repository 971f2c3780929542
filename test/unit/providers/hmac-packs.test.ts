/** What the packs make of requests: ids that stay the same over retries, order, batches, handshakes. */

import type { EventFacts } from '../../../functions/core/facts.ts';
import { describeDelivery, describeEvent } from '../../../functions/facts/describe.ts';
import type { Provider } from '../../../functions/pack/provider.ts';
import { providers } from '../../../functions/providers/index.ts';
import { answerHandshake, rehearsal } from '../../../functions/verification/verify.ts';
import { requestOf } from '../verification/request.ts';

const json = { 'content-type': 'application/json' };

function pack(name: string): Provider {
  const provider = providers[name];
  if (!provider) throw new Error(`there is no pack ${name}`);
  return provider;
}

function facts(name: string, body: unknown, headers: Readonly<Record<string, string>> = json): EventFacts {
  const rules = { provider: pack(name), config: { provider: name } };
  const delivery = describeDelivery(
    rules,
    requestOf(headers, typeof body === 'string' ? body : JSON.stringify(body)),
  );
  if (delivery.kind !== 'event') throw new Error(`one event was expected, not ${delivery.kind}`);
  return delivery.facts;
}

test('Shopify: each topic of an action is an event, and only signed facts order, delete or name a shop', () => {
  const headers = {
    'x-shopify-topic': 'orders/paid',
    'x-shopify-event-id': 'e1',
    'x-shopify-webhook-id': 'w1',
    'x-shopify-shop-domain': 'a.myshopify.com',
    'x-shopify-triggered-at': '2023-03-29T18:00:27.877041743Z',
  };
  const order = {
    id: 820_982,
    admin_graphql_api_id: 'gid://shopify/Order/820982',
    updated_at: '2023-03-29T18:00:27Z',
  };
  const paid = facts('shopify', order, headers);
  expect(paid).toMatchObject({
    type: 'orders/paid',
    subject: 'gid://shopify/Order/820982',
    revision: '1680112827000',
    tenant: undefined,
    deleted: false,
    deliveryId: 'w1',
  });
  expect(facts('shopify', order, { ...headers, 'x-shopify-webhook-id': 'w2' }).id).toBe(paid.id);
  expect(facts('shopify', order, { ...headers, 'x-shopify-topic': 'orders/create' }).id).not.toBe(paid.id);
  const claimed = facts('shopify', order, { ...headers, 'x-shopify-topic': 'orders/delete' });
  expect(claimed).toMatchObject({ deleted: false, subject: paid.subject });
  const gone = facts('shopify', { id: 820_982 }, { ...headers, 'x-shopify-topic': 'orders/delete' });
  expect(gone).toMatchObject({ deleted: true, subject: gone.id });
  const newer = { 'shopify-webhook-id': 'w3', 'shopify-topic': 'Product', 'shopify-hmac-sha256': 'x' };
  expect(facts('shopify', {}, newer)).toMatchObject({ deliveryId: 'w3', type: 'Product' });
});

test('GitHub: the form and the JSON of one event say the same', () => {
  const payload = { action: 'opened', organization: { login: 'sample' } };
  const headers = { 'x-github-delivery': 'd1', 'x-github-event': 'issues' };
  const expected = { deliveryId: 'd1', type: 'issues.opened', tenant: 'sample' };
  expect(facts('github', payload, { ...json, ...headers })).toMatchObject(expected);
  const form = `payload=${encodeURIComponent(JSON.stringify(payload))}`;
  const formHeaders = { 'content-type': 'application/x-www-form-urlencoded', ...headers };
  expect(facts('github', form, formHeaders)).toMatchObject(expected);
});

test.each([
  ['an event', json, { event_id: 'Ev1', event: { type: 'message' }, team_id: 'T1' }, ['Ev1', 'message']],
  ['a command', undefined, 'command=%2Fx&trigger_id=t1&team_id=T1', ['t1', '/x']],
  [
    'an interaction',
    undefined,
    `payload=${encodeURIComponent('{"type":"block_actions","trigger_id":"t2","team":{"id":"T1"}}')}`,
    ['t2', 'block_actions'],
  ],
])('Slack: %s', (_what, headers, body, [id, type]) => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  expect(facts('slack', body, headers ?? form)).toMatchObject({ id, type, tenant: 'T1' });
});

test('Slack: the signed question of the URL is answered, and nothing else is', async () => {
  const ask = (body: string) =>
    answerHandshake(
      pack('slack'),
      { request: requestOf(json, body), secrets: ['secret'], options: {} },
      'after',
      rehearsal,
    );
  expect(await ask('{"type":"url_verification","challenge":"abc"}')).toMatchObject({
    status: 200,
    body: 'abc',
  });
  for (const body of [
    '',
    'null',
    '{"type":"url_verification","challenge":{}}',
    '{"type":"event_callback"}',
  ]) {
    expect(await ask(body)).toBeUndefined();
  }
});

test.each<[string, unknown, unknown]>([
  [
    'linear',
    { webhookTimestamp: 1, webhookId: 'a', data: { id: '1' } },
    { webhookTimestamp: 2, webhookId: 'b', data: { id: '1' } },
  ],
  [
    'coinbase-commerce',
    { id: '1', attempt_number: 1, event: { id: 'e' } },
    { id: '2', attempt_number: 2, event: { id: 'e' } },
  ],
  [
    'paddle',
    { event_id: 'evt_1', notification_id: 'ntf_1' },
    { event_id: 'evt_1', notification_id: 'ntf_2' },
  ],
  ['lemon-squeezy', { meta: { webhook_id: 'a' }, data: {} }, { meta: { webhook_id: 'b' }, data: {} }],
])('%s: what changes between attempts is no part of the id', (name, first, second) => {
  expect(facts(name, first).id).toBe(facts(name, second).id);
});

test.each<[string, Readonly<Record<string, string>>, unknown, Partial<EventFacts>]>([
  [
    'paddle',
    {},
    { event_id: 'e', occurred_at: '2024-01-01T00:00:00.123456Z', data: { id: 'txn_1' } },
    { subject: 'txn_1', revision: '1704067200123.456' },
  ],
  [
    'jira',
    {},
    { webhookEvent: 'comment_deleted', timestamp: 5, issue: { id: '1' }, comment: { id: '2' } },
    { subject: 'comment:2', revision: '5', deleted: true },
  ],
  [
    'jira',
    {},
    { webhookEvent: 'jira:issue_updated', timestamp: 5, issue: { id: '1' } },
    { subject: 'issue:1' },
  ],
  [
    'calendly',
    {},
    { event: 'invitee.created', created_at: '2024-01-01T00:00:00.000001Z', payload: { uri: 'u' } },
    { subject: 'u', revision: '1704067200000.001' },
  ],
  [
    'linear',
    {},
    { type: 'Issue', action: 'remove', createdAt: '2024-01-01T00:00:00.001Z', data: { id: 'i' } },
    { subject: 'Issue:i', revision: '1704067200001', deleted: true },
  ],
  [
    'sanity',
    // Headers that nobody signed.
    {
      'sanity-dataset': 'd',
      'sanity-operation': 'delete',
      'sanity-transaction-time': '2099-01-01T00:00:00Z',
    },
    { _id: 'x', _updatedAt: '2024-01-01T00:00:00Z' },
    { subject: 'x', revision: '1704067200000', deleted: false, type: 'delete' },
  ],
  [
    'sanity',
    {},
    { _id: 'x', _type: 'post', _updatedAt: '2024-01-01T00:00:00Z', _operation: 'delete', _dataset: 'd' },
    { subject: 'd:x', revision: '1704067200000.0001', deleted: true, type: 'post:delete' },
  ],
  [
    'recurly',
    {},
    { id: 'n', object_type: 'account', event_type: 'created', event_time: 't' },
    { id: 'n:created:t', type: 'account:created' },
  ],
  [
    'launchdarkly',
    {},
    { _id: 'a', kind: 'flag', date: 7, _links: { canonical: { href: '/f' } } },
    { id: 'a', subject: '/f', revision: '7' },
  ],
])('%s: order and subject of %p', (name, headers, body, expected) => {
  expect(facts(name, body, { ...json, ...headers })).toMatchObject(expected);
});

test('GoCardless: a request is as many events as it carries, none included', () => {
  const provider = pack('gocardless');
  const rules = { provider, config: { provider: 'gocardless' } };
  const request = requestOf(json, provider.samples[0]?.body(1));
  const delivery = describeDelivery(rules, request);
  if (delivery.kind !== 'batch') throw new Error('a batch was expected');
  const [first, second] = delivery.items.map((item) => describeEvent(rules, item, request));
  expect(first).toMatchObject({ type: 'payments:confirmed', subject: 'PM1' });
  expect(second).toMatchObject({ type: 'payments:paid_out', subject: 'PM1' });
  expect(first?.id).not.toBe(second?.id);
  expect(Number(second?.revision)).toBeGreaterThan(Number(first?.revision));
  expect(describeDelivery(rules, requestOf(json, '{"events":[]}')).kind).toBe('none');
});

test.each([
  ['stripe', 'sk_test_x', false],
  ['stripe', 'whsec_literal text', true],
  ['standard-webhooks', 'whsec_not base64', false],
  ['standard-webhooks', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', true],
  ['standard-webhooks', 'whpk_c2hvcnQ=', false],
  ['standard-webhooks', 'whsk_c2hvcnQ=', false],
  ['gitlab', 'plain token', false],
  ['gitlab-token', 'whsec_x', false],
  ['supabase', 'v1,whsec_c2VjcmV0', true],
  ['paystack', 'pk_live_x', false],
])('%s: the form of a secret is checked', (name, secret, fine) => {
  expect(pack(name).secret.check?.(secret)).toEqual(fine ? undefined : expect.stringMatching(/\.$/));
});
