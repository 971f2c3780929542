import type { Provider } from '../pack/provider.ts';
import { checkStandardSecret, standardHmac } from '../verification/standard-webhooks.ts';
import { gitlabRetries, gitlabSample, gitlabType } from './gitlab-events.ts';

/** GitLab webhooks with a signing token. For the older plain secret token there is `gitlab-token`. */
export const provider: Provider = {
  name: 'gitlab',
  title: 'GitLab (signing token)',
  documentation: [
    'https://docs.gitlab.com/user/project/integrations/webhooks/',
    'https://gitlab.com/gitlab-org/gitlab/-/merge_requests/230944',
    'https://gitlab.com/gitlab-org/gitlab/-/merge_requests/231325',
  ],
  unverified: 'When GitLab disables a failing webhook was not checked.',
  verification: standardHmac(),
  secret: {
    description: 'The signing token of the webhook: whsec_ and 32 bytes in base64.',
    development: 'whsec_ZGV2ZWxvcG1lbnQtc2lnbmluZy10b2tlbi1naXRsYWI=',
    check: (secret) =>
      secret.startsWith('whsec_')
        ? checkStandardSecret(secret)
        : 'A signing token begins with whsec_. For a plain secret token use the provider gitlab-token.',
  },
  // webhook-id is the Idempotency-Key: the same when GitLab resends. Webhook-UUID names the hook, and Event-UUID is
  // shared by all the hooks that one event sets off. No revision: updated_at counts seconds.
  events: {
    format: 'json',
    id: 'header.webhook-id',
    type: gitlabType,
    unsignedType: 'header.x-gitlab-event',
  },
  eventHeaders: ['x-gitlab-event-uuid', 'x-gitlab-instance'],
  retries: gitlabRetries,
  registration: [
    'Settings → Webhooks: enter {url}, choose the events, and set the signing token to {secret}.',
  ],
  samples: [gitlabSample],
};
