/** Of packs whose snapshots are tolerable without a handler. */
import { type History, history, START, sent } from './history.ts';

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

/** Also for `tied.ts`. */
export const paypalSubscription = (change: string, createTime: string, status: string) => ({
  id: `WH-${change}`,
  create_time: createTime,
  resource_type: 'subscription',
  event_type: `BILLING.SUBSCRIPTION.${change}`,
  resource: { id: 'I-BW452GLLEP1G', status },
});

/** Also for `tied.ts`. */
export const shopifyOrder = (topic: string, updatedAt: string, status: string) =>
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

/** By pack. */
export const tolerable: Readonly<Record<string, readonly History[]>> = {
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
