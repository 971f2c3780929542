import type { Provider } from '../pack/provider.ts';

/** Lemon Squeezy: orders, subscriptions and licence keys. */
export const provider: Provider = {
  name: 'lemon-squeezy',
  title: 'Lemon Squeezy',
  documentation: [
    'https://docs.lemonsqueezy.com/help/webhooks/signing-requests',
    'https://docs.lemonsqueezy.com/help/webhooks/webhook-requests',
  ],
  unverified: 'The retry schedule was not checked.',
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'hex',
    key: 'utf8',
    signed: '{body}',
    signature: { header: 'x-signature', form: { kind: 'bare' } },
  },
  secret: {
    description: 'The signing secret of the webhook: 6 to 40 characters of your choice.',
    development: 'development-secret-lemon-squeezy',
    check: (secret) =>
      secret.length < 6 || secret.length > 40
        ? 'Lemon Squeezy takes secrets of 6 to 40 characters: copy the one of the webhook.'
        : undefined,
  },
  events: {
    format: 'json',
    // There is no id of the event; meta.webhook_id names the webhook. Repeats say the same in these four.
    id: [
      'payload.meta.event_name',
      'payload.data.type',
      'payload.data.id',
      'payload.data.attributes.updated_at',
    ],
    volatile: ['payload.meta.webhook_id'],
    type: 'payload.meta.event_name',
    subject: ['payload.data.type', 'payload.data.id'],
    // Written with microseconds. Equal: subscription_created and the subscription_updated that comes with it, which say
    // the same.
    revision: { field: 'payload.data.attributes.updated_at', as: 'timestamp' },
    tenant: 'payload.data.attributes.store_id',
  },
  eventHeaders: ['x-event-name'],
  acknowledge: { status: 200 },
  retries: { schedule: '3 retries: after 5 s, 25 s, 125 s', periodSeconds: 155 },
  registration: ['Settings → Webhooks: callback URL {url}, signing secret {secret}, and the events.'],
  samples: [
    {
      type: 'order_created',
      headers: { 'content-type': 'application/json', 'x-event-name': 'order_created' },
      body: (seed) =>
        JSON.stringify({
          meta: { event_name: 'order_created', webhook_id: 'hook' },
          data: {
            type: 'orders',
            id: String(seed),
            attributes: { store_id: 1, status: 'paid', updated_at: '2026-01-01T00:00:00.000000Z' },
            links: { self: 'https://api.lemonsqueezy.com/v1/orders' },
          },
          // The slashes are escaped, as PHP does it: the bytes must reach the check unchanged.
        }).replaceAll('/', '\\/'),
    },
  ],
};
