import type { Provider } from '../pack/provider.ts';

/** Razorpay: payments, refunds and subscriptions. */
export const provider: Provider = {
  name: 'razorpay',
  title: 'Razorpay',
  documentation: [
    'https://razorpay.com/docs/webhooks/validate-test/',
    'https://github.com/razorpay/razorpay-node/blob/master/lib/utils/razorpay-utils.js',
  ],
  unverified: 'That x-razorpay-event-id stays the same over retries was not checked, nor the retry schedule.',
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'hex',
    key: 'utf8',
    signed: '{body}',
    signature: { header: 'x-razorpay-signature', form: { kind: 'bare' } },
  },
  secret: {
    description:
      'The secret of the webhook: any text, the same as here. It is not the key secret of the API.',
    development: 'development-secret-of-razorpay',
    check: (secret) =>
      secret.startsWith('rzp_') ? 'It is an API key id: use the secret of the webhook.' : undefined,
  },
  events: {
    format: 'json',
    // The body has no id of the event.
    deliveryId: 'header.x-razorpay-event-id',
    type: 'payload.event',
    // No revision: created_at counts seconds, in which a payment is authorised and captured.
    tenant: 'payload.account_id',
  },
  acknowledge: { status: 200 },
  retries: {
    schedule: 'for 24 h with exponential backoff, then disabled',
    timeoutSeconds: 5,
    periodSeconds: 86_400,
  },
  registration: ['Account & Settings → Webhooks → Add: URL {url}, secret {secret}, and the events.'],
  samples: [
    {
      type: 'payment.captured',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          entity: 'event',
          account_id: 'acc_sample',
          event: 'payment.captured',
          payload: { payment: { entity: { id: `pay_${seed}`, amount: 100, currency: 'INR' } } },
          created_at: 1_767_225_600,
        }),
    },
  ],
};
