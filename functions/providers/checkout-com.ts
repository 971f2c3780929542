import type { Provider } from '../pack/provider.ts';

/** Checkout.com: webhooks of a workflow. */
export const provider: Provider = {
  name: 'checkout-com',
  title: 'Checkout.com',
  documentation: ['https://www.checkout.com/docs/developer-resources/event-notifications/receive-webhooks'],
  unverified: 'The retry schedule was not checked.',
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'hex',
    key: 'utf8',
    signed: '{body}',
    signature: { header: 'cko-signature', form: { kind: 'bare' } },
  },
  secret: {
    description:
      'The signature key of the webhook. The authorization header key beside it is something else.',
    development: 'development-signature-key-of-checkout-com',
  },
  events: {
    format: 'json',
    id: 'payload.id',
    type: 'payload.type',
    // No revision: a payment is approved and captured within one second, and created_on may count no finer.
  },
  acknowledge: { status: 200 },
  retries: { schedule: '8 retries over about 2 days', timeoutSeconds: 10, periodSeconds: 3 * 86_400 },
  registration: [
    'Developers → Webhooks → New webhook: endpoint URL {url}, signature key {secret}, and the events.',
  ],
  samples: [
    {
      type: 'payment_approved',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          id: `evt_${seed}`,
          type: 'payment_approved',
          version: '1.0.0',
          created_on: '2026-01-01T00:00:00Z',
          data: { id: `pay_${seed}`, amount: 10_000.5, currency: 'USD' },
        }),
    },
  ],
};
