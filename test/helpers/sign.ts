import { createHmac } from 'node:crypto';
import { provider as chargify } from '../../functions/providers/chargify.ts';
import { provider as dotdigital } from '../../functions/providers/dotdigital.ts';

/** Headers of a Dotdigital request, computed without the code under test. */
export function signDotdigital(body: string | Buffer, secret = dotdigital.secret.development) {
  return {
    'content-type': 'application/json',
    'X-Comapi-Signature': createHmac('sha1', secret).update(body).digest('hex'),
  };
}

/** Headers of a Chargify request, computed without the code under test. */
export function signChargify(body: string, secret = chargify.secret.development) {
  return {
    'content-type': 'application/x-www-form-urlencoded',
    'X-Chargify-Webhook-Signature-Hmac-Sha-256': createHmac('sha256', secret).update(body).digest('hex'),
  };
}

/** One event of a message's life, as Dotdigital writes it. */
export function messageEvent(message: string, state: 'sent' | 'delivered' | 'read') {
  const revision = ['sent', 'delivered', 'read'].indexOf(state);
  return {
    eventId: `${message}-${state}`,
    accountId: 1,
    apiSpaceId: 'space',
    name: `message.${state}`,
    payload: { id: message, details: { channel: 'sms' } },
    revision,
    etag: `"${message}-${revision}"`,
    timestamp: '2026-01-01T00:00:00.000Z',
  };
}
