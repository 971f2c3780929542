import type { Provider } from '../pack/provider.ts';
import { checkStandardSecret, standardWebhooks } from '../verification/standard-webhooks.ts';

/** Any sender that follows Standard Webhooks and has no pack of its own. */
export const provider: Provider = {
  name: 'standard-webhooks',
  title: 'Standard Webhooks',
  documentation: [
    'https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md',
  ],
  verification: standardWebhooks(),
  secret: {
    description:
      'The signing secret (whsec_…), or the public key of the sender (whpk_…) for Ed25519 signatures.',
    development: 'whsec_ZGV2ZWxvcG1lbnQtc2VjcmV0LW9mLXN0YW5kYXJk',
    check: checkStandardSecret,
  },
  // The body has a timestamp, but the specification gives it no meaning for the order of events.
  events: { format: 'json', id: 'header.webhook-id', type: 'payload.type' },
  retries: {
    schedule:
      'advised: at once, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h; 410 disables the endpoint',
    timeoutSeconds: 15,
    periodSeconds: 76 * 3600,
  },
  registration: ['Give the sender the URL {url} and copy its signing secret.'],
  samples: [
    {
      type: 'user.created',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          type: 'user.created',
          timestamp: '2026-01-01T00:00:00.000Z',
          data: { id: `user-${seed}`, name: 'Zoë Sample' },
        }),
    },
  ],
};
