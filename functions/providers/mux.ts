import type { Provider } from '../pack/provider.ts';

/** Mux: video assets, uploads and live streams. */
export const provider: Provider = {
  name: 'mux',
  title: 'Mux',
  documentation: [
    'https://www.mux.com/docs/core/verify-webhook-signatures',
    'https://github.com/muxinc/mux-node-sdk/blob/master/src/resources/webhooks/webhooks.ts',
  ],
  unverified: 'Retries and the precision of created_at were not checked, so events are not ordered by it.',
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'hex',
    key: 'utf8',
    signed: '{timestamp}.{body}',
    signature: { header: 'mux-signature', form: { kind: 'pairs', separator: ',', key: 'v1' } },
    timestamp: { from: { pair: 't' }, unit: 'seconds', toleranceSeconds: 300 },
  },
  secret: {
    description: 'The signing secret of the webhook.',
    development: 'development-signing-secret-of-mux',
  },
  events: {
    format: 'json',
    id: 'payload.id',
    type: 'payload.type',
    tenant: 'payload.environment.id',
  },
  retries: { schedule: 'for 24 h with backoff', periodSeconds: 86_400 },
  registration: [
    'Settings → Webhooks → Create new webhook: URL {url}, then show and copy its signing secret.',
  ],
  samples: [
    {
      type: 'video.asset.ready',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          type: 'video.asset.ready',
          id: `event-${seed}`,
          created_at: '2026-01-01T00:00:00.000000Z',
          object: { type: 'asset', id: `asset-${seed}` },
          environment: { name: 'Sample', id: 'sample' },
          data: { status: 'ready', duration: 23.8 },
        }),
    },
  ],
};
