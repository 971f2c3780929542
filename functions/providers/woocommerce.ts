import { isObject } from '../core/is-object.ts';
import { valueAt } from '../pack/fields.ts';
import type { Provider } from '../pack/provider.ts';
import type { EventContext } from '../pack/request.ts';

/** `…/wp-json/wc/v3/orders/17` → `orders:17`: an order and a customer may have one id, and the resource header is not signed. */
function subjectOf({ payload }: EventContext): string | undefined {
  const href = valueAt(payload, ['_links', 'self', '0', 'href']);
  const match = typeof href === 'string' ? /\/([a-z_-]+)\/(\d+)$/.exec(href) : null;
  return match ? `${match[1]}:${match[2]}` : undefined;
}

/** WooCommerce: signed with a key of the shop's own. */
export const provider: Provider = {
  name: 'woocommerce',
  title: 'WooCommerce',
  documentation: [
    'https://woocommerce.com/document/webhooks/',
    'https://developer.woocommerce.com/docs/best-practices/urls-and-routing/webhooks/',
  ],
  unverified: 'The time limit. Topic and resource are headers, which nothing signs.',
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'base64',
    key: 'utf8',
    signed: '{body}',
    signature: { header: 'x-wc-webhook-signature', form: { kind: 'bare' } },
  },
  secret: {
    description: 'The secret of the webhook (WooCommerce → Settings → Advanced → Webhooks).',
    development: 'development-secret-of-woocommerce',
  },
  events: {
    format: 'json',
    // Changes when a delivery is repeated by hand. An event is known by its topic and content, which holds the time of
    // the change.
    deliveryId: 'header.x-wc-webhook-delivery-id',
    unsignedType: 'header.x-wc-webhook-topic',
    subject: subjectOf,
    // To the second. Equal ones are all applied.
    revision: { field: 'payload.date_modified_gmt', as: 'timestamp' },
    state: 'payload.status',
    // What was deleted is sent as its id alone.
    deletes: ({ payload }) => isObject(payload) && Object.keys(payload).join() === 'id',
  },
  eventHeaders: ['x-wc-webhook-event', 'x-wc-webhook-id', 'x-wc-webhook-resource', 'x-wc-webhook-source'],
  acknowledge: { status: 200 },
  handshakes: [
    {
      method: 'POST',
      when: 'before',
      // On saving, WooCommerce sends this form without a signature. It carries no event.
      answer: ({ request: { body } }) =>
        body.length < 64 && /^webhook_id=\d{1,20}$/.test(body.toString('latin1'))
          ? { status: 200 }
          : undefined,
    },
  ],
  retries: { schedule: 'none; 5 failures in a row disable the webhook', periodSeconds: 0 },
  registration: [
    'WooCommerce → Settings → Advanced → Webhooks → Add webhook: status Active, topic, delivery URL {url}, secret.',
  ],
  samples: ['order.created', 'order.updated'].map((topic, position) => ({
    type: topic,
    headers: {
      'content-type': 'application/json',
      'x-wc-webhook-topic': topic,
      'x-wc-webhook-resource': 'order',
      'x-wc-webhook-event': topic.slice('order.'.length),
    },
    body: (seed: number) =>
      JSON.stringify({
        id: 1000 + seed,
        status: position === 0 ? 'pending' : 'processing',
        date_modified_gmt: `2026-01-01T00:00:0${position}`,
        total: '12.34',
        _links: { self: [{ href: `https://shop.example.com/wp-json/wc/v3/orders/${1000 + seed}` }] },
      }),
  })),
};
