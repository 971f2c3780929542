import type { Provider } from '../pack/provider.ts';
import type { HmacScheme } from '../pack/scheme.ts';
import { keyBytes } from '../verification/key.ts';

const signedWith = (key: 'utf8' | 'hex'): HmacScheme => ({
  kind: 'hmac',
  algorithm: 'sha512',
  encoding: 'hex',
  key,
  signed: '{body}',
  signature: { header: 'x-anet-signature', form: { kind: 'prefix', prefix: 'sha512=' } },
});

export const provider: Provider = {
  name: 'authorize-net',
  title: 'Authorize.net',
  documentation: ['https://developer.authorize.net/api/reference/features/webhooks.html'],
  unverified:
    'Public receivers disagree whether the hex text of the key or its bytes sign: both are tried. The retry schedule was not checked.',
  // Both readings come from the same key, so trying both lets nobody in who does not know it.
  verification: { kind: 'any', schemes: [signedWith('utf8'), signedWith('hex')] },
  secret: {
    description:
      'The Signature Key: Merchant Interface → Account → Security Settings → API Credentials & Keys. 128 hex digits.',
    development: 'DE'.repeat(64),
    check: (secret) =>
      keyBytes(secret, 'hex')
        ? undefined
        : 'It is not hexadecimal: use the Signature Key, not the Transaction Key.',
  },
  events: {
    format: 'json',
    id: 'payload.notificationId',
    type: 'payload.eventType',
    subject: ['payload.payload.entityName', 'payload.payload.id'],
    // As precise as it is written; of equal times all are applied.
    revision: { field: 'payload.eventDate', as: 'timestamp' },
    snapshots: 'Each notification carries its whole entity, ordered by a time in fractions of a second.',
    deletes: ({ payload }) =>
      String((payload as { eventType?: unknown } | null)?.eventType).endsWith('.deleted'),
  },
  acknowledge: { status: 200 },
  retries: {
    schedule: '10 retries: three every 3 min, three every 8 h, four every 48 h; then the webhook is inactive',
    periodSeconds: 9 * 86_400,
  },
  registration: [
    'Merchant Interface → Account → Webhooks → Add Endpoint: {url}, or POST {"url": "{url}", "eventTypes": […], "status": "active"} to https://api.authorize.net/rest/v1/webhooks',
  ],
  samples: [
    {
      type: 'net.authorize.payment.authcapture.created',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          notificationId: `d0e8e7fe-c3e7-4add-a480-${seed.toString(16).padStart(12, '0')}`,
          eventType: 'net.authorize.payment.authcapture.created',
          eventDate: new Date(1_767_225_600_000 + seed).toISOString(),
          webhookId: '63d6fea2-aa13-4b1d-a204-f5fbc15942b7',
          payload: {
            responseCode: 1,
            authAmount: 45,
            entityName: 'transaction',
            id: String(60_020_981_000 + seed),
          },
        }),
    },
  ],
};
