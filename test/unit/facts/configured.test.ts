/** What a source configures itself: type, subject, revision, delivery. */
import type { SourceConfig } from '../../../functions/config/config.ts';
import { facts } from './described.ts';

test('configured paths make any provider revision-aware', () => {
  const config: SourceConfig = {
    provider: 'tasks',
    delivery: 'header.X-Event-Id',
    type: 'payload.kind',
    subject: 'payload.order.id',
    revision: 'payload.order.updatedAt',
  };
  const body = JSON.stringify({ kind: 'order.paid', order: { id: 7, updatedAt: '1970-01-01T00:00:02Z' } });
  expect(facts(config, body, { 'x-event-id': 'e-1' })).toMatchObject({
    id: 'e-1',
    type: 'order.paid',
    subject: '7',
    revision: '2000',
    ordered: true,
    gate: 'subject',
  });
  expect(facts({ ...config, mode: 'each' }, body, { 'x-event-id': 'e-1' })).toMatchObject({
    subject: '7',
    revision: '2000',
    ordered: true,
    gate: 'entry',
  });
});

test('a configured revision may be a decimal, and grows as one', () => {
  const config: SourceConfig = { provider: 'tasks', subject: 'payload.id', revision: 'payload.rev' };
  const revision = (rev: string) => facts(config, JSON.stringify({ batchid: 'b', id: 1, rev })).revision;
  expect([revision('1.5'), revision('2'), revision('1767225600.123456')]).toEqual([
    '1.5',
    '2',
    '1767225600.123456',
  ]);
});

test('a path never leads into a prototype', () => {
  const config: SourceConfig = { provider: 'tasks', type: 'payload.__proto__.constructor.name' };
  expect(facts(config, '{"batchid":"b","id":1}').type).toBeUndefined();
});

describe('a type that nothing signs', () => {
  const body = JSON.stringify({
    admin_graphql_api_id: 'gid://shopify/Order/1',
    updated_at: '2026-01-01T00:00:00Z',
    kind: 'order',
  });
  const shopify = (type: string | undefined, headers: Record<string, string>) =>
    facts({ provider: 'shopify', ...(type !== undefined && { type }) }, body, headers);
  const [paid, updated] = [{ 'x-shopify-topic': 'orders/paid' }, { 'x-shopify-topic': 'orders/updated' }];

  test('stays in the key where another is configured: two topics of equal bytes are two events', () => {
    const [first, second] = [shopify('payload.kind', paid), shopify('payload.kind', updated)];
    expect([first.type, second.type]).toEqual(['order', 'order']);
    expect(first.id).not.toBe(second.id);
  });

  test('makes no new keys where it is a configured one', () => {
    const named = (name: string) => shopify('header.x-shopify-name', { ...paid, 'x-shopify-name': name });
    expect([named('a').type, named('b').type]).toEqual(['a', 'b']);
    expect(named('a').id).toBe(named('b').id);
    expect(named('a').id).toBe(shopify(undefined, paid).id);
  });

  test('is not the state of its subject', () => {
    expect(shopify(undefined, paid)).toMatchObject({ type: 'orders/paid', state: 'received' });
    expect(shopify('header.x-shopify-name', { 'x-shopify-name': 'a' }).state).toBe('received');
    expect(shopify('payload.kind', paid).state).toBe('order');
  });

  test.each([
    ['shopify', { financial_status: 'paid' }, 'paid'],
    ['shopify', { status: 'cancelled' }, 'cancelled'],
    ['shopify', { state: 'disabled' }, 'disabled'],
    ['shopify', { status: '' }, 'received'],
    ['woocommerce', { status: 'processing' }, 'processing'],
  ])('%s: the state is what the signed body says: %j', (provider, more, state) => {
    expect(
      facts({ provider }, JSON.stringify(more), { 'x-shopify-topic': 'a', 'x-wc-webhook-topic': 'a' }),
    ).toMatchObject({ type: 'a', state });
  });
});

test('a configured type that a credential speaks for tells events of equal bytes apart', () => {
  const kind = (name: string) =>
    facts({ provider: 'basic', type: 'header.x-kind' }, '{"a":1}', { 'x-kind': name });
  expect(kind('made')).toMatchObject({ type: 'made', state: 'made' });
  expect(kind('made').id).not.toBe(kind('gone').id);
});
