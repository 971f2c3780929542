import type { Provider } from '../pack/provider.ts';
import { certificatesRule } from '../verification/certificates.ts';
import { paypalSignature } from '../verification/paypal.ts';

/** PayPal: an RSA signature whose certificate the request points to. Nobody else can sign a sample. */
export const provider: Provider = {
  name: 'paypal',
  title: 'PayPal',
  documentation: [
    'https://developer.paypal.com/api/rest/webhooks/rest/',
    'https://developer.paypal.com/api/rest/webhooks/event-names/',
  ],
  unverified:
    'Whether a retry is signed anew, and that one transmission id is never used for two events. PayPal signs a CRC-32 of ' +
    'the body only: who has seen a request can make another body that fits its signature. The transmission id is signed, ' +
    'so it is bound to the first event that comes with it, and no other is taken in. What remains: whoever takes a ' +
    'request before Inlet sees it can put another event in its place. Ask the API of PayPal before you hand out goods.',
  verification: paypalSignature(),
  secret: {
    description:
      'The webhook id (Developer Dashboard → app → Webhooks). It tells webhooks apart and is not secret.',
    development: 'DEVELOPMENTWEBHOOKID',
    check: (secret) =>
      /^[A-Za-z0-9]{8,64}$/.test(secret)
        ? undefined
        : 'It is not a webhook id: letters and digits, as the dashboard lists it.',
  },
  options: { certificates: certificatesRule },
  events: {
    format: 'json',
    // WH-…: stays over retries and over "resend". The simulator gives events of several types the same one.
    id: ['payload.id', 'payload.event_type'],
    type: 'payload.event_type',
    subject: ['payload.resource_type', 'payload.resource.id'],
    // To the second. Equal ones are all applied.
    revision: { field: 'payload.create_time', as: 'timestamp' },
    snapshots:
      'Each event carries its whole resource as it is then. Its time counts seconds: equal ones are applied in order of arrival.',
  },
  eventHeaders: ['paypal-transmission-id', 'paypal-transmission-time'],
  oneEventPerProof: true,
  acknowledge: { status: 200 },
  retries: { schedule: 'up to 25 times over 3 days', periodSeconds: 3 * 86_400 },
  registration: [
    'Developer Dashboard → Apps & Credentials → your app → Webhooks → Add: enter {url} and choose the events.',
    'Enter the webhook id that appears in the list here as the secret. Sandbox and live have different ones.',
  ],
  samples: [],
};
