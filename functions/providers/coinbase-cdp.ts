import type { Provider } from '../pack/provider.ts';
import { hook0 } from '../verification/hook0.ts';

/** Coinbase Developer Platform: on-chain activity, transfers, on-ramp. */
export const provider: Provider = {
  name: 'coinbase-cdp',
  title: 'Coinbase Developer Platform',
  documentation: [
    'https://docs.cdp.coinbase.com/webhooks/verify-signatures',
    'https://docs.cdp.coinbase.com/webhooks/transfers/verification',
  ],
  unverified: 'Retries, and whether every kind of event has an eventId in its body, were not checked.',
  verification: hook0('x-hook0-signature'),
  secret: {
    description: 'The secret in the answer that created the webhook subscription (metadata.secret).',
    development: 'development-secret-of-coinbase-cdp',
  },
  events: {
    format: 'json',
    // The headers count where the signature names them.
    id: { any: ['payload.eventId', 'header.x-event-id', 'header.x-hook0-id'] },
    deliveryId: { any: ['header.x-event-id', 'header.x-hook0-id'] },
    type: { any: ['payload.eventType', 'header.x-event-type'] },
    unsignedType: 'header.x-event-type',
  },
  retries: { schedule: 'unknown' },
  registration: [
    'POST {"eventTypes": […], "target": {"url": "{url}"}, "isEnabled": true} to the webhook subscriptions of the API;',
    'the answer holds the secret.',
  ],
  samples: [
    {
      type: 'onramp.transaction.success',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          eventId: `event-${seed}`,
          eventType: 'onramp.transaction.success',
          transactionId: `transaction-${seed}`,
        }),
    },
  ],
};
