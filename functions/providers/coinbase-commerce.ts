import type { Provider } from '../pack/provider.ts';

/** Coinbase Commerce: charges paid in crypto-currency. */
export const provider: Provider = {
  name: 'coinbase-commerce',
  title: 'Coinbase Commerce',
  documentation: [
    'https://docs.cdp.coinbase.com/commerce/api-arcitecture/webhooks-overview',
    'https://docs.cdp.coinbase.com/commerce/api-arcitecture/webhooks-security',
    'https://github.com/coinbase/coinbase-commerce-node',
  ],
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'hex',
    key: 'utf8',
    signed: '{body}',
    signature: { header: 'x-cc-webhook-signature', form: { kind: 'bare' } },
  },
  secret: {
    description: 'The webhook shared secret: Settings → Notifications.',
    development: 'development-shared-secret-of-coinbase',
  },
  events: {
    format: 'json',
    // The outer id, attempt_number and scheduled_for belong to the attempt.
    id: 'payload.event.id',
    volatile: ['payload.id', 'payload.attempt_number', 'payload.scheduled_for'],
    type: 'payload.event.type',
    // No revision: created_at counts seconds, in which a charge can be made and seen.
  },
  acknowledge: { status: 200 },
  retries: {
    schedule: 'for up to 3 days with exponential backoff, at most 1 h apart',
    periodSeconds: 3 * 86_400,
  },
  registration: ['Settings → Notifications → Webhook subscriptions: add the endpoint {url}.'],
  samples: [
    {
      type: 'charge:confirmed',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          attempt_number: 1,
          id: `attempt-${seed}`,
          scheduled_for: '2026-01-01T00:00:00Z',
          event: {
            id: `event-${seed}`,
            type: 'charge:confirmed',
            created_at: '2026-01-01T00:00:00Z',
            data: { code: `CODE${seed}`, id: `charge-${seed}` },
          },
        }),
    },
  ],
};
