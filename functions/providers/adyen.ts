import { isObject } from '../core/is-object.ts';
import { valueAt } from '../pack/fields.ts';
import type { Provider } from '../pack/provider.ts';
import { adyenItemSignatures } from '../verification/adyen.ts';

/** What is wrong with an HMAC key of Adyen. */
export function checkAdyenKey(secret: string): string | undefined {
  return /^([0-9a-f]{2}){16,}$/i.test(secret)
    ? undefined
    : 'It is not hexadecimal. Copy the HMAC key of the webhook from the Customer Area as it is shown once.';
}

/** Adyen's standard webhooks: a signature in every item, over eight of its fields. */
export const provider: Provider = {
  name: 'adyen',
  title: 'Adyen (standard webhooks)',
  documentation: [
    'https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures',
    'https://docs.adyen.com/development-resources/webhooks/handle-webhook-events',
  ],
  unverified:
    'How long Adyen waits (10 s) and retries, and that a success is never followed by a failure of the same code. Eight fields are signed; eventDate, reason and additionalData are not.',
  verification: adyenItemSignatures,
  secret: {
    description:
      'The HMAC key of the webhook: Customer Area → Developers → Webhooks → Security. Hexadecimal.',
    development: '00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF',
    check: checkAdyenKey,
  },
  events: {
    format: 'json',
    split: (body) => {
      const { live, notificationItems } = isObject(body) ? body : {};
      if (!Array.isArray(notificationItems)) return [body];
      return notificationItems.map((item: unknown) => (isObject(item) ? { ...item, live } : item));
    },
    id: [
      'payload.NotificationRequestItem.pspReference',
      'payload.NotificationRequestItem.eventCode',
      'payload.NotificationRequestItem.success',
    ],
    type: 'payload.NotificationRequestItem.eventCode',
    // Adyen may send the same code for the same reference again with another outcome, and then success counts.
    // Different codes of one payment are apart: they share seconds, and none replaces the other.
    subject: ['payload.NotificationRequestItem.pspReference', 'payload.NotificationRequestItem.eventCode'],
    // Success replaces failure. eventDate is not signed.
    revision: {
      field: ({ payload }) =>
        String(valueAt(payload, ['NotificationRequestItem', 'success'])) === 'true' ? 2 : 1,
      as: 'integer',
    },
    snapshots:
      'A later notification of one code and payment replaces the earlier one: each says the whole outcome of that code.',
  },
  bodyCredentials: ['notificationItems.*.NotificationRequestItem.additionalData.hmacSignature'],
  // Older accounts wait for this text, newer ones for any 2xx.
  acknowledge: { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: '[accepted]' },
  retries: {
    schedule: 'at once, then with growing pauses from a queue that holds up what follows, for up to 30 days',
    timeoutSeconds: 10,
    periodSeconds: 30 * 86_400,
  },
  registration: [
    'Customer Area → Developers → Webhooks → + Webhook → Standard webhook: enter {url}, method JSON.',
    'Security → HMAC key → Generate: enter the key here as the secret.',
  ],
  samples: [
    {
      type: 'AUTHORISATION',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          live: 'false',
          notificationItems: [
            {
              NotificationRequestItem: {
                pspReference: `PSP${String(seed).padStart(13, '0')}`,
                merchantAccountCode: 'SampleMerchant',
                amount: { currency: 'EUR', value: 1000 },
                eventCode: 'AUTHORISATION',
                eventDate: '2026-01-01T00:00:00+01:00',
                success: 'true',
                merchantReference: `order-${seed}`,
              },
            },
          ],
        }),
    },
  ],
};
