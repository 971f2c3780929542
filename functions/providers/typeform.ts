import type { Provider } from '../pack/provider.ts';

/** Typeform: one event for each response. */
export const provider: Provider = {
  name: 'typeform',
  title: 'Typeform',
  documentation: ['https://www.typeform.com/developers/webhooks/secure-your-webhooks/'],
  unverified: 'The retry schedule was not checked.',
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    // After a prefix that others put before hex.
    encoding: 'base64',
    key: 'utf8',
    signed: '{body}',
    signature: { header: 'typeform-signature', form: { kind: 'prefix', prefix: 'sha256=' } },
  },
  secret: {
    description: 'The secret of the webhook: any text, the same as here.',
    development: 'development-secret-of-typeform',
  },
  // A response is one event and never changes, so there is nothing to order.
  events: {
    format: 'json',
    id: 'payload.event_id',
    type: 'payload.event_type',
    tenant: 'payload.form_response.form_id',
  },
  retries: { schedule: 'every 2 to 3 min for up to 10 h', timeoutSeconds: 30, periodSeconds: 10 * 3600 },
  registration: ['Connect → Webhooks → Add a webhook: endpoint {url}; edit it to set the secret {secret}.'],
  samples: [
    {
      type: 'form_response',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          event_id: `01SAMPLE${seed}`,
          event_type: 'form_response',
          form_response: { form_id: 'sample', token: `token-${seed}`, submitted_at: '2026-01-01T00:00:00Z' },
        }),
    },
  ],
};
