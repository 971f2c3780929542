import type { Provider } from '../pack/provider.ts';

const bare = { kind: 'bare' } as const;

/** Box: each request carries a signature under the primary and one under the secondary key. */
export const provider: Provider = {
  name: 'box',
  title: 'Box',
  documentation: [
    'https://developer.box.com/guides/webhooks/v2/signatures-v2/',
    'https://developer.box.com/guides/webhooks/v2/',
  ],
  unverified: 'The retries (10 over about two hours).',
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'base64',
    key: 'utf8',
    signed: '{body}{timestamp}',
    signature: [
      { header: 'box-signature-primary', form: bare },
      { header: 'box-signature-secondary', form: bare },
    ],
    timestamp: { from: { header: 'box-delivery-timestamp' }, unit: 'rfc3339', toleranceSeconds: 600 },
  },
  secret: {
    description:
      'The primary signature key, and as a second secret the secondary one (Webhooks → Manage signature keys).',
    development: 'development-signature-key-of-box',
  },
  events: {
    format: 'json',
    // Stays over retries, unlike BOX-DELIVERY-ID.
    id: 'payload.id',
    type: 'payload.trigger',
    subject: ['payload.source.type', 'payload.source.id'],
    // To the second. Equal ones are all applied.
    revision: { field: 'payload.created_at', as: 'timestamp' },
  },
  eventHeaders: ['box-delivery-id'],
  acknowledge: { status: 200 },
  retries: { schedule: 'up to 10 times over about two hours', timeoutSeconds: 30, periodSeconds: 3 * 3600 },
  registration: [
    'Developer Console → your app → Webhooks → Create webhook (V2): enter {url} and choose the triggers.',
    'Manage signature keys: generate both, and enter both here.',
  ],
  samples: ['FILE.UPLOADED', 'FILE.RENAMED'].map((trigger, position) => ({
    type: trigger,
    headers: { 'content-type': 'application/json' },
    body: (seed: number) =>
      JSON.stringify({
        type: 'webhook_event',
        id: `sample-${seed}-${position}`,
        created_at: `2026-01-01T00:00:0${position}-07:00`,
        trigger,
        webhook: { id: '53', type: 'webhook' },
        source: { id: String(73_835_521 + seed), type: 'file', name: 'sample.txt' },
      }),
  })),
};
