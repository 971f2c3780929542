import { isObject } from '../core/is-object.ts';
import type { Provider } from '../pack/provider.ts';

/** Each event with its own sequence number: the list is in order and says where it begins and ends. */
function numbered(body: unknown): readonly unknown[] {
  if (!isObject(body) || !Array.isArray(body.events)) return [body];
  const { events, firstEventSequence: first, lastEventSequence: last } = body;
  const complete = Number.isSafeInteger(first) && Number(last) - Number(first) + 1 === events.length;
  return events.map((event: unknown, position) =>
    isObject(event) && complete ? { ...event, sequence: Number(first) + position } : event,
  );
}

/** Xero: thin events, numbered for the whole app. */
export const provider: Provider = {
  name: 'xero',
  title: 'Xero',
  documentation: ['https://developer.xero.com/documentation/guides/webhooks/configuring-your-server/'],
  unverified: 'That the events of a list are numbered without gaps.',
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'base64',
    key: 'utf8',
    signed: '{body}',
    signature: { header: 'x-xero-signature', form: { kind: 'bare' } },
  },
  secret: {
    description:
      'The webhooks key (developer.xero.com → your app → Webhooks). It looks like base64, and is used as it is.',
    development: 'development-webhooks-key-of-xero',
  },
  events: {
    format: 'json',
    split: numbered,
    // Not the sequence: the parts of an event are known to stay over retries.
    id: ['payload.tenantId', 'payload.resourceId', 'payload.eventType', 'payload.eventDateUtc'],
    type: ({ payload }) => {
      const { eventCategory: category, eventType: type } = (payload ?? {}) as Record<string, unknown>;
      return typeof category === 'string' && typeof type === 'string' ? `${category}.${type}` : undefined;
    },
    subject: ['payload.tenantId', 'payload.eventCategory', 'payload.resourceId'],
    // No two are equal.
    revision: { field: 'payload.sequence', as: 'integer' },
    snapshots: 'Each event says that its resource has changed, under a sequence number that never repeats.',
    deletes: ({ payload }) => (payload as { eventType?: unknown } | null)?.eventType === 'DELETE',
    tenant: 'payload.tenantId',
  },
  // Exactly 200 or 401, neither with a body. The check of a new URL ("intent to receive") has no events, and right and
  // wrong signatures.
  acknowledge: { status: 200 },
  refusesWithoutBody: true,
  retries: {
    schedule: 'with growing pauses for 24 hours, then the webhook is disabled',
    timeoutSeconds: 5,
    periodSeconds: 86_400,
  },
  registration: [
    'developer.xero.com → your app → Webhooks: choose the events, enter {url}, and copy the webhooks key.',
    'Enter the key here before you press "Send intent to receive".',
  ],
  samples: ['CREATE', 'UPDATE'].map((type, position) => ({
    type: `INVOICE.${type}`,
    headers: { 'content-type': 'application/json' },
    body: (seed: number) => {
      const sequence = seed * 2 + position + 1;
      return JSON.stringify({
        events: [
          {
            resourceUrl: `https://api.xero.com/api.xro/2.0/Invoices/${seed}`,
            resourceId: `00000000-0000-4000-8000-${seed.toString(16).padStart(12, '0')}`,
            eventDateUtc: `2026-01-01T00:00:00.00${position}`,
            eventType: type,
            eventCategory: 'INVOICE',
            tenantId: '11111111-1111-4111-8111-111111111111',
            tenantType: 'ORGANISATION',
          },
        ],
        firstEventSequence: sequence,
        lastEventSequence: sequence,
        entropy: 'SAMPLE',
      });
    },
  })),
};
