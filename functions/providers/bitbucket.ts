import type { Provider } from '../pack/provider.ts';

/** Bitbucket Cloud. */
export const provider: Provider = {
  name: 'bitbucket',
  title: 'Bitbucket Cloud',
  documentation: ['https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/'],
  unverified: 'That X-Request-UUID stays the same over retries was not checked, nor the retry schedule.',
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'hex',
    key: 'utf8',
    signed: '{body}',
    // Without -256, and yet SHA-256.
    signature: { header: 'x-hub-signature', form: { kind: 'prefix', prefix: 'sha256=' } },
  },
  secret: {
    description: 'The secret of the webhook. Without one, Bitbucket sends no signature.',
    development: 'development-secret-of-bitbucket',
  },
  events: {
    format: 'json',
    // X-Hook-UUID names the webhook and X-Attempt-Number the attempt: neither is the event.
    deliveryId: 'header.x-request-uuid',
    unsignedType: 'header.x-event-key',
    tenant: 'payload.repository.workspace.slug',
  },
  eventHeaders: ['x-attempt-number', 'x-hook-uuid'],
  retries: { schedule: '2 more attempts on 5xx and timeouts', timeoutSeconds: 10, periodSeconds: 3600 },
  registration: [
    'Repository settings → Webhooks: URL {url}, secret {secret}, and the triggers that you want.',
  ],
  samples: [
    {
      type: 'repo:push',
      headers: { 'content-type': 'application/json', 'x-event-key': 'repo:push' },
      body: (seed) =>
        JSON.stringify({
          repository: { full_name: 'sample/repository', workspace: { slug: 'sample' } },
          push: { changes: [{ new: { target: { hash: seed.toString(16).padStart(40, '0') } } }] },
        }),
    },
  ],
};
