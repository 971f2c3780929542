import type { Provider } from '../pack/provider.ts';

/** Paddle Billing. */
export const provider: Provider = {
  name: 'paddle',
  title: 'Paddle Billing',
  documentation: [
    'https://developer.paddle.com/webhooks/signature-verification',
    'https://developer.paddle.com/webhooks/respond-to-webhooks',
  ],
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'hex',
    key: 'utf8',
    signed: '{timestamp}:{body}',
    // Semicolons. While a secret is rotated there are several h1, and each of them counts.
    signature: { header: 'paddle-signature', form: { kind: 'pairs', separator: ';', key: 'h1' } },
    // The SDKs allow 5 s, which loses events to a slow network: set toleranceSeconds to 5 to do as they do.
    timestamp: { from: { pair: 'ts' }, unit: 'seconds', toleranceSeconds: 300 },
  },
  secret: {
    description: 'The secret key of the notification destination: pdl_ntfset_…',
    development: 'pdl_ntfset_development_secret_of_paddle',
    check: (secret) =>
      /^pdl_(live_|sdbx_)?apikey_/.test(secret)
        ? 'It is an API key: use the secret key of the notification destination (pdl_ntfset_…).'
        : undefined,
  },
  events: {
    format: 'json',
    // Not notification_id: that is new for each destination and each replay.
    id: 'payload.event_id',
    type: 'payload.event_type',
    // Ids of Paddle carry their kind: txn_…, sub_…
    subject: 'payload.data.id',
    // Microseconds; Paddle advises to store and compare it. Equal ones are all applied.
    revision: { field: 'payload.occurred_at', as: 'timestamp' },
  },
  eventHeaders: ['paddle-version'],
  acknowledge: { status: 200 },
  retries: {
    schedule: 'live 60 attempts over 3 days (20 in the first hour), sandbox 3 in 15 min',
    timeoutSeconds: 5,
    periodSeconds: 3 * 86_400,
  },
  registration: ['Developer tools → Notifications → New destination: URL {url}, then copy its secret key.'],
  samples: [
    {
      type: 'transaction.completed',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          event_id: `evt_${seed}`,
          event_type: 'transaction.completed',
          occurred_at: '2026-01-01T00:00:00.123456Z',
          notification_id: `ntf_${seed}`,
          data: { id: `txn_${seed}`, status: 'completed', currency_code: 'EUR' },
        }),
    },
  ],
};
