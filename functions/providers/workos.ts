import type { Provider } from '../pack/provider.ts';

/** WorkOS: directories, single sign-on and users. */
export const provider: Provider = {
  name: 'workos',
  title: 'WorkOS',
  documentation: [
    'https://workos.com/docs/events/data-syncing/webhooks',
    'https://github.com/workos/workos-node/blob/main/src/webhooks/webhooks.ts',
  ],
  unverified: 'The retry schedule was not checked.',
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'hex',
    key: 'utf8',
    signed: '{timestamp}.{body}',
    // A space follows the comma.
    signature: { header: 'workos-signature', form: { kind: 'pairs', separator: ',', key: 'v1' } },
    timestamp: { from: { pair: 't' }, unit: 'milliseconds', toleranceSeconds: 180 },
  },
  secret: {
    description: 'The signing secret of the webhook endpoint.',
    development: 'development-signing-secret-of-workos',
    check: (secret) =>
      secret.startsWith('sk_') ? 'It is an API key: use the secret of the endpoint.' : undefined,
  },
  events: {
    format: 'json',
    id: 'payload.id',
    type: 'payload.event',
    // Ids of WorkOS carry their kind: directory_user_…, org_…
    subject: 'payload.data.id',
    // Milliseconds. Equal ones are all applied.
    revision: { field: 'payload.created_at', as: 'timestamp' },
    snapshots: 'Each event carries its whole object, with its time in milliseconds.',
    deletes: ({ payload }) => String((payload as { event?: unknown } | null)?.event).endsWith('.deleted'),
    tenant: 'payload.data.organization_id',
  },
  acknowledge: { status: 200 },
  retries: { schedule: 'up to 12 attempts over 3 days with exponential backoff', periodSeconds: 3 * 86_400 },
  registration: ['Dashboard → Webhooks → Create webhook: endpoint URL {url}, then copy its secret.'],
  samples: [
    {
      type: 'dsync.user.updated',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          id: `event_${seed}`,
          event: 'dsync.user.updated',
          created_at: '2026-01-01T00:00:00.000Z',
          data: { id: `directory_user_${seed}`, organization_id: 'org_sample', state: 'active' },
        }),
    },
  ],
};
