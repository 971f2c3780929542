import { escapePart } from '../pack/fields.ts';
import type { Provider } from '../pack/provider.ts';
import type { EventContext } from '../pack/request.ts';

interface Body {
  readonly type?: unknown;
  readonly created_at?: unknown;
  readonly data?: { readonly id?: unknown; readonly object?: unknown } | null;
}

/** Objects that count their own changes. The others are ordered by the time of the event. */
const versioned: readonly string[] = ['booking', 'card', 'customer', 'invoice', 'order', 'subscription'];

/** `order.fulfillment.updated` is about an order. */
function kindOf(body: Body): string | undefined {
  return typeof body.type === 'string' ? body.type.split('.')[0] : undefined;
}

/** The version within the one object that `data.object` holds. */
function versionOf({ data }: Body): string | undefined {
  const [object] = Object.values((data?.object ?? {}) as Record<string, { version?: unknown } | null>);
  const version = object?.version;
  return typeof version === 'number' || typeof version === 'bigint' ? String(version) : undefined;
}

function subjectOf({ payload }: EventContext): string | undefined {
  const body = (payload ?? {}) as Body;
  const kind = kindOf(body);
  const id = body.data?.id;
  return kind && typeof id === 'string' ? [kind, id].map(escapePart).join(':') : undefined;
}

/** One kind is always ordered in one way: a version and a time in the same line would be compared as numbers. */
function revisionOf({ payload }: EventContext): string | undefined {
  const body = (payload ?? {}) as Body;
  if (versioned.includes(kindOf(body) ?? '')) return versionOf(body);
  const match = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?Z$/.exec(String(body.created_at));
  const seconds = match ? Date.parse(`${match[1]}Z`) / 1000 : Number.NaN;
  return Number.isNaN(seconds) ? undefined : `${seconds}${(match?.[2] ?? '').padEnd(9, '0')}`;
}

/** Square: HMAC over the notification URL and the body. */
export const provider: Provider = {
  name: 'square',
  title: 'Square',
  documentation: [
    'https://developer.squareup.com/docs/webhooks/step3validate',
    'https://developer.squareup.com/docs/webhooks/overview',
  ],
  unverified: 'Which objects carry a version is known for orders, invoices, customers and their like only.',
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'base64',
    key: 'utf8',
    // The older header x-square-signature (SHA-1) is not looked at.
    signed: '{url}{body}',
    signature: { header: 'x-square-hmacsha256-signature', form: { kind: 'bare' } },
  },
  secret: {
    description: 'The signature key of the webhook subscription (Developer Dashboard → Webhooks).',
    development: 'development-signature-key-of-square',
  },
  events: {
    format: 'json',
    id: 'payload.event_id',
    type: 'payload.type',
    subject: subjectOf,
    // The version, else the time in nanoseconds. Equal ones are all applied.
    revision: { field: revisionOf, as: 'integer' },
  },
  eventHeaders: ['square-environment', 'square-retry-number'],
  acknowledge: { status: 200 },
  retries: {
    schedule: 'for 24 hours, from 1 min on with growing pauses',
    timeoutSeconds: 10,
    periodSeconds: 86_400,
  },
  registration: [
    'Developer Dashboard → your application → Webhooks → Subscriptions: add {url} and choose the events.',
    'The URL is part of the signature: enter it exactly so, and copy the signature key.',
  ],
  samples: [1, 2].map((version) => ({
    type: version === 1 ? 'order.created' : 'order.updated',
    headers: { 'content-type': 'application/json' },
    body: (seed: number) => {
      const kind = version === 1 ? 'order_created' : 'order_updated';
      return JSON.stringify({
        merchant_id: 'MERCHANT',
        type: kind.replace('_', '.'),
        event_id: `00000000-0000-4000-8000-${(seed * 10 + version).toString(16).padStart(12, '0')}`,
        created_at: `2026-01-01T00:00:0${version}.000Z`,
        data: { type: kind, id: `order-${seed}`, object: { [kind]: { order_id: `order-${seed}`, version } } },
      });
    },
  })),
};
