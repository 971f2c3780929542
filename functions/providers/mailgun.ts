import { namedByProof } from '../pack/fields.ts';
import type { Provider } from '../pack/provider.ts';
import { mailgunSignature } from '../verification/mailgun.ts';

/**
 * Mailgun. Its signature proves a time and a token, and says nothing of the event beside them: who has seen one
 * request can put any event behind the same proof. So the token is the key of the delivery, and counts once.
 */
export const provider: Provider = {
  name: 'mailgun',
  title: 'Mailgun',
  documentation: [
    'https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks',
    'https://documentation.mailgun.com/docs/mailgun/user-manual/events/webhooks',
  ],
  unverified:
    'That a retry carries the same token: third parties say so, Mailgun does not. If not, it has another key here and is ' +
    'an event of its own. Whoever takes a request before Inlet sees it can put another event behind its token.',
  verification: mailgunSignature,
  secret: {
    description: 'The HTTP webhook signing key: Account → Settings → API Security.',
    development: 'development-signing-key-of-mailgun',
    check: (secret) =>
      secret.startsWith('key-') ? 'This is an API key. Paste the HTTP webhook signing key.' : undefined,
  },
  events: {
    // A field `payload` is not unfolded: it is no part of what the proof was read from.
    format: 'json-or-form',
    // As it was verified, never as a path finds it in the body: that might be another one.
    id: namedByProof,
    // Nothing beside time and token is signed, so nothing orders, and no event replaces another.
    unsignedType: { any: ['payload.event-data.event', () => 'message'] },
  },
  bodyCredentials: ['signature', 'parent-signature', 'token', 'timestamp'],
  // Only 200 is a success, and 406 ends the retries.
  acknowledge: { status: 200 },
  retries: {
    schedule: '5 or 10 min, 10 min, 15 min, 30 min, 1 h, 2 h, 4 h; none after 406',
    periodSeconds: 8 * 3600,
  },
  registration: [
    'Sending → Webhooks → Add webhook: choose the event and enter {url}, once for each kind of event.',
    'The signing key is in Account → Settings → API Security.',
    'Routes are understood when they forward without attachments (a form, not multipart).',
  ],
  samples: ['accepted', 'delivered', 'opened'].map((event, position) => ({
    type: event,
    headers: { 'content-type': 'application/json' },
    body: (seed: number) =>
      JSON.stringify({
        'event-data': {
          event,
          id: `sample-${seed}-${event}`,
          timestamp: 1_767_225_600.5 + position,
          recipient: 'someone@example.com',
          message: { headers: { 'message-id': `sample-${seed}@example.com` } },
        },
      }),
  })),
};
