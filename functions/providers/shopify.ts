import { isObject } from '../core/is-object.ts';
import type { Provider } from '../pack/provider.ts';
import type { EventContext } from '../pack/request.ts';

/** A header of either family: `x-shopify-…` of webhooks, `shopify-…` of the Events API. */
const either = (name: string) => ({ any: [`header.x-shopify-${name}`, `header.shopify-${name}`] });

/**
 * What was deleted is sent as its id alone. (So is `profiles/update`. Without a revision neither changes anything that is
 * kept.)
 */
function isDeletion({ payload }: EventContext): boolean {
  return isObject(payload) && Object.keys(payload).join() === 'id';
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
    // No header is signed, and the body has no id of the event: it is known by its content, under each topic once,
    // because one action raises several topics with one body.
    deliveryId: either('webhook-id'),
    unsignedType: either('topic'),
    // A global id: gid://shopify/Order/1. The header with the shop's name is not signed, so there is no tenant.
    subject: 'payload.admin_graphql_api_id',
    // To the second. X-Shopify-Triggered-At is finer, but nothing signs it.
    revision: { field: 'payload.updated_at', as: 'timestamp' },
    snapshots:
      'Each body is the whole resource with its `updated_at`. That counts seconds: equal ones are applied in order of arrival.',
    // The topic is not signed. Orders, then what else has a status (drafts, fulfillments, contracts, returns), then customers.
    state: { any: ['payload.financial_status', 'payload.status', 'payload.state'] },
    deletes: isDeletion,
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
    'Topics whose body says nothing but an id, such as profiles/update, need `delivery: "header.x-shopify-webhook-id"`.',
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
          admin_graphql_api_id: `gid://shopify/Product/${788_032_119_674 + seed}`,
          title: 'Größe “L”',
          updated_at: '2026-01-01T00:00:00-05:00',
        }),
    },
  ],
};
