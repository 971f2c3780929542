import type { Provider } from '../pack/provider.ts';

/** CircleCI: finished jobs and workflows. */
export const provider: Provider = {
  name: 'circleci',
  title: 'CircleCI',
  documentation: ['https://circleci.com/docs/guides/integration/outbound-webhooks/'],
  unverified: 'How often and how long a failed delivery is tried again was not found.',
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'hex',
    key: 'utf8',
    signed: '{body}',
    // v1 is the latest version so far; ones that come later are passed over.
    signature: { header: 'circleci-signature', form: { kind: 'pairs', separator: ',', key: 'v1' } },
  },
  secret: {
    description: 'The secret token of the webhook: any text, the same as here.',
    development: 'development-secret-of-circleci',
  },
  // Jobs and workflows are told of once, when they have finished: there is nothing to order.
  events: { format: 'json', id: 'payload.id', type: 'payload.type', tenant: 'payload.organization.id' },
  eventHeaders: ['circleci-event-type'],
  retries: {
    schedule: 'several times with backoff; repeats can happen',
    timeoutSeconds: 10,
    periodSeconds: 86_400,
  },
  registration: ['Project settings → Webhooks → Add webhook: receiver URL {url}, secret token {secret}.'],
  samples: [
    {
      type: 'workflow-completed',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          id: `event-${seed}`,
          type: 'workflow-completed',
          happened_at: '2026-01-01T00:00:00.123Z',
          workflow: { id: `workflow-${seed}`, name: 'build', status: 'success' },
          organization: { id: 'sample', name: 'Sample' },
        }),
    },
  ],
};
