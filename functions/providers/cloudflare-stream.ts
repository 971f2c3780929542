import type { Provider } from '../pack/provider.ts';

/** Cloudflare Stream: a video is ready, or has failed. */
export const provider: Provider = {
  name: 'cloudflare-stream',
  title: 'Cloudflare Stream',
  documentation: ['https://developers.cloudflare.com/stream/manage-video-library/using-webhooks/'],
  unverified:
    'How old a request may be (Cloudflare says "too old"; 5 min here), and whether there are retries.',
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'hex',
    key: 'utf8',
    signed: '{timestamp}.{body}',
    signature: { header: 'webhook-signature', form: { kind: 'pairs', separator: ',', key: 'sig1' } },
    timestamp: { from: { pair: 'time' }, unit: 'seconds', toleranceSeconds: 300 },
  },
  secret: {
    description: 'The secret in the answer to PUT /accounts/{id}/stream/webhook.',
    development: 'development-secret-of-cloudflare-stream',
  },
  events: {
    format: 'json',
    id: ['payload.uid', 'payload.status.state', 'payload.modified'],
    type: 'payload.status.state',
    subject: 'payload.uid',
    // Microseconds. Equal ones are all applied.
    revision: { field: 'payload.modified', as: 'timestamp' },
    snapshots: 'Each webhook carries the whole video, ordered by its `modified` to the microsecond.',
  },
  acknowledge: { status: 200 },
  retries: { schedule: 'not documented', periodSeconds: 86_400 },
  registration: [
    'PUT https://api.cloudflare.com/client/v4/accounts/{account}/stream/webhook with {"notificationUrl": "{url}"}.',
    'The answer holds the secret.',
  ],
  samples: [
    {
      type: 'ready',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          uid: seed.toString(16).padStart(32, '0'),
          readyToStream: true,
          status: { state: 'ready' },
          created: '2026-01-01T00:00:00.000000Z',
          modified: '2026-01-01T00:01:00.000000Z',
        }),
    },
  ],
};
