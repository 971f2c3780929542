import type { Provider } from '../pack/provider.ts';

/** PagerDuty webhooks v3. */
export const provider: Provider = {
  name: 'pagerduty',
  title: 'PagerDuty',
  documentation: [
    'https://developer.pagerduty.com/docs/verifying-webhook-signatures',
    'https://github.com/PagerDuty/go-pagerduty/blob/main/webhookv3/webhookv3.go',
  ],
  unverified: 'The retry schedule was not checked.',
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'hex',
    key: 'utf8',
    signed: '{body}',
    // One v1 for each secret that is live.
    signature: { header: 'x-pagerduty-signature', form: { kind: 'pairs', separator: ',', key: 'v1' } },
  },
  secret: {
    description: 'The secret shown once when the webhook subscription is created.',
    development: 'development-secret-of-pagerduty',
  },
  events: {
    format: 'json',
    id: 'payload.event.id',
    type: 'payload.event.event_type',
    subject: ['payload.event.resource_type', 'payload.event.data.id'],
    // Milliseconds. Equal ones are all applied.
    revision: { field: 'payload.event.occurred_at', as: 'timestamp' },
    snapshots: 'Each event carries its whole resource, with its time in milliseconds.',
  },
  retries: { schedule: '10 attempts over 2 days', timeoutSeconds: 5, periodSeconds: 2 * 86_400 },
  registration: [
    'Integrations → Generic Webhooks (v3) → New webhook: URL {url}. The test event is pagey.ping.',
  ],
  samples: [
    {
      type: 'incident.triggered',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          event: {
            id: `event-${seed}`,
            event_type: 'incident.triggered',
            resource_type: 'incident',
            occurred_at: '2026-01-01T00:00:00.123Z',
            data: { id: `incident-${seed}`, type: 'incident', status: 'triggered' },
          },
        }),
    },
  ],
};
