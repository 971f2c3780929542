import type { Provider } from '../pack/provider.ts';
import { gitlabRetries, gitlabSample, gitlabType } from './gitlab-events.ts';

/** GitLab webhooks with a plain secret token, which proves who sent but not what: prefer a signing token. */
export const provider: Provider = {
  name: 'gitlab-token',
  title: 'GitLab (secret token)',
  documentation: ['https://docs.gitlab.com/user/project/integrations/webhooks/'],
  unverified: 'When GitLab disables a failing webhook was not checked.',
  verification: { kind: 'shared-secret', header: 'x-gitlab-token' },
  secret: {
    description: 'The secret token of the webhook: any text, the same as here.',
    development: 'development-token-of-gitlab',
    check: (secret) =>
      secret.startsWith('whsec_')
        ? 'It looks like a signing token: use the provider gitlab for that.'
        : undefined,
  },
  // Idempotency-Key since 17.4: the same when GitLab resends. Older versions: a hash of the body.
  events: { format: 'json', id: 'header.idempotency-key', type: gitlabType },
  eventHeaders: ['x-gitlab-event-uuid', 'x-gitlab-instance'],
  retries: gitlabRetries,
  registration: [
    'Settings → Webhooks: enter {url}, choose the events, and set the secret token to {secret}.',
  ],
  samples: [gitlabSample],
};
