import type { Provider } from '../pack/provider.ts';

/** Stripe: payments, subscriptions, Connect accounts. */
export const provider: Provider = {
  name: 'stripe',
  title: 'Stripe',
  documentation: [
    'https://docs.stripe.com/webhooks',
    'https://github.com/stripe/stripe-node/blob/master/src/Webhooks.ts',
  ],
  unverified: 'The retry schedule was not checked.',
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'hex',
    // The whole text, whsec_ included: Stripe does not mean base64 by it, unlike Standard Webhooks.
    key: 'utf8',
    signed: '{timestamp}.{body}',
    // v0 is a weaker signature of test events and never counts.
    signature: { header: 'stripe-signature', form: { kind: 'pairs', separator: ',', key: 'v1' } },
    timestamp: { from: { pair: 't' }, unit: 'seconds', toleranceSeconds: 300 },
  },
  secret: {
    description: 'The signing secret of the endpoint, used as it is with its prefix: whsec_…',
    development: 'whsec_development_secret_of_stripe',
    check: (secret) =>
      /^(sk|rk|pk)_/.test(secret)
        ? 'It is an API key: use the signing secret of the endpoint (whsec_…).'
        : undefined,
  },
  events: {
    format: 'json',
    id: 'payload.id',
    type: 'payload.type',
    // No revision: Stripe promises no order, and `created` counts seconds, in which an object changes twice.
    tenant: 'payload.account',
  },
  retries: {
    schedule: 'up to 3 days with exponential backoff; in test mode 3 attempts over a few hours',
    timeoutSeconds: 10,
    periodSeconds: 3 * 86_400,
  },
  registration: [
    'Workbench → Webhooks: add the endpoint {url}, choose the events, and copy its signing secret.',
    'By API: POST /v1/webhook_endpoints with url={url} and enabled_events[]; the answer holds the secret.',
  ],
  samples: [
    {
      type: 'invoice.paid',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: (seed) =>
        JSON.stringify(
          {
            id: `evt_${seed}`,
            object: 'event',
            created: 1_767_225_600,
            livemode: false,
            type: 'invoice.paid',
            data: { object: { id: `in_${seed}`, object: 'invoice', amount_paid: 1000, currency: 'eur' } },
          },
          null,
          2,
        ),
    },
  ],
};
