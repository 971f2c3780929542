import type { Provider } from '../pack/provider.ts';

/** Recurly: JSON webhooks. XML ones are not signed, so choose JSON. */
export const provider: Provider = {
  name: 'recurly',
  title: 'Recurly',
  documentation: [
    'https://docs.recurly.com/recurly-subscriptions/docs/signature-verification',
    'https://docs.recurly.com/recurly-subscriptions/docs/automatic-retries',
  ],
  unverified:
    'The documentation says milliseconds and prints seconds, so both are read. That the id in the body is of the event is said by third parties only.',
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'hex',
    key: 'utf8',
    signed: '{timestamp}.{body}',
    // `<time>,<signature>,<signature>`: two for the 24 h after a key has been made anew.
    signature: { header: 'recurly-signature', form: { kind: 'positional', separator: ',', first: 1 } },
    timestamp: { from: { position: 0 }, unit: 'seconds-or-milliseconds', toleranceSeconds: 300 },
  },
  secret: {
    description: 'The secret key of the webhook endpoint.',
    development: 'development-secret-key-of-recurly',
  },
  events: {
    format: 'json',
    // Should the id be that of the object after all, what happened and when keeps its events apart.
    id: ['payload.id', 'payload.event_type', 'payload.event_time'],
    deliveryId: 'header.recurly-notification-id',
    type: ['payload.object_type', 'payload.event_type'],
    // No revision: event_time counts seconds.
    tenant: 'payload.site_id',
  },
  retries: {
    schedule: 'up to 10 retries, after about 10 + x·2^(x+5) seconds each',
    periodSeconds: 2 * 86_400,
  },
  registration: [
    'Integrations → Webhooks → Configure: endpoint URL {url}, format JSON, then copy the secret key.',
  ],
  samples: [
    {
      type: 'subscription:renewed',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          id: `notification-${seed}`,
          object_type: 'subscription',
          site_id: 'sample',
          event_type: 'renewed',
          event_time: '2026-01-01T00:00:00Z',
          uuid: seed.toString(16).padStart(32, '0'),
        }),
    },
  ],
};
