import type { EventContext, Provider } from './provider.ts';

/** A header of either family: `x-shopify-…` of webhooks, `shopify-…` of the Events API. */
const either = (name: string) => ({ any: [`header.x-shopify-${name}`, `header.shopify-${name}`] });

/** `products/update` → `products`; the topics of one resource share their ids. */
function resourceOf({ headers }: EventContext): string | undefined {
  return (headers['x-shopify-topic'] ?? headers['shopify-topic'])?.split('/')[0];
}

function subjectOf(context: EventContext): string | undefined {
  const id = (context.payload as { id?: unknown } | null)?.id;
  const shop = context.headers['x-shopify-shop-domain'] ?? context.headers['shopify-shop-domain'];
  const resource = resourceOf(context);
  const known = typeof id === 'number' || typeof id === 'string' || typeof id === 'bigint';
  return known && shop && resource ? `${shop}:${resource}:${id}` : undefined;
}

/** Of either family, what says something of the event. */
const eventHeaders = [
  'api-version',
  'event-id',
  'name',
  'order-id',
  'product-id',
  'shop-domain',
  'sub-topic',
  'test',
  'topic',
  'triggered-at',
  'webhook-id',
].flatMap((name) => [`x-shopify-${name}`, `shopify-${name}`]);

/** Shopify: webhooks, and the Events API that replaces them. */
export const provider: Provider = {
  name: 'shopify',
  title: 'Shopify',
  documentation: [
    'https://shopify.dev/docs/apps/build/webhooks/verify-deliveries',
    'https://shopify.dev/docs/apps/build/webhooks/ignore-duplicates',
    'https://shopify.dev/docs/apps/build/events/verify-deliveries',
    'https://shopify.dev/changelog/updates-to-webhook-retry-mechanism',
  ],
  unverified:
    'Which of its headers besides the signature and the webhook id the Events API sends was not checked.',
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'base64',
    key: 'utf8',
    signed: '{body}',
    signature: [
      { header: 'x-shopify-hmac-sha256', form: { kind: 'bare' } },
      { header: 'shopify-hmac-sha256', form: { kind: 'bare' } },
    ],
  },
  secret: {
    description:
      'The client secret of the app; for webhooks made in the admin, the key shown below the list of them.',
    development: 'development-client-secret-of-shopify',
    check: (secret) =>
      /^shp(at|ca|pa|ua)_/.test(secret)
        ? 'It is an access token: use the client secret of the app.'
        : undefined,
  },
  events: {
    format: 'json',
    // One action can raise several topics under one event id, and each of them is an event here. No header is
    // signed, but the body has no id of the event.
    id: {
      any: [
        ['header.x-shopify-event-id', 'header.x-shopify-topic'],
        either('event-id'),
        either('webhook-id'),
      ],
    },
    type: either('topic'),
    subject: subjectOf,
    // Nanoseconds; retries carry the original. updated_at counts seconds, so it is the second choice. Equal
    // ones are all applied.
    revision: { field: { any: [either('triggered-at'), 'payload.updated_at'] }, as: 'timestamp' },
    snapshots:
      'Each body is the whole resource with its `updated_at`. That counts seconds: equal ones are applied in order of arrival.',
    deletes: ({ headers }) =>
      (headers['x-shopify-topic'] ?? headers['shopify-topic'])?.endsWith('/delete') ?? false,
    tenant: either('shop-domain'),
  },
  eventHeaders,
  acknowledge: { status: 200 },
  retries: {
    schedule: '8 retries over 4 h with exponential backoff; then the subscription can be removed',
    timeoutSeconds: 5,
    periodSeconds: 4 * 3600,
  },
  registration: [
    'shopify.app.toml: [[webhooks.subscriptions]] with topics = ["…"] and uri = "{url}".',
    'By API: the mutation webhookSubscriptionCreate with that URL.',
  ],
  samples: [
    {
      type: 'products/update',
      headers: {
        'content-type': 'application/json',
        'x-shopify-topic': 'products/update',
        'x-shopify-shop-domain': 'sample.myshopify.com',
      },
      body: (seed) =>
        JSON.stringify({
          id: 788_032_119_674 + seed,
          title: 'Größe “L”',
          updated_at: '2026-01-01T00:00:00-05:00',
        }),
    },
  ],
};
