import type { Provider } from '../pack/provider.ts';

/** Buildkite: builds, jobs and agents. The webhook's token either signs or is sent as it is. */
export const provider: Provider = {
  name: 'buildkite',
  title: 'Buildkite',
  documentation: ['https://buildkite.com/docs/apis/webhooks/pipelines'],
  unverified: 'Whether and when Buildkite tries again was not found.',
  verification: {
    // A request that is signed is judged by its signature alone, whatever token stands beside it.
    kind: 'first',
    schemes: [
      {
        kind: 'hmac',
        algorithm: 'sha256',
        encoding: 'hex',
        key: 'utf8',
        signed: '{timestamp}.{body}',
        signature: {
          header: 'x-buildkite-signature',
          form: { kind: 'pairs', separator: ',', key: 'signature' },
        },
        timestamp: { from: { pair: 'timestamp' }, unit: 'seconds', toleranceSeconds: 300 },
      },
      { kind: 'shared-secret', header: 'x-buildkite-token' },
    ],
  },
  secret: {
    description: 'The token of the notification service. Prefer the setting that sends a signature.',
    development: 'development-token-of-buildkite',
    check: (secret) =>
      /^bk[ua]a?_/.test(secret) ? 'It is an API token: use the token of the webhook.' : undefined,
  },
  events: {
    format: 'json',
    // No id of the event: its key is a hash of the body. A build passes the same state twice when it is run again,
    // so build and state do not make an id; and what is sent can be newer than the event, so it has no order.
    type: 'payload.event',
    unsignedType: 'header.x-buildkite-event',
    tenant: 'payload.organization.id',
  },
  retries: { schedule: 'unknown' },
  registration: [
    'Settings → Notification Services → Add webhook: URL {url}, send the token as X-Buildkite-Signature.',
  ],
  samples: [
    {
      type: 'build.finished',
      headers: { 'content-type': 'application/json', 'x-buildkite-event': 'build.finished' },
      body: (seed) =>
        JSON.stringify({
          event: 'build.finished',
          build: { id: `build-${seed}`, number: seed, state: 'passed', finished_at: '2026-01-01T00:00:00Z' },
          pipeline: { slug: 'sample' },
        }),
    },
  ],
};
