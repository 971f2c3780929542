import type { Provider } from '../pack/provider.ts';

/** Vercel: deployments and projects. */
export const provider: Provider = {
  name: 'vercel',
  title: 'Vercel',
  documentation: ['https://vercel.com/docs/webhooks/webhooks-api'],
  verification: {
    kind: 'hmac',
    algorithm: 'sha1',
    encoding: 'hex',
    key: 'utf8',
    signed: '{body}',
    signature: { header: 'x-vercel-signature', form: { kind: 'bare' } },
  },
  secret: {
    description: 'The secret shown once when the webhook is created; for an integration, its client secret.',
    development: 'development-secret-of-vercel',
  },
  events: {
    format: 'json',
    id: 'payload.id',
    type: 'payload.type',
    subject: 'payload.payload.deployment.id',
    // Milliseconds. Equal ones are all applied. Events without a deployment are not ordered.
    revision: { field: 'payload.createdAt', as: 'milliseconds' },
    snapshots: 'The newest event of a deployment says how far it has come, with its time in milliseconds.',
    tenant: { any: ['payload.payload.team.id', 'payload.payload.user.id'] },
  },
  retries: { schedule: 'for up to 24 h with exponential backoff', timeoutSeconds: 30, periodSeconds: 86_400 },
  registration: [
    'Team settings → Webhooks: choose events and projects, endpoint URL {url}, then copy the secret.',
  ],
  samples: [
    {
      type: 'deployment.succeeded',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          id: `event_${seed}`,
          type: 'deployment.succeeded',
          createdAt: 1_767_225_600_000 + seed,
          payload: { team: { id: 'team_sample' }, deployment: { id: `dpl_${seed}`, name: 'sample' } },
          region: 'fra1',
        }),
    },
  ],
};
