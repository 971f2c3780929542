/** Ids per event: the same over retries, different for different events, the same alone and in a list. */
import { eventsOf, handshake, pack, proven, request, verdictOf } from './request.ts';

const idsOf = (name: string, body: unknown) =>
  eventsOf(name, request({ text: typeof body === 'string' ? body : JSON.stringify(body) })).map(
    ({ id }) => id,
  );

function expectStable(name: string, first: unknown, retry: unknown, events: number): void {
  const ids = idsOf(name, first);
  expect(new Set(ids).size).toBe(events);
  expect(idsOf(name, retry)).toEqual(ids);
}

test('hubspot: attempts do not count', () => {
  const item = (attemptNumber: number, more: object) => ({
    eventId: 1,
    subscriptionId: 2,
    portalId: 3,
    occurredAt: 4,
    attemptNumber,
    subscriptionType: 'contact.propertyChange',
    ...more,
  });
  const list = (attempt: number) => [
    item(attempt, { objectId: 5, propertyName: 'a' }),
    item(attempt, { objectId: 6, propertyName: 'a' }),
    item(attempt, { fromObjectId: 7 }),
    item(attempt, { fromObjectId: 8 }),
  ];
  expectStable('hubspot-v3', list(0), list(3), 4);
  const events = eventsOf('hubspot-v3', request({ text: JSON.stringify(list(0)) }));
  expect(events[0]).toMatchObject({
    subject: '3:contact:5:a',
    revision: '4',
    type: 'contact.propertyChange',
    tenant: '3',
  });
});

test('sendgrid: per event, ordered within a second', () => {
  const item = (event: string, id: string) => ({
    event,
    sg_event_id: id,
    sg_message_id: 'm',
    email: 'e',
    timestamp: 100,
  });
  const events = eventsOf(
    'sendgrid',
    request({ text: JSON.stringify([item('delivered', 'b'), item('processed', 'a')]) }),
  );
  expect(events.map(({ id }) => id)).toEqual(['b', 'a']);
  expect(Number(events[0]?.revision)).toBeGreaterThan(Number(events[1]?.revision));
  expect(events[0]?.subject).toBe('m:e');
});

test('xero: sequences order, an empty list is no event', async () => {
  const event = (resourceId: string) => ({
    resourceId,
    tenantId: 't',
    eventType: 'UPDATE',
    eventCategory: 'INVOICE',
    eventDateUtc: '2026-01-01T00:00:00.001',
  });
  const body = { events: [event('a'), event('b')], firstEventSequence: 7, lastEventSequence: 8 };
  const events = eventsOf('xero', request({ text: JSON.stringify(body) }));
  expect(events.map(({ revision, subject }) => [subject, revision])).toEqual([
    ['t:INVOICE:a', '7'],
    ['t:INVOICE:b', '8'],
  ]);
  expectStable('xero', body, { ...body, events: [...body.events].reverse().reverse(), entropy: 'x' }, 2);
  const gap = eventsOf('xero', request({ text: JSON.stringify({ ...body, lastEventSequence: 99 }) }));
  expect(gap[0]?.revision).toBe('1');
  const empty = await proven(
    'xero',
    request({ text: '{"events":[],"firstEventSequence":0,"lastEventSequence":0,"entropy":"x"}' }),
  );
  expect((await verdictOf('xero', empty)).ok).toBe(true);
  expect(eventsOf('xero', empty)).toEqual([]);
  expect(pack('xero').acknowledge).toEqual({ status: 200 });
  expect(
    (await verdictOf('xero', { ...empty, headers: { 'x-xero-signature': `${'A'.repeat(43)}=` } })).ok,
  ).toBe(false);
});

test('quickbooks: entities of the old form, CloudEvents of the new', () => {
  const entity = (id: string) => ({
    name: 'Invoice',
    id,
    operation: 'Update',
    lastUpdated: '2015-10-05T14:42:19-0700',
  });
  const old = {
    eventNotifications: [{ realmId: '1', dataChangeEvent: { entities: [entity('a'), entity('b')] } }],
  };
  expectStable('quickbooks', old, old, 2);
  const [first] = eventsOf('quickbooks', request({ text: JSON.stringify(old) }));
  expect(first).toMatchObject({
    type: 'invoice.update',
    subject: '1:invoice:a',
    revision: String(Date.UTC(2015, 9, 5, 21, 42, 19)),
  });
  const event = {
    specversion: '1.0',
    id: 'x',
    type: 'qbo.invoice.deleted.v1',
    time: '2026-01-01T00:00:00Z',
    intuitentityid: 'a',
    intuitaccountid: '1',
  };
  const [cloud] = eventsOf('quickbooks', request({ text: JSON.stringify([event]) }));
  expect(cloud).toMatchObject({ type: 'invoice.deleted', subject: '1:invoice:a', id: '1:x', deleted: true });
});

test('square, docusign, klaviyo, mandrill, zendesk, discord, trello', () => {
  const order = (version: number) => ({
    event_id: `e${version}`,
    type: 'order.updated',
    created_at: '2026-01-01T00:00:00Z',
    data: { id: 'o', object: { order_updated: { version } } },
  });
  expect(eventsOf('square', request({ text: JSON.stringify(order(12)) }))[0]).toMatchObject({
    id: 'e12',
    subject: 'order:o',
    revision: '12',
  });
  const payment = {
    event_id: 'p',
    type: 'payment.updated',
    created_at: '2022-07-13T20:30:59.037339943Z',
    data: { id: 'o', object: { payment: { version: 3 } } },
  };
  expect(eventsOf('square', request({ text: JSON.stringify(payment) }))[0]?.revision).toBe(
    '1657744259037339943',
  );

  const envelope = (retryCount: number) => ({
    event: 'envelope-sent',
    retryCount,
    generatedDateTime: '2026-01-01T00:00:00.1234567Z',
    data: { envelopeId: 'x' },
  });
  expectStable('docusign', envelope(0), envelope(4), 1);

  const item = (id: string) => ({ external_id: id, topic: 'event:a', payload: {} });
  expectStable(
    'klaviyo',
    { data: [item('1'), item('2')], meta: { timestamp: 'a' } },
    { data: [item('1'), item('2')], meta: { timestamp: 'b' } },
    2,
  );

  const mail = [
    { event: 'open', _id: 'm', ts: 1 },
    { event: 'click', _id: 'm', ts: 1 },
  ];
  expectStable(
    'mandrill',
    `mandrill_events=${encodeURIComponent(JSON.stringify(mail))}`,
    `mandrill_events=${encodeURIComponent(JSON.stringify(mail))}`,
    2,
  );
  expect(idsOf('mandrill', `mandrill_events=${encodeURIComponent(JSON.stringify(mail.slice(1)))}`)[0]).toBe(
    idsOf('mandrill', `mandrill_events=${encodeURIComponent(JSON.stringify(mail))}`)[1],
  );

  // A ticket's id in a body of one's own is not the id of an event.
  const ticket = (invocation: string) =>
    request({
      text: '{"id":"42","type":"ticket"}',
      headers: { 'x-zendesk-webhook-invocation-id': invocation },
    });
  const invoked = (invocation: string) => eventsOf('zendesk', ticket(invocation))[0]?.id;
  expect(invoked('a')).toBe(invoked('a'));
  expect(invoked('a')).not.toBe(invoked('b'));

  const webhookEvent = { version: 1, type: 1, event: { type: 'ENTITLEMENT_CREATE', data: { id: '1' } } };
  expect(eventsOf('discord', request({ text: JSON.stringify(webhookEvent) }))[0]?.type).toBe(
    'ENTITLEMENT_CREATE',
  );
  expect(eventsOf('discord', request({ text: '{"id":"9","type":3}' }))[0]).toMatchObject({
    id: '9',
    type: 'interaction.message-component',
  });
});

test('adyen-platform and contentful keep lines apart that count in different ways', () => {
  const sys = (more: object) => ({
    sys: {
      type: 'Entry',
      id: 'e',
      space: { sys: { id: 's' } },
      environment: { sys: { id: 'master' } },
      updatedAt: '2026-01-01T00:00:00.001Z',
      ...more,
    },
  });
  expect(eventsOf('contentful', request({ text: JSON.stringify(sys({ version: 7 })) }))[0]).toMatchObject({
    subject: 's:master:Entry:e',
    revision: '7',
  });
  const gone = eventsOf(
    'contentful',
    request({ text: JSON.stringify(sys({ type: 'DeletedEntry', revision: 1 })) }),
  )[0];
  expect(gone).toMatchObject({
    subject: 's:master:Entry:e:published',
    deleted: true,
    revision: String(Date.UTC(2026, 0, 1) + 1),
  });
  const transfer = {
    type: 'balancePlatform.transfer.updated',
    data: { id: 't', sequenceNumber: 3 },
    timestamp: '2026-01-01T00:00:00Z',
  };
  expect(eventsOf('adyen-platform', request({ text: JSON.stringify(transfer) }))[0]).toMatchObject({
    subject: 'balancePlatform.transfer:t',
    revision: '3',
  });
});

describe('handshakes', () => {
  const post = (text: string) => request({ text });
  test.each([
    [
      'discord',
      'after',
      '{"type":1,"id":"1"}',
      { status: 200, headers: { 'content-type': 'application/json' }, body: '{"type":1}' },
    ],
    ['discord', 'after', '{"version":1,"type":0}', { status: 204 }],
    ['discord', 'after', '{"version":1,"type":1,"event":{"type":"A"}}', undefined],
    ['discord', 'after', 'null', undefined],
    ['discord', 'before', '{"type":1}', undefined],
    ['woocommerce', 'before', 'webhook_id=12', { status: 200 }],
    ['woocommerce', 'before', 'webhook_id=12&a=b', undefined],
    ['woocommerce', 'before', '{"id":1}', undefined],
    ['mandrill', 'before', 'mandrill_events=%5B%5D', { status: 200 }],
    ['mandrill', 'before', 'mandrill_events=%5B%7B%7D%5D', undefined],
  ] as const)('%s %s: %s', async (name, when, text, answer) => {
    expect(await handshake(name, post(text), when)).toEqual(answer);
  });

  test('dropbox gives the challenge back as plain text', async () => {
    const get = request({ method: 'GET', url: 'https://h.example/a?challenge=%3Cb%3E' });
    expect(await handshake('dropbox', get, 'before')).toEqual({
      status: 200,
      headers: { 'content-type': 'text/plain', 'x-content-type-options': 'nosniff' },
      body: '<b>',
    });
    expect(
      await handshake('dropbox', { ...get, url: `${get.url}${'a'.repeat(600)}` }, 'before'),
    ).toBeUndefined();
  });

  test('trello asks by HEAD', async () => {
    expect(await handshake('trello', request({ method: 'HEAD' }), 'before')).toEqual({ status: 200 });
  });
});
