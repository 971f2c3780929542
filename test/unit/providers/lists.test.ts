/** Packs whose deliveries carry several events: each is told apart, and keeps what it needs. */
import { describe, expect, test } from '@jest/globals';
import { eventsIn, idsIn } from './judge-pack.ts';

describe('meta', () => {
  const whatsapp = (...values: unknown[]) => ({
    object: 'whatsapp_business_account',
    entry: [{ id: 'account', changes: values.map((value) => ({ field: 'messages', value })) }],
  });
  const status = (state: string, timestamp = '1767225600') => ({
    metadata: { phone_number_id: '1' },
    statuses: [{ id: 'wamid.1', status: state, timestamp }],
  });

  test('splits changes, messages and statuses; each item keeps what it needs', () => {
    const events = eventsIn(
      'meta',
      whatsapp(
        { messages: [{ id: 'wamid.2' }, { id: 'wamid.3' }], metadata: { phone_number_id: '1' } },
        status('read'),
      ),
    );
    expect(events.map(({ id, type, tenant }) => [id, type, tenant])).toEqual([
      ['wamid.2', 'whatsapp_business_account.messages.message', 'account'],
      ['wamid.3', 'whatsapp_business_account.messages.message', 'account'],
      ['wamid.1:read:1767225600', 'whatsapp_business_account.messages.status', 'account'],
    ]);
    expect(events[0]?.payload).toMatchObject({
      field: 'messages',
      value: { metadata: { phone_number_id: '1' } },
    });
  });

  test('in a WhatsApp group each participant has a status of its own', () => {
    const status = (state: string, participant: object) =>
      whatsapp({
        statuses: [
          { id: 'wamid.1', status: state, timestamp: '1767225600', recipient_type: 'group', ...participant },
        ],
      });
    const [ada, bo] = [{ recipient_participant_id: '1' }, { recipient_participant_user_id: 'DE.2' }];
    const facts = [status('delivered', ada), status('delivered', bo), status('read', bo)].map(
      (body) => eventsIn('meta', body)[0],
    );
    expect(new Set(facts.map((event) => event?.id)).size).toBe(3);
    const [first, second, third] = facts.map((event) => event?.subject);
    expect(second).toBe(third);
    expect(second).not.toBe(first);
  });

  test('orders the states of a message also within one second', () => {
    const states = ['sent', 'delivered', 'read'].map((state) => eventsIn('meta', whatsapp(status(state)))[0]);
    const revisions = states.map((facts) => Number(facts?.revision));
    expect(revisions).toEqual([...revisions].sort((a, b) => a - b));
    expect(new Set(revisions).size).toBe(3);
    expect(new Set(states.map((facts) => facts?.subject)).size).toBe(1);
    const later = Number(eventsIn('meta', whatsapp(status('sent', '1767225601')))[0]?.revision);
    expect(later).toBeGreaterThan(Math.max(...revisions));
  });

  test('reads Messenger, bare entries and empty lists', () => {
    const messenger = {
      object: 'page',
      entry: [{ id: 'p', time: 1, messaging: [{ message: { mid: 'm_1' } }, { message: { mid: 'm_2' } }] }],
    };
    expect(idsIn('meta', messenger)).toEqual(['m_1', 'm_2']);
    const user = (time: number) => ({
      object: 'user',
      entry: [{ id: 'u', time, changed_fields: ['photos'] }],
    });
    expect(idsIn('meta', user(1))).not.toEqual(idsIn('meta', user(2)));
    expect(eventsIn('meta', { object: 'page', entry: [] })).toEqual([]);
    expect(eventsIn('meta', { object: 'page', entry: [{ id: 'p', changes: [] }] })).toEqual([]);
  });
});

test('x: items of a list are told apart by what happened, not by the object alone', () => {
  const body = {
    for_user_id: '1',
    users: { 2: {} },
    tweet_create_events: [{ id_str: '10' }, { id_str: '11' }],
  };
  const events = eventsIn('x', body);
  expect(events.map(({ id }) => id)).toEqual(['1:tweet_create_events:10', '1:tweet_create_events:11']);
  expect(events[1]?.payload).toEqual({ ...body, tweet_create_events: [{ id_str: '11' }] });
  expect(idsIn('x', { for_user_id: '1', favorite_events: [{ id: '10' }] })).toEqual(['1:favorite_events:10']);
  expect(idsIn('x', { data: { event_uuid: 'u', event_type: 'profile.update.bio' } })).toEqual(['u']);
});

test('asana, line: an empty list is a heartbeat', () => {
  expect(eventsIn('asana', { events: [] })).toEqual([]);
  expect(eventsIn('line', { destination: 'U1', events: [] })).toEqual([]);
});

test('line: a redelivery is the same event', () => {
  const event = (isRedelivery: boolean) => ({
    destination: 'U1',
    events: [{ type: 'follow', webhookEventId: 'w', deliveryContext: { isRedelivery } }],
  });
  expect(idsIn('line', event(true))).toEqual(idsIn('line', event(false)));
  expect(eventsIn('line', event(true))[0]).toMatchObject({ tenant: 'U1', type: 'follow' });
});

test('okta: each event of a request alone, in an envelope of its own', () => {
  const body = {
    eventId: 'e',
    source: 's',
    data: {
      events: [
        { uuid: 'a', eventType: 't1' },
        { uuid: 'b', eventType: 't2' },
      ],
    },
  };
  const events = eventsIn('okta', body);
  expect(events.map(({ id, type }) => [id, type])).toEqual([
    ['a', 't1'],
    ['b', 't2'],
  ]);
  expect(events[1]?.payload).toEqual({
    eventId: 'e',
    source: 's',
    data: { events: [{ uuid: 'b', eventType: 't2' }] },
  });
});

describe('auth0', () => {
  const records = [
    { log_id: '1', data: { type: 's' } },
    { log_id: '2', data: { type: 'f' } },
  ];
  const lines = records.map((record) => JSON.stringify(record));
  test.each([
    ['a list', JSON.stringify(records)],
    ['lines', lines.join('\n')],
    ['lines with CR LF and a last one that is empty', `${lines.join('\r\n')}\r\n`],
  ])('reads %s', (_name, body) => {
    expect(eventsIn('auth0', body).map(({ id, type }) => [id, type])).toEqual([
      ['1', 's'],
      ['2', 'f'],
    ]);
  });

  test('reads one object, also over several lines', () => {
    expect(idsIn('auth0', JSON.stringify(records[0]))).toEqual(['1']);
    expect(idsIn('auth0', JSON.stringify(records[0], null, 2))).toEqual(['1']);
    expect(eventsIn('auth0', '[]')).toEqual([]);
  });

  test.each(['', '{"log_id":"1"}\n{broken}', 'text', '[{]'])('quarantines %j', (body) => {
    expect(eventsIn('auth0', body)[0]?.quarantine).toBeTruthy();
  });
});

describe('microsoft-graph', () => {
  const item = (change: object) => ({
    subscriptionId: 's',
    changeType: 'updated',
    resource: 'r',
    clientState: 'c',
    resourceData: { '@odata.etag': 'W/"1"' },
    ...change,
  });

  test('knows an event by the state that it left, and keeps no clientState', () => {
    const [first] = eventsIn('microsoft-graph', { value: [item({}), item({ changeType: 'deleted' })] });
    expect(first).toMatchObject({ id: 's|updated|r|W/"1"', type: 'updated' });
    expect(first?.payload).not.toHaveProperty('clientState');
  });

  test('counts every warning about a subscription', () => {
    const missed = { value: [{ subscriptionId: 's', lifecycleEvent: 'missed', clientState: 'c' }] };
    const id = (requestId: string, trace: string) =>
      idsIn('microsoft-graph', missed, { 'x-amzn-trace-id': trace }, requestId)[0];
    expect(id('r1', 'Root=1')).not.toBe(id('r2', 'Root=1'));
    expect(id('r1', 'Root=1')).toBe(id('r1', 'Root=2'));
  });
});

test('azure-event-grid: both schemas, per topic and subject, to the ten-millionth of a second', () => {
  const own = {
    topic: '/t',
    subject: '/s',
    id: '1',
    eventType: 'Microsoft.Storage.BlobDeleted',
    eventTime: '2026-01-01T00:00:00.1234567Z',
  };
  const cloud = {
    source: '/t',
    subject: '/s',
    id: '2',
    type: 'Microsoft.Storage.BlobCreated',
    time: '2026-01-01T00:00:00Z',
  };
  expect(eventsIn('azure-event-grid', [own, cloud])).toMatchObject([
    {
      id: '/t:1',
      type: 'Microsoft.Storage.BlobDeleted',
      subject: '/t:/s',
      revision: '1767225600123.4567',
      deleted: true,
    },
    {
      id: '/t:2',
      type: 'Microsoft.Storage.BlobCreated',
      subject: '/t:/s',
      revision: '1767225600000',
      deleted: false,
    },
  ]);
  expect(eventsIn('azure-event-grid', [])).toEqual([]);
});
