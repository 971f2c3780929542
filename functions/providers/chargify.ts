import type { Provider } from '../pack/provider.ts';

/** Chargify, now Maxio Advanced Billing. The body is a form, whatever some tutorials print. */
export const provider: Provider = {
  name: 'chargify',
  title: 'Chargify (Maxio Advanced Billing)',
  documentation: [
    'https://docs.maxio.com/hc/en-us/articles/24266143173901-Webhooks-Overview',
    'https://docs.maxio.com/hc/en-us/articles/24266136649869-Webhooks-Reference',
  ],
  unverified:
    'The signature (hex HMAC-SHA256 of the body under the site shared key) is documented by third parties.',
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'hex',
    key: 'utf8',
    signed: '{body}',
    signature: { header: 'x-chargify-webhook-signature-hmac-sha-256', form: { kind: 'bare' } },
  },
  secret: {
    description: 'The shared key of the site: Config → Settings → Webhooks.',
    development: 'development-shared-key-of-chargify',
  },
  events: {
    format: 'form',
    // Not the header X-Chargify-Webhook-Id: it says the same, but nothing signs it.
    id: 'payload.id',
    type: 'payload.event',
  },
  // Anything but 200 counts as a failure, and 25 of those in a row pause the endpoint.
  eventHeaders: ['x-chargify-webhook-id'],
  acknowledge: { status: 200 },
  retries: {
    schedule: '5 attempts: at once, +10 s, +15 s, +90 s, +180 s; a manual replay may run beside them',
    timeoutSeconds: 15,
    periodSeconds: 300,
  },
  registration: [
    'Config → Settings → Webhooks: add the endpoint {url}, choose the events, and copy the shared key.',
  ],
  samples: [
    {
      type: 'payment_success',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: (seed) =>
        [
          `id=${141_000_000 + seed}`,
          'event=payment_success',
          'payload[site][id]=31615',
          'payload[site][subdomain]=general-goods',
          `payload[subscription][id]=${15_100_000 + seed}`,
          'payload[subscription][state]=active',
          `payload[subscription][customer][id]=${14_585_000 + seed}`,
          'payload[subscription][customer][first_name]=Pookie',
          'payload[transaction][amount_in_cents]=6400',
          'payload[transaction][created_at]=2016-11-08%2016%3A22%3A20%20-0500',
          `payload[event_id]=${347_299_364 + seed}`,
        ].join('&'),
    },
    {
      type: 'customer_update',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: (seed) =>
        `id=${142_000_000 + seed}&event=customer_update&payload[customer][id]=${14_585_000 + seed}&payload[customer][city]=Boston`,
    },
  ],
};
