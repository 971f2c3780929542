import type { Provider } from '../pack/provider.ts';
import { checkStandardSecret } from '../verification/standard-webhooks.ts';
import { svixId, svixRetries, svixVerification } from './svix-events.ts';

/** Resend: what became of an e-mail, sent through Svix. */
export const provider: Provider = {
  name: 'resend',
  title: 'Resend',
  documentation: [
    'https://resend.com/docs/webhooks/verify-webhooks-requests',
    'https://resend.com/docs/webhooks/retries-and-replays',
  ],
  unverified: 'The time limit of an attempt is that of Svix.',
  verification: svixVerification,
  secret: {
    description: 'The signing secret on the page of the webhook: whsec_…',
    development: 'whsec_ZGV2ZWxvcG1lbnQtc2VjcmV0LW9mLXJlc2VuZA==',
    check: checkStandardSecret,
  },
  // No revision: nothing says whether `created_at` is the time of the event or of the e-mail.
  events: { format: 'json', id: svixId, type: 'payload.type' },
  retries: svixRetries,
  registration: ['Webhooks → Add webhook: enter {url}, choose the events, and copy the signing secret.'],
  samples: [
    {
      type: 'email.delivered',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          type: 'email.delivered',
          created_at: '2026-01-01T00:00:00.000Z',
          data: { email_id: `email-${seed}`, to: ['reader@example.com'], subject: 'Grüße' },
        }),
    },
  ],
};
