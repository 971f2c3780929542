import type { Provider } from '../pack/provider.ts';
import { klaviyoSignature } from '../verification/klaviyo.ts';

/** Klaviyo's system webhooks. The webhook action of a flow is not signed: use a shared secret for that one. */
export const provider: Provider = {
  name: 'klaviyo',
  title: 'Klaviyo (system webhooks)',
  documentation: [
    'https://developers.klaviyo.com/en/docs/working_with_system_webhooks',
    'https://developers.klaviyo.com/en/reference/webhooks_api_overview',
  ],
  unverified:
    'How old a request may be (5 min here), the exact spelling of Klaviyo-Timestamp, and the retries.',
  verification: klaviyoSignature,
  secret: {
    description: 'The secret key that you chose for the webhook: at least 16 characters.',
    development: 'development-secret-of-klaviyo',
    check: (secret) =>
      secret.length < 16 ? 'It is shorter than 16 characters, which Klaviyo does not allow.' : undefined,
  },
  events: {
    format: 'json',
    split: 'payload.data',
    // Per event; Klaviyo-Webhook-Id is the webhook's.
    id: ['payload.topic', 'payload.external_id'],
    type: 'payload.topic',
  },
  eventHeaders: ['klaviyo-webhook-id'],
  acknowledge: { status: 200 },
  retries: { schedule: 'with growing pauses', timeoutSeconds: 5, periodSeconds: 86_400 },
  registration: [
    'POST /api/webhooks with {"data": {"type": "webhook", "attributes": {"name", "endpoint_url": "{url}", "secret_key"}, ' +
      '"relationships": {"webhook-topics": …}}}, or Settings → Webhooks.',
  ],
  samples: [
    {
      type: 'event:klaviyo.email_delivered',
      headers: { 'content-type': 'application/json', 'klaviyo-webhook-id': 'sample' },
      body: (seed) =>
        JSON.stringify({
          data: [
            {
              topic: 'event:klaviyo.email_delivered',
              external_id: `sample-${seed}`,
              payload: { data: { type: 'event', id: `sample-${seed}` } },
            },
          ],
          meta: { timestamp: '2026-01-01T00:00:00+00:00', version: '2024-07-15' },
        }),
    },
  ],
};
