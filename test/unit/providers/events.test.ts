/** Ids, subjects, revisions and batches of packs that code decides. */
import { describe, expect, test } from '@jest/globals';
import { eventsIn, idsIn } from './judge-pack.ts';

const form = { 'content-type': 'application/x-www-form-urlencoded' };

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

test('intercom, notion: a counter of attempts does not make another event', () => {
  const intercom = (delivery_attempts: number) => ({
    id: 'notif_1',
    topic: 'contact.deleted',
    delivery_attempts,
    data: { item: { type: 'contact', id: '7', updated_at: 1767225600 } },
  });
  expect(idsIn('intercom', intercom(1))).toEqual(idsIn('intercom', intercom(2)));
  expect(eventsIn('intercom', intercom(1))[0]).toMatchObject({
    subject: 'contact:7',
    revision: '1767225600000',
    deleted: true,
  });
  const notion = (attempt_number: number) => ({
    id: 'n',
    type: 'page.created',
    attempt_number,
    entity: { id: 'p', type: 'page' },
    timestamp: '2026-01-01T00:00:00.123Z',
  });
  expect(idsIn('notion', notion(1))).toEqual(idsIn('notion', notion(8)));
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

describe('cloudevents', () => {
  const attributes = {
    specversion: '1.0',
    id: '1',
    source: '/s',
    type: 't',
    subject: 'x',
    time: '2026-01-01T00:00:00Z',
  };
  const binary = {
    'ce-specversion': '1.0',
    'ce-id': '1',
    'ce-source': '/s',
    'ce-type': 't',
    'ce-subject': 'x',
    'ce-time': '2026-01-01T00:00:00Z',
  };
  const facts = { id: '/s:1', type: 't', subject: '/s:x', revision: '1767225600000' };

  test('are the same in structured, binary and batch mode', () => {
    const structured = { ...attributes, data: { a: 1 } };
    const json = { 'content-type': 'application/cloudevents+json; charset=utf-8' };
    expect(eventsIn('cloudevents', structured, json)).toMatchObject([facts]);
    const [event] = eventsIn('cloudevents', { a: 1 }, binary);
    expect(event).toMatchObject(facts);
    expect(event?.payload).toEqual({ ...structured, datacontenttype: 'application/json' });
    const batch = { 'content-type': 'application/cloudevents-batch+json' };
    expect(idsIn('cloudevents', [structured, { ...structured, id: '2' }], batch)).toEqual(['/s:1', '/s:2']);
    expect(eventsIn('cloudevents', [], batch)).toEqual([]);
  });

  test('of the binary mode may carry any text, or none, and encoded attributes', () => {
    const xml = { ...binary, 'content-type': 'text/xml', 'ce-subject': 'Gr%C3%BC%C3%9Fe%' };
    expect(eventsIn('cloudevents', '<a/>', xml)[0]?.payload).toMatchObject({
      data: '<a/>',
      subject: 'Gr%C3%BC%C3%9Fe%',
    });
    const encoded = { ...binary, 'ce-subject': 'Gr%C3%BC%C3%9Fe' };
    expect(eventsIn('cloudevents', '', encoded)[0]).toMatchObject({
      subject: '/s:Grüße',
      quarantine: undefined,
    });
  });
});

test('postmark: two openings of one message are two events, a bounce is known by its id', () => {
  const open = (ReceivedAt: string) => ({ RecordType: 'Open', MessageID: 'm', Recipient: 'r', ReceivedAt });
  expect(idsIn('postmark', open('2026-01-01T00:00:00Z'))).not.toEqual(
    idsIn('postmark', open('2026-01-01T00:00:01Z')),
  );
  expect(
    idsIn('postmark', { RecordType: 'Bounce', ID: 4323372036854775807n.toString(), MessageID: 'm' }),
  ).toEqual(['Bounce:4323372036854775807:m']);
  expect(eventsIn('postmark', { MessageID: 'in', From: 'a@b' })).toMatchObject([
    { id: 'in', type: 'Inbound' },
  ]);
});

test('postmark: no address and no link stands in an id, which is logged', () => {
  const [id] = idsIn('postmark', {
    RecordType: 'Click',
    MessageID: 'm',
    Recipient: 'jane@example.com',
    ReceivedAt: '2026-01-01T00:00:00Z',
    OriginalLink: 'https://example.com/private',
  });
  expect(id).toMatch(/^Click:m:[0-9a-f]{40}$/);
});

test('chargebee: the object that the type names decides, not one that comes along', () => {
  const event = (event_type: string) => ({
    id: 'ev',
    event_type,
    content: { customer: { id: 'c', resource_version: 9 }, payment_source: { id: 'p', resource_version: 7 } },
  });
  expect(eventsIn('chargebee', event('payment_source_deleted'))[0]).toMatchObject({
    subject: 'payment_source:p',
    revision: '7',
    deleted: true,
  });
  expect(eventsIn('chargebee', event('customer_changed'))[0]).toMatchObject({
    subject: 'customer:c',
    revision: '9',
  });
  expect(eventsIn('chargebee', event('card_added'))[0]).toMatchObject({ subject: 'ev', revision: '1' });
});

test.each([
  ['mollie', 'id=tr_1', form],
  ['dropbox', '{"list_folder":{"accounts":["dbid:1"]}}', {}],
])('%s: every arrival counts where all look the same, whatever trace it claims', (name, body, headers) => {
  const id = (requestId: string, trace: string) =>
    idsIn(name, body, { ...headers, 'x-amzn-trace-id': trace }, requestId)[0];
  expect(id('r1', 'Root=1')).not.toBe(id('r2', 'Root=1'));
  expect(id('r1', 'Root=1')).toBe(id('r1', 'Root=2'));
});

test('mollie: an event counts once, and no content type makes it a classic webhook', () => {
  const event = (headers: object) => idsIn('mollie', { id: 'event_1', type: 't' }, { ...headers }, 'r1');
  expect(event({})).toEqual(['event_1']);
  expect(event(form)).toEqual(['event_1']);
});

describe('twitch', () => {
  const headers = (time: string) => ({
    'twitch-eventsub-message-type': 'notification',
    'twitch-eventsub-message-id': 'id',
    'twitch-eventsub-message-timestamp': time,
  });
  const time = '2026-01-01T00:00:00Z';
  const body = (type: string, event?: object) => ({ subscription: { type }, ...(event && { event }) });

  test('keeps nanoseconds', () => {
    const [event] = eventsIn(
      'twitch',
      body('stream.online', { broadcaster_user_id: '1' }),
      headers('2026-01-01T00:00:00.123456789Z'),
    );
    expect(event).toMatchObject({ id: 'id', subject: 'stream:1', revision: '1767225600123.456789' });
  });

  test('orders what has a state and nothing else', () => {
    const poll = eventsIn('twitch', body('channel.poll.end', { id: 'poll' }), headers(time));
    expect(poll[0]?.subject).toBe('channel.poll:poll');
    const follow = body('channel.follow', { broadcaster_user_id: '1', user_id: '2' });
    expect(eventsIn('twitch', follow, headers(time))[0]).toMatchObject({ subject: 'id', revision: '1' });
    expect(eventsIn('twitch', body('channel.follow'), headers(time))[0]?.type).toBe('revocation');
  });

  test('takes no type from a header, because none is signed', () => {
    const claimed = { ...headers(time), 'twitch-eventsub-subscription-type': 'channel.follow' };
    const online = body('stream.online', { broadcaster_user_id: '1' });
    expect(eventsIn('twitch', online, claimed)[0]).toMatchObject({
      type: 'stream.online',
      subject: 'stream:1',
    });
  });
});

test('zoom: participants of one meeting do not make each other stale', () => {
  const event = (event: string, participant?: object) => ({
    event,
    event_ts: 1,
    payload: { object: { uuid: 'm', participant } },
  });
  const subjects = [
    event('meeting.started'),
    event('meeting.participant_joined', { user_id: '1' }),
    event('meeting.participant_joined', { user_id: '2' }),
  ];
  expect(subjects.map((body) => eventsIn('zoom', body)[0]?.subject)).toEqual([
    'meeting:m',
    'meeting:m:1',
    'meeting:m:2',
  ]);
});
