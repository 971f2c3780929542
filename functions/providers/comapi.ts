/**
 * What Dotdigital Omnichannel and its white label share: the Comapi platform below both.
 */
import { escapePart } from '../pack/fields.ts';
import type { EventShape, Provider, Sample } from '../pack/provider.ts';
import type { EventContext } from '../pack/request.ts';

/** A message moves through its states in this order; each event carries the next revision. */
const messageStates = ['message.sent', 'message.delivered', 'message.read'] as const;

const events: EventShape = {
  format: 'json',
  // With `batch: true` the body is a list of envelopes under one signature.
  split: 'payload',
  id: 'payload.eventId',
  type: 'payload.name',
  subject: (context) => subjectOf(context),
  revision: { field: 'payload.revision', as: 'integer' },
  discardsOlder: 'https://developer.dotdigital.com/reference/webhooks',
  state: (context) => nameOf(context)?.split('.')[1],
  deletes: (context) => nameOf(context)?.endsWith('.delete') ?? false,
};

function nameOf({ payload }: EventContext): string | undefined {
  const name = (payload as { name?: unknown } | null)?.name;
  return typeof name === 'string' ? name : undefined;
}

/** Revisions count per API space, kind of entity and entity: `message.read` and `profile.update` are apart. */
function subjectOf(context: EventContext): string | undefined {
  const entity = nameOf(context)?.split('.')[0];
  const { apiSpaceId, payload } = context.payload as {
    apiSpaceId?: unknown;
    payload?: { id?: unknown } | null;
  };
  const id = payload?.id;
  if (!entity || typeof apiSpaceId !== 'string' || (typeof id !== 'string' && typeof id !== 'number'))
    return undefined;
  return [apiSpaceId, entity, String(id)].map(escapePart).join(':');
}

function sample(type: (typeof messageStates)[number]): Sample {
  const revision = messageStates.indexOf(type);
  return {
    type,
    headers: { 'content-type': 'application/json' },
    body(seed) {
      const hex = seed.toString(16).padStart(12, '0').slice(-12);
      return JSON.stringify({
        eventId: `00000000-0000-4000-${8000 + revision}-${hex}`,
        accountId: 1,
        apiSpaceId: '11111111-1111-4111-8111-111111111111',
        name: type,
        payload: {
          id: `22222222-2222-4222-8222-${hex}`,
          details: { channel: 'sms', channelStatus: {} },
          updatedOn: '2026-01-01T00:00:00.000Z',
        },
        revision,
        etag: `"${revision}-sample"`,
        timestamp: '2026-01-01T00:00:00.000Z',
      });
    },
  };
}

const documentation = [
  'https://developer.dotdigital.com/reference/webhooks',
  'https://developer.dotdigital.com/reference/message-events',
  'https://developer.dotdigital.com/reference/profile-events',
];

/** A pack for one of the names under which the platform is sold. */
export function comapiProvider(name: string, title: string): Provider {
  return {
    name,
    title,
    documentation,
    unverified: 'That eventId stays the same over retries is said by third parties only.',
    verification: {
      kind: 'hmac',
      algorithm: 'sha1',
      encoding: 'hex',
      key: 'utf8',
      signed: '{body}',
      signature: { header: 'x-comapi-signature', form: { kind: 'bare' } },
    },
    secret: {
      description: 'The secret that you chose for the webhook, better 36 characters or more.',
      development: `development-secret-of-${name}`,
    },
    events,
    retries: {
      schedule: '17 retries over 24 h (5 s, 5 s, 30 s, 30 s, 1 min … 4 h); 400 is never retried',
      timeoutSeconds: 10,
      periodSeconds: 24 * 3600,
    },
    registration: [
      'POST {"name", "url", "secret", "subscriptions"} to /apispaces/{id}/webhooks of the API, or use the portal.',
      'URL: {url}',
      'Secret: the same as here. Batches (`batch: true`) are understood.',
    ],
    samples: messageStates.map(sample),
  };
}
