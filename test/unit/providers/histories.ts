/** Short histories of one thing, as providers send them: for `shuffled.test.ts`. */
import type { Sample } from '../../../functions/pack/provider.ts';

/** One request of a history. */
export interface Sent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** When it is sent, in epoch milliseconds: for providers that sign the time and order by it. */
  readonly at?: number;
}

/** What happened to one thing, in this order. */
export interface History {
  readonly sent: readonly Sent[];
  /** The state that the thing is in at its end. */
  readonly ends: string;
}

type Body = string | object;

/** A request is its body, or one with headers. */
function history(ends: string, ...requests: readonly (Body | Sent)[]): History {
  return { ends, sent: requests.map((request) => (isSent(request) ? request : sent(request))) };
}

function sent(body: Body, headers: Sample['headers'] = {}, at?: number): Sent {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    headers: { 'content-type': 'application/json', ...headers },
    body: text,
    ...(at !== undefined && { at }),
  };
}

const isSent = (request: Body | Sent): request is Sent => typeof request === 'object' && 'headers' in request;

const START = Date.parse('2026-01-01T09:00:00Z');
const ID = '0f8fad5b-d9cb-469f-a165-70867728950e';

const adyenAuthorisation = (success: string, eventDate: string) => ({
  live: 'false',
  notificationItems: [
    {
      NotificationRequestItem: {
        pspReference: 'QFQTPCQ8HXSKGK82',
        merchantAccountCode: 'Shop',
        merchantReference: 'order-1',
        amount: { currency: 'EUR', value: 1000 },
        eventCode: 'AUTHORISATION',
        eventDate,
        success,
      },
    },
  ],
});

const airtablePing = (timestamp: string) => ({
  base: { id: 'app00000000000000' },
  webhook: { id: 'ach00000000000000' },
  timestamp,
});

const braintreeCharge = (timestamp: string, cycle: number) =>
  sent(
    '<notification><kind>subscription_charged_successfully</kind>' +
      `<timestamp type="datetime">${timestamp}</timestamp><subject><subscription><id>plan-7</id>` +
      `<current-billing-cycle type="integer">${cycle}</current-billing-cycle></subscription></subject></notification>`,
    { 'content-type': 'application/x-www-form-urlencoded' },
  );

const clerkUser = (type: string, after: number, data: object) =>
  sent(
    {
      data: { id: 'user_29w83', object: 'user', ...data },
      object: 'event',
      timestamp: START + after,
      type: `user.${type}`,
    },
    { 'svix-id': `msg_${after}` },
  );

const streamVideo = (state: string, modified: string, more: object = {}) => ({
  uid: 'dd5d531a12de0c724bd1275a3b2bc9c6',
  readyToStream: state === 'ready',
  status: { state },
  created: '2026-01-01T09:00:00.000000Z',
  modified,
  ...more,
});

const space = { sys: { type: 'Link', linkType: 'Space', id: 'blog' } };
const environment = { sys: { type: 'Link', linkType: 'Environment', id: 'master' } };
const contentful = (action: string, sys: object, title?: string) =>
  sent(
    {
      sys: { type: 'Entry', id: 'first-post', space, environment, ...sys },
      ...(title !== undefined && { fields: { title: { 'en-US': title } } }),
    },
    {
      'content-type': 'application/vnd.contentful.management.v1+json',
      'x-contentful-topic': `ContentManagement.Entry.${action}`,
    },
  );

const comapiMessage = (state: string, revision: number) => ({
  eventId: `00000000-0000-4000-8000-00000000000${revision}`,
  accountId: 1,
  apiSpaceId: ID,
  name: `message.${state}`,
  payload: { id: 'message-1', details: { channel: 'sms' } },
  revision,
  // All within one second: only the revision tells.
  timestamp: '2026-01-01T09:00:00.000Z',
});
const comapiMessages = history(
  'read',
  comapiMessage('sent', 0),
  comapiMessage('delivered', 1),
  comapiMessage('read', 2),
);

const comapiProfile = (change: string, revision: number) => ({
  ...comapiMessage('', revision),
  name: `profile.${change}`,
  payload: { id: 'ada', email: `ada+${revision}@example.com` },
});

const whatsAppStatus = (status: string, timestamp: number) => ({
  object: 'whatsapp_business_account',
  entry: [
    {
      id: '102290129340398',
      changes: [
        {
          field: 'messages',
          value: {
            messaging_product: 'whatsapp',
            metadata: { phone_number_id: '106540352242922' },
            statuses: [{ id: 'wamid.1', status, timestamp: String(timestamp), recipient_id: '16505551234' }],
          },
        },
      ],
    },
  ],
});

const mollieInvoice = (change: string, createdAt: string) => ({
  resource: 'event',
  id: `event_${change}`,
  type: `sales-invoice.${change}`,
  entityId: 'invoice_4Y0eZitmBnQ6IDoMqZQKh',
  createdAt,
});

const notionPage = (change: string, timestamp: string) => ({
  id: `367cba44-b6f3-4c92-81e7-${timestamp.replace(/\D/g, '').slice(-12)}`,
  timestamp,
  workspace_id: '13950b26-c203-4f3b-b97d-93ec06319565',
  type: `page.${change}`,
  attempt_number: 1,
  entity: { id: '153104cd-477e-809d-8dc4-ff2d96ae3090', type: 'page' },
});

const quickbooksCustomer = (operation: string, lastUpdated: string) => ({
  eventNotifications: [
    {
      realmId: '310687',
      dataChangeEvent: { entities: [{ name: 'Customer', id: '1', operation, lastUpdated }] },
    },
  ],
});

const quickbooksInvoice = (change: string, time: string) => [
  {
    specversion: '1.0',
    id: `invoice-${change}`,
    source: 'intuit.dsnBgbseACLLRZNxo2dfc4evmEJdxde58xeeYcZliOU=',
    type: `qbo.invoice.${change}.v1`,
    time,
    intuitentityid: '1234',
    intuitaccountid: '310687',
    data: {},
  },
];

const sanityPost = (operation: string, updatedAt: string, title: string) =>
  sent(
    {
      _id: 'post-1',
      _type: 'post',
      _operation: operation,
      _dataset: 'production',
      _updatedAt: updatedAt,
      title,
    },
    { 'sanity-operation': operation, 'sanity-dataset': 'production' },
  );

const workosUser = (change: string, createdAt: string, state: string) => ({
  id: `event_${change}`,
  event: `dsync.user.${change}`,
  created_at: createdAt,
  data: { id: 'directory_user_01E1JG7J09H96KYP8HM9B0G5SJ', organization_id: 'org_1', state },
});

const xeroInvoice = (eventType: string, sequence: number) => ({
  events: [
    {
      resourceId: ID,
      // All within one second: only the sequence tells.
      eventDateUtc: `2026-01-01T09:00:00.00${sequence % 10}`,
      eventType,
      eventCategory: 'INVOICE',
      tenantId: 'c2cc9b6e-9458-4c7d-93cc-f02b81b0594f',
    },
  ],
  firstEventSequence: sequence,
  lastEventSequence: sequence,
});

/** By pack: those that were judged safe to project. */
export const SAFE: Readonly<Record<string, readonly History[]>> = {
  adyen: [
    history(
      'AUTHORISATION',
      adyenAuthorisation('false', '2026-01-01T10:00:00+01:00'),
      adyenAuthorisation('true', '2026-01-01T10:00:00+01:00'),
    ),
  ],
  airtable: [
    history(
      'notification',
      ...['09:00:00.001', '09:00:00.002', '09:00:01.000'].map(onThisDay).map(airtablePing),
    ),
  ],
  braintree: [
    history(
      'subscription_charged_successfully',
      braintreeCharge('2025-10-31T09:00:00Z', 1),
      braintreeCharge('2025-11-30T09:00:00Z', 2),
      braintreeCharge('2025-12-31T09:00:00Z', 3),
    ),
  ],
  clerk: [
    history(
      'user.updated',
      clerkUser('created', 1, { first_name: null }),
      clerkUser('updated', 2, { first_name: 'Zo' }),
      clerkUser('updated', 3, { first_name: 'Zoë' }),
    ),
    history(
      'deleted',
      clerkUser('created', 1, { first_name: null }),
      clerkUser('updated', 2, { first_name: 'Zoë' }),
      clerkUser('deleted', 3, { deleted: true }),
    ),
  ],
  'cloudflare-stream': [
    history(
      'ready',
      streamVideo('error', '2026-01-01T09:00:00.000001Z'),
      streamVideo('ready', '2026-01-01T09:00:00.000002Z', { duration: -1 }),
      streamVideo('ready', '2026-01-01T09:05:00Z', { duration: 5.5 }),
    ),
  ],
  contentful: [
    history(
      'ContentManagement.Entry.auto_save',
      contentful('create', { version: 1 }, ''),
      contentful('auto_save', { version: 9 }, 'Dra'),
      contentful('auto_save', { version: 10 }, 'Draft'),
    ),
    history(
      'deleted',
      contentful('publish', { revision: 1, updatedAt: '2026-01-01T09:00:00.000Z' }, 'One'),
      contentful('publish', { revision: 2, updatedAt: '2026-01-01T09:00:00.001Z' }, 'Two'),
      // Its revision is that of the last publication.
      contentful('unpublish', { type: 'DeletedEntry', revision: 2, updatedAt: '2026-01-01T09:00:00.002Z' }),
    ),
  ],
  dotdigital: [
    comapiMessages,
    history('deleted', ...['create', 'update', 'delete'].map((change, at) => comapiProfile(change, at + 9))),
  ],
  'enterprise-communications': [comapiMessages],
  meta: [
    // The last two within one second.
    history(
      'read',
      whatsAppStatus('sent', 1_767_258_000),
      whatsAppStatus('delivered', 1_767_258_009),
      whatsAppStatus('read', 1_767_258_009),
    ),
    history('failed', whatsAppStatus('sent', 1_767_258_000), whatsAppStatus('failed', 1_767_258_000)),
  ],
  mollie: [
    history(
      'sales-invoice.paid',
      mollieInvoice('created', '2026-01-01T09:00:00.0Z'),
      mollieInvoice('issued', '2026-01-01T09:00:00.1Z'),
      mollieInvoice('paid', '2026-01-01T09:00:00.11Z'),
    ),
  ],
  notion: [
    history(
      'page.undeleted',
      notionPage('created', '2026-01-01T09:00:00.001Z'),
      notionPage('deleted', '2026-01-01T09:00:00.002Z'),
      notionPage('undeleted', '2026-01-01T09:00:00.010Z'),
    ),
    history(
      'deleted',
      notionPage('created', '2026-01-01T09:00:00.001Z'),
      notionPage('content_updated', '2026-01-01T09:00:00.002Z'),
      notionPage('deleted', '2026-01-01T09:00:00.010Z'),
    ),
  ],
  quickbooks: [
    history(
      'deleted',
      quickbooksCustomer('Create', '2026-01-01T09:00:00Z'),
      quickbooksCustomer('Update', '2026-01-01T02:00:09-07:00'),
      quickbooksCustomer('Delete', '2026-01-01T09:00:10.000Z'),
    ),
    history(
      'invoice.voided',
      quickbooksInvoice('created', '2026-01-01T09:00:00.1Z'),
      quickbooksInvoice('updated', '2026-01-01T09:00:00.2Z'),
      quickbooksInvoice('voided', '2026-01-01T09:00:00.21Z'),
    ),
  ],
  sanity: [
    history(
      'post:update',
      sanityPost('create', '2026-01-01T09:00:00Z', ''),
      sanityPost('update', '2026-01-01T09:00:09Z', 'Gr'),
      sanityPost('update', '2026-01-01T09:00:10Z', 'Grüße'),
    ),
    // What is sent of a deletion is the document as it was, the time of its last change included.
    history(
      'deleted',
      sanityPost('create', '2026-01-01T09:00:00Z', ''),
      sanityPost('update', '2026-01-01T09:00:10Z', 'Grüße'),
      sanityPost('delete', '2026-01-01T09:00:10Z', 'Grüße'),
    ),
    history(
      'post:create',
      sanityPost('update', '2026-01-01T09:00:10Z', 'Grüße'),
      sanityPost('delete', '2026-01-01T09:00:10Z', 'Grüße'),
      sanityPost('create', '2026-01-01T09:00:11Z', 'Again'),
    ),
  ],
  workos: [
    history(
      'deleted',
      workosUser('created', '2026-01-01T09:00:00.000Z', 'active'),
      workosUser('updated', '2026-01-01T09:00:00.001Z', 'inactive'),
      workosUser('deleted', '2026-01-01T09:00:00.010Z', 'inactive'),
    ),
  ],
  xero: [
    history(
      'INVOICE.UPDATE',
      ...[xeroInvoice('CREATE', 9), xeroInvoice('UPDATE', 10), xeroInvoice('UPDATE', 11)],
    ),
  ],
};

function onThisDay(time: string): string {
  return `2026-01-01T${time}Z`;
}

const authorizeNetPayment = (change: string, eventDate: string) => ({
  notificationId: `d0e8e7fe-${change}`,
  eventType: `net.authorize.payment.${change}.created`,
  eventDate,
  payload: { responseCode: 1, entityName: 'transaction', id: '60020981676' },
});

const calendlyInvitee = (change: string, createdAt: string, status: string) => ({
  event: `invitee.${change}`,
  created_at: createdAt,
  payload: { uri: 'https://api.calendly.com/scheduled_events/e/invitees/i', status },
});

const chargebeeSubscription = (change: string, version: number, status: string) => ({
  id: `ev_${change}`,
  // To the second, and not what orders.
  occurred_at: START / 1000,
  object: 'event',
  content: { subscription: { id: 'sub-1', status, resource_version: START + version } },
  event_type: `subscription_${change}`,
});

const jiraIssue = (change: string, after: number, summary: string) =>
  sent(
    {
      timestamp: START + after,
      webhookEvent: `jira:issue_${change}`,
      issue: { id: '10001', key: 'INBOX-1', fields: { summary } },
    },
    { 'x-atlassian-webhook-identifier': `${change}-${after}` },
  );

const launchDarklyFlag = (titleVerb: string, after: number) => ({
  _links: { canonical: { href: '/api/v2/flags/default/dark-mode', type: 'application/json' } },
  _id: `57c0af609969090743529${after}`,
  date: START + after,
  kind: 'flag',
  name: 'Dark mode',
  titleVerb,
});

const linearIssue = (action: string, createdAt: string, title: string) => ({
  action,
  type: 'Issue',
  createdAt,
  data: { id: 'issue-1', title },
  organizationId: 'organization-1',
  webhookTimestamp: START,
  webhookId: 'hook-1',
});

const pagerDutyIncident = (change: string, occurredAt: string, status: string) => ({
  event: {
    id: `event-${change}`,
    event_type: `incident.${change}`,
    resource_type: 'incident',
    occurred_at: occurredAt,
    data: { id: 'PGR0VU2', type: 'incident', status },
  },
});

const paypalSubscription = (change: string, createTime: string, status: string) => ({
  id: `WH-${change}`,
  create_time: createTime,
  resource_type: 'subscription',
  event_type: `BILLING.SUBSCRIPTION.${change}`,
  resource: { id: 'I-BW452GLLEP1G', status },
});

const shopifyOrder = (topic: string, updatedAt: string, status: string) =>
  sent(
    {
      id: 820_982_911,
      admin_graphql_api_id: 'gid://shopify/Order/820982911',
      updated_at: updatedAt,
      financial_status: status,
    },
    {
      'x-shopify-topic': topic,
      'x-shopify-webhook-id': `${topic}-${updatedAt}`,
      // Not signed, and the other way round.
      'x-shopify-triggered-at': topic === 'orders/create' ? '2026-01-01T09:30:00Z' : '2026-01-01T09:00:00Z',
    },
  );

const twitchStream = (change: string, after: number) =>
  sent(
    {
      subscription: { id: `subscription-${change}`, type: `stream.${change}`, version: '1' },
      event: { broadcaster_user_id: '1337', ...(change === 'online' && { id: String(after), type: 'live' }) },
    },
    { 'twitch-eventsub-message-id': `message-${after}` },
    START + after,
  );

const vercelDeployment = (change: string, after: number) => ({
  id: `event_${change}`,
  type: `deployment.${change}`,
  createdAt: START + after,
  payload: { team: { id: 'team_1' }, deployment: { id: 'dpl_1', name: 'shop' } },
});

/** By pack: those that are tolerable without a handler. */
export const TOLERABLE: Readonly<Record<string, readonly History[]>> = {
  'authorize-net': [
    history(
      'net.authorize.payment.void.created',
      authorizeNetPayment('authorization', '2026-01-01T09:00:00.0080095Z'),
      authorizeNetPayment('priorAuthCapture', '2026-01-01T09:00:00.0080096Z'),
      authorizeNetPayment('void', '2026-01-01T09:00:00.009Z'),
    ),
  ],
  calendly: [
    history(
      'invitee.canceled',
      calendlyInvitee('created', '2026-01-01T09:00:00.000001Z', 'active'),
      calendlyInvitee('canceled', '2026-01-01T09:00:00.000002Z', 'canceled'),
    ),
  ],
  chargebee: [
    history(
      'subscription_cancelled',
      chargebeeSubscription('created', 1, 'in_trial'),
      chargebeeSubscription('activated', 2, 'active'),
      chargebeeSubscription('cancelled', 10, 'cancelled'),
    ),
    history(
      'deleted',
      chargebeeSubscription('created', 1, 'in_trial'),
      chargebeeSubscription('cancelled', 2, 'cancelled'),
      chargebeeSubscription('deleted', 10, 'cancelled'),
    ),
  ],
  jira: [
    history(
      'deleted',
      jiraIssue('created', 1, 'A'),
      jiraIssue('updated', 2, 'Ä'),
      jiraIssue('deleted', 10, 'Ä'),
    ),
  ],
  launchdarkly: [
    history(
      'flag',
      launchDarklyFlag('created the flag', 1),
      launchDarklyFlag('turned on the flag', 2),
      launchDarklyFlag('turned off the flag', 10),
    ),
  ],
  linear: [
    history(
      'deleted',
      linearIssue('create', '2026-01-01T09:00:00.001Z', 'A'),
      linearIssue('update', '2026-01-01T09:00:00.002Z', 'Ä'),
      linearIssue('remove', '2026-01-01T09:00:00.010Z', 'Ä'),
    ),
  ],
  pagerduty: [
    history(
      'incident.resolved',
      pagerDutyIncident('triggered', '2026-01-01T09:00:00.001Z', 'triggered'),
      pagerDutyIncident('acknowledged', '2026-01-01T09:00:00.002Z', 'acknowledged'),
      pagerDutyIncident('resolved', '2026-01-01T09:00:00.010Z', 'resolved'),
    ),
  ],
  paypal: [
    history(
      'BILLING.SUBSCRIPTION.CANCELLED',
      paypalSubscription('CREATED', '2026-01-01T09:00:00Z', 'APPROVAL_PENDING'),
      paypalSubscription('ACTIVATED', '2026-01-01T09:00:09Z', 'ACTIVE'),
      paypalSubscription('CANCELLED', '2026-01-01T09:00:10Z', 'CANCELLED'),
    ),
  ],
  shopify: [
    history(
      'paid',
      shopifyOrder('orders/create', '2026-01-01T04:00:00-05:00', 'pending'),
      shopifyOrder('orders/updated', '2026-01-01T04:00:09-05:00', 'authorized'),
      shopifyOrder('orders/paid', '2026-01-01T04:00:10-05:00', 'paid'),
    ),
  ],
  twitch: [history('stream.offline', ...[twitchStream('online', 1), twitchStream('offline', 2)])],
  vercel: [
    history(
      'deployment.promoted',
      vercelDeployment('created', 1),
      vercelDeployment('succeeded', 2),
      vercelDeployment('promoted', 10),
    ),
  ],
};

/** By pack that orders by seconds: the last two in one of them, so that either may be the last. */
export const TIED: Readonly<Record<string, History>> = {
  paypal: history(
    'either',
    paypalSubscription('CREATED', '2026-01-01T09:00:00Z', 'APPROVAL_PENDING'),
    paypalSubscription('ACTIVATED', '2026-01-01T09:00:10Z', 'ACTIVE'),
    paypalSubscription('SUSPENDED', '2026-01-01T09:00:10Z', 'SUSPENDED'),
  ),
  quickbooks: history(
    'either',
    quickbooksCustomer('Create', '2026-01-01T09:00:00Z'),
    quickbooksCustomer('Update', '2026-01-01T09:00:10Z'),
    quickbooksCustomer('Merge', '2026-01-01T09:00:10Z'),
  ),
  sanity: history(
    'either',
    sanityPost('create', '2026-01-01T09:00:00Z', ''),
    sanityPost('update', '2026-01-01T09:00:10Z', 'Gr'),
    sanityPost('update', '2026-01-01T09:00:10Z', 'Grüße'),
  ),
  shopify: history(
    'either',
    shopifyOrder('orders/create', '2026-01-01T04:00:00-05:00', 'pending'),
    shopifyOrder('orders/updated', '2026-01-01T04:00:10-05:00', 'authorized'),
    shopifyOrder('orders/paid', '2026-01-01T04:00:10-05:00', 'paid'),
  ),
};
