import type { Provider } from '../pack/provider.ts';
import { standardHmac } from '../verification/standard-webhooks.ts';

/** BigCommerce: thin events of a store. */
export const provider: Provider = {
  name: 'bigcommerce',
  title: 'BigCommerce',
  documentation: [
    'https://developer.bigcommerce.com/docs/integrations/webhooks',
    'https://developer.bigcommerce.com/docs/webhooks/webhook-signatures',
  ],
  // Standard Webhooks, but the key is the text of the client secret, not base64 of anything.
  verification: standardHmac('webhook', 'utf8'),
  secret: {
    description: 'The client secret of the app or API account that created the webhook, as it is shown.',
    development: 'development-client-secret-of-bigcommerce',
    check: (secret) =>
      secret.startsWith('whsec_')
        ? 'BigCommerce signs with the client secret itself, without whsec_.'
        : undefined,
  },
  events: {
    format: 'json',
    id: 'header.webhook-id',
    type: 'payload.scope',
    // `stores/<hash>`. No revision: created_at counts seconds.
    tenant: 'payload.producer',
  },
  retries: {
    schedule:
      'from 60 s up to a day apart over 48 h, then deactivated; a domain below 90 % success is blocked for a while',
    periodSeconds: 48 * 3600,
  },
  registration: ['POST {"scope", "destination": "{url}", "is_active": true} to /stores/<hash>/v3/hooks.'],
  samples: [
    {
      type: 'store/order/created',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          producer: 'stores/sample',
          hash: seed.toString(16).padStart(40, '0'),
          created_at: 1_767_225_600,
          store_id: '1000',
          scope: 'store/order/created',
          data: { type: 'order', id: seed },
        }),
    },
  ],
};
