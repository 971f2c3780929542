import type { SourceConfig } from '../../../functions/config/config.ts';
import type { EventFacts } from '../../../functions/core/facts.ts';
import {
  type Delivery,
  describeDelivery,
  describeStored,
  type SourceRules,
} from '../../../functions/facts/describe.ts';
import { providers } from '../../../functions/providers/index.ts';

function rules(config: SourceConfig): SourceRules {
  const provider = providers[config.provider];
  if (!provider) throw new Error(`no pack ${config.provider}`);
  return { provider, config };
}

const RECEIVED_AT = Date.UTC(2026, 0, 1);

function deliver(config: SourceConfig, body: string | Buffer, headers = {}, subpath = ''): Delivery {
  const request = { body: Buffer.from(body), headers, subpath, receivedAt: RECEIVED_AT };
  return describeDelivery(rules(config), request);
}

function facts(...parameters: Parameters<typeof deliver>): EventFacts {
  const delivery = deliver(...parameters);
  if (delivery.kind !== 'event') throw new Error(`a ${delivery.kind}`);
  return delivery.facts;
}

const envelope = (name: string, revision: number, more = {}) => ({
  eventId: `e-${name}-${revision}`,
  apiSpaceId: 'space',
  name,
  payload: { id: 'm:1' },
  revision,
  ...more,
});

test('dotdigital: id, subject, revision and state', () => {
  expect(facts({ provider: 'dotdigital' }, JSON.stringify(envelope('message.read', 2)))).toMatchObject({
    id: 'e-message.read-2',
    type: 'message.read',
    subject: 'space:message:m%3A1',
    revision: '2',
    state: 'read',
    deleted: false,
  });
});

test('dotdigital: kinds of entity do not share revisions, and deletes are told', () => {
  const profile = facts({ provider: 'dotdigital' }, JSON.stringify(envelope('profile.delete', 2)));
  expect(profile).toMatchObject({ subject: 'space:profile:m%3A1', state: 'deleted', deleted: true });
});

test('dotdigital: a list of one is one event, of two is a batch, of none is nothing', () => {
  const one = envelope('message.sent', 0);
  expect(facts({ provider: 'dotdigital' }, JSON.stringify([one])).id).toBe(one.eventId);
  const two = [one, envelope('message.read', 1)];
  expect(deliver({ provider: 'dotdigital' }, JSON.stringify(two))).toMatchObject({
    kind: 'batch',
    items: two,
  });
  expect(deliver({ provider: 'dotdigital' }, '[]').kind).toBe('none');
});

test('the key of a batch is the same for the same bytes, and only for those', () => {
  const key = (body: unknown) => {
    const delivery = deliver({ provider: 'dotdigital' }, JSON.stringify(body));
    return delivery.kind === 'batch' && delivery.id;
  };
  const two = [envelope('message.sent', 0), envelope('message.read', 1)];
  expect(key(two)).toBe(key(two));
  expect(key(two)).not.toBe(key(two.toReversed()));
});

test('chargify: the signed id counts, not the header', () => {
  const headers = { 'x-chargify-webhook-id': '999' };
  expect(facts({ provider: 'chargify' }, 'id=141765032&event=payment_success', headers)).toMatchObject({
    id: '141765032',
    type: 'payment_success',
    subject: '141765032',
    revision: '1',
  });
});

test('chargify: a test without an id is known by its content', () => {
  const first = facts({ provider: 'chargify' }, 'payload[chargify]=testing&event=test');
  expect(first).toMatchObject({ type: 'test', quarantine: undefined });
  expect(facts({ provider: 'chargify' }, 'payload[chargify]=testing&event=test').id).toBe(first.id);
});

test('fortellis: channel from the path, tenant from the owner', () => {
  const config: SourceConfig = { provider: 'fortellis', tenants: { 'owner-1': { name: 'North Motors' } } };
  const headers = { 'fortellis-event-id': 'f-1', 'data-owner-id': 'owner-1' };
  expect(facts(config, '{}', headers, '/event/hello/world')).toMatchObject({
    id: 'f-1',
    type: 'hello/world',
    tenant: 'North Motors',
    quarantine: undefined,
  });
  expect(facts(config, '{}', headers, '/event').type).toBe('event');
  expect(facts(config, '{}', headers).type).toBe('event');
});

test('fortellis: an unknown owner is quarantined, a missing one is not', () => {
  const config: SourceConfig = { provider: 'fortellis', tenants: { 'owner-1': { name: 'North Motors' } } };
  const unknown = { 'fortellis-event-id': 'f-1', 'data-owner-id': 'constructor' };
  expect(facts(config, '{}', unknown)).toMatchObject({ id: 'f-1', tenant: undefined });
  expect(facts(config, '{}', unknown).quarantine).toMatch(/tenants/);
  expect(facts(config, '{}', { 'fortellis-event-id': 'f-1' }).quarantine).toBeUndefined();
});

test('tasks: the id counts within its batch', () => {
  const task = { batchid: 'b:1', id: 0, owner: 'Ada', priority: 'Low' };
  expect(facts({ provider: 'tasks' }, JSON.stringify(task)).id).toBe('b%3A1:0');
});

test.each([
  ['nothing', ''],
  ['no JSON', '{"a":'],
  ['no UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
  ['broken', '['.repeat(100_000)],
  ['nested beyond reason', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
  ['an object nested beyond reason', `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`],
])('%s is quarantined under a key of its own', (_, body) => {
  const unreadable = facts({ provider: 'dotdigital' }, body);
  expect(unreadable.quarantine).toEqual(expect.any(String));
  expect(unreadable.id).toMatch(/^[0-9a-f]{40}$/);
});

test.each(['null', '1', '"text"', 'true', '{}', '[null]', '[1]'])(
  'dotdigital: %s is no reason to fail',
  (body) => {
    expect(deliver({ provider: 'dotdigital' }, body).kind).toBe('event');
  },
);

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

describe('a revision that would make all that follows stale', () => {
  const linear = (createdAt: string, more: Partial<SourceConfig> = {}) =>
    facts({ provider: 'linear', ...more }, JSON.stringify({ type: 'Issue', createdAt, data: { id: 'i' } }), {
      'linear-delivery': 'd',
    });
  const tasks = (rev: unknown, more: Partial<SourceConfig> = {}) => {
    const config = { provider: 'tasks', subject: 'payload.id', revision: 'payload.rev', ...more };
    return facts(config, JSON.stringify({ batchid: 'b', id: 1, rev }));
  };

  test('is a time more than 5 minutes after its arrival, and says what to do', () => {
    expect(linear('2026-01-01T00:05:00.000Z')).toMatchObject({ gate: 'subject', quarantine: undefined });
    expect(linear('2026-01-01T00:05:00.001Z').quarantine).toMatch(/5 minutes after its arrival.+redrive/);
    expect(tasks('2026-01-01T00:05:00.001Z').quarantine).toMatch(/5 minutes/);
  });

  test('is a number longer than 64 bits hold', () => {
    const digits = (count: number) => '9'.repeat(count);
    expect(tasks(digits(20)).quarantine).toBeUndefined();
    expect(tasks(digits(21)).quarantine).toMatch(/more than 20 digits.+redrive/);
    expect(tasks(`-${digits(21)}`).quarantine).toMatch(/more than 20 digits/);
  });

  test('is none of a counter, however it grows: nobody knows its unit', () => {
    expect(tasks(Date.UTC(2096, 0, 1)).quarantine).toBeUndefined();
    expect(tasks(Date.UTC(2026, 0, 1) * 1_000_000).quarantine).toBeUndefined();
  });

  test('orders nothing where each event passes by itself, which is handled all the same', () => {
    const unordered = { quarantine: undefined, ordered: false, gate: 'entry', subject: 'Issue:i' };
    expect(linear('2096-01-01T00:00:00.000Z', { mode: 'each' })).toMatchObject(unordered);
    expect(linear('2026-01-01T00:00:00.000Z', { mode: 'each' })).toMatchObject({ ordered: true });
  });

  test('is none without a subject', () => {
    const config = { provider: 'tasks', subject: 'payload.none', revision: 'payload.rev' };
    const body = JSON.stringify({ batchid: 'b', rev: '2096-01-01T00:00:00Z' });
    expect(facts(config, body).quarantine).toBeUndefined();
  });

  test('is read again by the time of its arrival, whenever that is', () => {
    const body = Buffer.from(JSON.stringify({ batchid: 'b', id: 1, rev: '2026-01-01T00:05:01Z' }));
    const source = rules({ provider: 'tasks', subject: 'payload.id', revision: 'payload.rev' });
    const stored = { id: 'b', headers: {}, subpath: '', body };
    const read = (receivedAt: number) => describeStored(source, { ...stored, receivedAt });
    expect(read(RECEIVED_AT)).toMatchObject({ facts: { quarantine: expect.stringMatching(/5 minutes/) } });
    expect(read(RECEIVED_AT + 1_000)).toMatchObject({ facts: { quarantine: undefined } });
  });
});

test('an event whose revision cannot be read is quarantined, not applied beside its subject', () => {
  const event = JSON.stringify({ ...envelope('message.read', 2), revision: 'abc' });
  expect(facts({ provider: 'dotdigital' }, event).quarantine).toMatch(/revision/);
  expect(facts({ provider: 'dotdigital', mode: 'each' }, event).quarantine).toBeUndefined();
});

test('a path never leads into a prototype', () => {
  const config: SourceConfig = { provider: 'tasks', type: 'payload.__proto__.constructor.name' };
  expect(facts(config, '{"batchid":"b","id":1}').type).toBeUndefined();
});

test('ids that no store takes are made to fit, and stay apart', () => {
  const id = (batchid: string) => facts({ provider: 'tasks' }, JSON.stringify({ batchid, id: 1 })).id;
  expect(Buffer.byteLength(id('x'.repeat(5000)))).toBeLessThan(512);
  expect(id('x'.repeat(5000))).not.toBe(id('x'.repeat(5001)));
  expect(id('\ud800').isWellFormed()).toBe(true);
});

test.each([
  [
    'more objects than any event has',
    `[${'{},'.repeat(500_000)}{}]`,
    'The body has more than 500000 objects and lists.',
  ],
  [
    'a number longer than any is',
    `{"id":${'9'.repeat(10_001)}}`,
    'A number of the body has more than 10000 digits.',
  ],
])('%s: quarantined before it is parsed, by its content', (_what, body, quarantine) => {
  const described = facts({ provider: 'tasks' }, body);
  expect(described).toMatchObject({ quarantine, payload: undefined });
  expect(facts({ provider: 'tasks' }, body).id).toBe(described.id);
});

test('a deletion that cannot be ordered says that its subject stays as it is', () => {
  const deletion = (source: SourceConfig, more = {}) =>
    facts(source, '{"id":1}', {
      'content-type': 'application/json',
      'x-shopify-topic': 'products/delete',
      'x-shopify-event-id': 'e1',
      'x-shopify-shop-domain': 'shop',
      ...more,
    });
  const unordered = {
    deleted: true,
    quarantine: undefined,
    remark: 'A deletion that does not say its revision: what is kept of its subject stays as it is.',
  };
  expect(deletion({ provider: 'shopify' })).toMatchObject(unordered);
  // A time that nobody signed orders nothing.
  const unsigned = { 'x-shopify-triggered-at': '2026-01-01T00:00:00Z' };
  expect(deletion({ provider: 'shopify' }, unsigned)).toMatchObject(unordered);
  const dotdigital = JSON.stringify(envelope('profile.delete', 2));
  expect(facts({ provider: 'dotdigital' }, dotdigital)).not.toHaveProperty('remark');
  // Nothing is kept of any subject there.
  expect(deletion({ provider: 'shopify', mode: 'each' })).not.toHaveProperty('remark');
});

test('the tenant is bounded, so that no owner is too long for a store', () => {
  const owner = 'o'.repeat(450_000);
  const config: SourceConfig = { provider: 'fortellis' };
  expect(facts(config, '{}', { 'data-owner-id': owner }).tenant).toHaveLength(256);
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
