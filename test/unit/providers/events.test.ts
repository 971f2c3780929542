/** Ids, subjects and revisions of packs that code decides. */
import { describe, expect, test } from '@jest/globals';
import { eventsIn, idsIn } from './judge-pack.ts';

const form = { 'content-type': 'application/x-www-form-urlencoded' };

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
