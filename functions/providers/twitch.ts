import { escapePart } from '../pack/fields.ts';
import type { HandshakeContext, Provider } from '../pack/provider.ts';
import type { EventContext } from '../pack/request.ts';
import { peekObject } from '../parsing/peek.ts';

/** Known by its signed body: the type of the message is a header, which nothing signs. */
function answerVerification({ request }: HandshakeContext) {
  const { challenge, event } = peekObject(request.body) ?? {};
  if (typeof challenge !== 'string' || event !== undefined) return undefined;
  return { status: 200, headers: { 'content-type': 'text/plain' }, body: challenge };
}

interface Body {
  readonly subscription?: { readonly type?: unknown } | null;
  readonly event?: Readonly<Record<string, unknown>> | null;
}

/** Of the subscription in the body: the headers that say the same are not signed. */
function subscriptionType({ payload }: EventContext): string {
  const { subscription } = (payload ?? {}) as Body;
  return typeof subscription?.type === 'string' ? subscription.type : '';
}

/**
 * Only events that replace what was known before have a subject: a channel, a stream, a poll in its course. Follows
 * and cheers stand for themselves, and one must never make another stale.
 */
function subjectOf(context: EventContext): string | undefined {
  const type = subscriptionType(context);
  const { event } = (context.payload ?? {}) as Body;
  const family = type.slice(0, type.lastIndexOf('.'));
  const course = /\.(begin|progress|lock|end)$/.test(type) ? event?.id : undefined;
  const state = /^(stream\.|channel\.update$|user\.update$)/.test(type)
    ? (event?.broadcaster_user_id ?? event?.user_id)
    : undefined;
  const id = course ?? state;
  return typeof id === 'string' && id !== '' ? [family, id].map(escapePart).join(':') : undefined;
}

export const provider: Provider = {
  name: 'twitch',
  title: 'Twitch EventSub',
  documentation: [
    'https://dev.twitch.tv/docs/eventsub/handling-webhook-events/',
    'https://dev.twitch.tv/docs/eventsub/',
  ],
  unverified: 'How often Twitch sends an event again is not published.',
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'hex',
    key: 'utf8',
    signed: '{header.twitch-eventsub-message-id}{timestamp}{body}',
    signature: { header: 'twitch-eventsub-message-signature', form: { kind: 'prefix', prefix: 'sha256=' } },
    timestamp: {
      from: { header: 'twitch-eventsub-message-timestamp' },
      unit: 'rfc3339',
      toleranceSeconds: 600,
    },
  },
  secret: {
    description: 'The secret that you chose for the subscription: 10 to 100 ASCII characters.',
    development: 'development-secret-of-twitch',
    check: (secret) =>
      /^[\x20-\x7e]{10,100}$/.test(secret) ? undefined : 'It has to have 10 to 100 ASCII characters.',
  },
  events: {
    format: 'json',
    // Signed, and the same when Twitch sends the event again.
    id: 'header.twitch-eventsub-message-id',
    // A notification has an event; what tells that a subscription was revoked has none.
    type: (context) =>
      (context.payload as Body | null)?.event == null ? 'revocation' : subscriptionType(context),
    subject: subjectOf,
    // Nanoseconds, all of them kept: two events of one subject never share one in practice; if so, both are applied.
    revision: { field: 'header.twitch-eventsub-message-timestamp', as: 'timestamp' },
    snapshots:
      'The newest event of a subscription and its condition says how things stand, with a signed time in nanoseconds.',
  },
  eventHeaders: ['twitch-eventsub-message-type', 'twitch-eventsub-subscription-type'],
  acknowledge: { status: 200 },
  handshakes: [{ method: 'POST', when: 'after', answer: answerVerification }],
  retries: {
    schedule: 'several; after too many failures the subscription is revoked (notification_failures_exceeded)',
    timeoutSeconds: 3,
    periodSeconds: 86_400,
  },
  registration: [
    'POST {"type": "<event>", "version": "1", "condition": {…}, "transport": {"method": "webhook", "callback": "{url}", "secret": "<the secret of this source>"}} to https://api.twitch.tv/helix/eventsub/subscriptions',
    'Set the secret here first: Twitch calls the URL at once, and the challenge is signed with it.',
  ],
  samples: [
    {
      type: 'stream.online',
      headers: {
        'content-type': 'application/json',
        'twitch-eventsub-message-type': 'notification',
        'twitch-eventsub-subscription-type': 'stream.online',
      },
      body: (seed) =>
        JSON.stringify({
          subscription: { id: 'f1c2a387-161a-49f9-a165-0f21d7a4e1c4', type: 'stream.online', version: '1' },
          event: {
            id: String(9001 + seed),
            broadcaster_user_id: '1337',
            type: 'live',
            started_at: '2026-01-01T00:00:00Z',
          },
        }),
    },
  ],
};
