import { isObject } from '../core/is-object.ts';
import type { Provider } from '../pack/provider.ts';
import type { EventContext } from '../pack/request.ts';

/**
 * A field of one of Zendesk's own events. What triggers and automations send is up to whoever wrote them, and the
 * same names may mean anything there.
 */
function eventField(name: string) {
  return ({ payload }: EventContext): string | undefined => {
    if (!isObject(payload) || typeof payload.type !== 'string') return undefined;
    const value = payload.type.startsWith('zen:event-type:') ? payload[name] : undefined;
    return typeof value === 'string' ? value : undefined;
  };
}

/** The secret of test requests, printed in the documentation. */
const PUBLIC_TEST_SECRET = 'dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==';

/** Zendesk: events, and whatever triggers and automations send. */
export const provider: Provider = {
  name: 'zendesk',
  title: 'Zendesk',
  documentation: [
    'https://developer.zendesk.com/documentation/webhooks/verifying/',
    'https://developer.zendesk.com/documentation/webhooks/anatomy-of-a-webhook-request/',
    'https://developer.zendesk.com/api-reference/webhooks/introduction/',
  ],
  unverified:
    'How old a request may be (5 min here), and that the invocation id stays the same over retries.',
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'base64',
    key: 'utf8',
    signed: '{timestamp}{body}',
    signature: { header: 'x-zendesk-webhook-signature', form: { kind: 'bare' } },
    timestamp: {
      from: { header: 'x-zendesk-webhook-signature-timestamp' },
      unit: 'rfc3339',
      toleranceSeconds: 300,
    },
  },
  secret: {
    description:
      'The signing secret of the webhook (Admin Center → Webhooks → Reveal secret), used as it is.',
    development: 'development-signing-secret-of-zendesk',
    check: (secret) =>
      secret === PUBLIC_TEST_SECRET
        ? 'This is the secret of test requests, which everybody knows. Reveal the one of the webhook.'
        : undefined,
  },
  events: {
    format: 'auto',
    // A body of one's own may have an "id" as well: the ticket's.
    id: eventField('id'),
    unsignedId: {
      field: 'header.x-zendesk-webhook-invocation-id',
      because:
        'What a trigger sends is up to whoever wrote it, and is often the same for every change of a ticket. So the invocation id, which nothing signs, tells such requests apart: a captured one counts once for each id that somebody makes up within its five minutes.',
    },
    type: { any: [eventField('type'), () => 'trigger'] },
    subject: eventField('subject'),
    // Equal ones are all applied.
    revision: { field: eventField('time'), as: 'timestamp' },
  },
  eventHeaders: ['x-zendesk-webhook-id'],
  acknowledge: { status: 200 },
  retries: {
    schedule: '3 retries after 409, 429 and 503, up to 5 after other 5xx',
    timeoutSeconds: 12,
    periodSeconds: 3600,
  },
  registration: [
    'Admin Center → Apps and integrations → Webhooks → Create: endpoint URL {url}, method POST, format JSON.',
    'Save, then Reveal secret and enter it here. The test button signs with another secret and is refused.',
  ],
  samples: [
    {
      type: 'zen:event-type:user.created',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          type: 'zen:event-type:user.created',
          account_id: 22129848,
          id: `00000000-0000-4000-8000-${seed.toString(16).padStart(12, '0')}`,
          time: '2026-01-01T00:00:00.000000000Z',
          zendesk_event_version: '2022-11-06',
          subject: `zen:user:${1000 + seed}`,
          detail: { id: String(1000 + seed) },
          event: {},
        }),
    },
  ],
};
