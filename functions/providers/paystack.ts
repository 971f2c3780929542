import type { Provider } from '../pack/provider.ts';

/** Paystack: charges, transfers and subscriptions. */
export const provider: Provider = {
  name: 'paystack',
  title: 'Paystack',
  documentation: ['https://paystack.com/docs/payments/webhooks/'],
  unverified: 'The retry schedule was not checked.',
  verification: {
    kind: 'hmac',
    algorithm: 'sha512',
    encoding: 'hex',
    key: 'utf8',
    signed: '{body}',
    signature: { header: 'x-paystack-signature', form: { kind: 'bare' } },
  },
  secret: {
    description: 'The secret key of the account itself: sk_live_… or sk_test_…',
    development: 'sk_test_development_secret_of_paystack',
    check: (secret) =>
      secret.startsWith('pk_')
        ? 'It is the public key: Paystack signs with the secret key (sk_…).'
        : undefined,
  },
  // No id of the event: its key is a hash of the body. Event and object do not make one, because an invoice or a
  // subscription can go through the same event again. No revision either.
  events: { format: 'json', type: 'payload.event' },
  acknowledge: { status: 200 },
  retries: {
    schedule: 'live: every 3 min 4 times, then hourly for 72 h; test: hourly for 10 h',
    timeoutSeconds: 30,
    periodSeconds: 73 * 3600,
  },
  registration: ['Settings → API Keys & Webhooks: webhook URL {url}.'],
  samples: [
    {
      type: 'charge.success',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          event: 'charge.success',
          data: { id: 302_961 + seed, status: 'success', reference: `reference-${seed}`, amount: 10_000 },
        }),
    },
  ],
};
