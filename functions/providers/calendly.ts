import type { Provider } from '../pack/provider.ts';

/** Calendly: invitees and routing forms. */
export const provider: Provider = {
  name: 'calendly',
  title: 'Calendly',
  documentation: ['https://developer.calendly.com/api-docs/4c305798a61d3-webhook-signatures'],
  unverified: 'The retry schedule was not checked.',
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'hex',
    key: 'utf8',
    signed: '{timestamp}.{body}',
    signature: { header: 'calendly-webhook-signature', form: { kind: 'pairs', separator: ',', key: 'v1' } },
    timestamp: { from: { pair: 't' }, unit: 'seconds', toleranceSeconds: 180 },
  },
  secret: {
    description: 'The signing key given when the webhook subscription was created.',
    development: 'development-signing-key-of-calendly',
  },
  events: {
    format: 'json',
    // There is no id of the event: it is known by what happened to whom, and when.
    id: ['payload.event', 'payload.payload.uri', 'payload.created_at'],
    type: 'payload.event',
    subject: 'payload.payload.uri',
    // Microseconds. Equal ones are all applied.
    revision: { field: 'payload.created_at', as: 'timestamp' },
    snapshots: 'Each event carries the whole invitee, ordered by a time in microseconds.',
  },
  retries: { schedule: 'for 24 h with exponential backoff, then disabled', periodSeconds: 86_400 },
  registration: [
    'POST {"url": "{url}", "events": ["invitee.created"], "organization", "scope", "signing_key": "{secret}"} to',
    'https://api.calendly.com/webhook_subscriptions.',
  ],
  samples: [
    {
      type: 'invitee.created',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          event: 'invitee.created',
          created_at: '2026-01-01T00:00:00.000000Z',
          payload: {
            uri: `https://api.calendly.com/scheduled_events/sample/invitees/${seed}`,
            status: 'active',
          },
        }),
    },
  ],
};
