/** What packs read from a delivery, and what cannot be read. */
import type { SourceConfig } from '../../../functions/config/config.ts';
import { deliver, envelope, facts } from './described.ts';

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

test('the tenant is bounded, so that no owner is too long for a store', () => {
  const owner = 'o'.repeat(450_000);
  const config: SourceConfig = { provider: 'fortellis' };
  expect(facts(config, '{}', { 'data-owner-id': owner }).tenant).toHaveLength(256);
});
