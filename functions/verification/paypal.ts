/** PayPal: RSA over ids, time and the CRC-32 of the body (https://developer.paypal.com/api/rest/webhooks/rest/). */
import { crc32 } from 'node:zlib';
import type { CustomScheme, TimestampRule } from '../pack/scheme.ts';
import { decodeCanonicalBase64, holds } from './asymmetric.ts';
import { type CertificateOrigin, Certificates } from './certificates.ts';
import { checkFreshness } from './freshness.ts';

export const paypalOrigin: CertificateOrigin = {
  hosts: /(?:[a-z0-9-]{1,63}\.){1,3}paypal\.com/,
  path: /\/v1\/notifications\/certs\/[A-Za-z0-9-]{1,100}/,
};

/** No window is documented: this one lets the three days of retries pass and closes before the ledger forgets. */
const window: TimestampRule = {
  from: { header: 'paypal-transmission-time' },
  unit: 'rfc3339',
  toleranceSeconds: 4 * 86_400,
  futureSeconds: 300,
};

const MAX_SIGNATURE_BYTES = 512;

/**
 * The secret is the id of the webhook. It is no secret at all, but only what PayPal signed for this webhook names
 * it. Of the body only a CRC-32 is signed: who has seen a request could make another body with the same CRC. So the id of
 * the transmission, which is signed, names the proof, and the pack lets it count for one event.
 */
export function paypalSignature(certificates = new Certificates(paypalOrigin)): CustomScheme {
  return {
    kind: 'custom',
    credentials: ['paypal-transmission-sig'],
    covers: {
      headers: ['paypal-transmission-id', 'paypal-transmission-time'],
      url: false,
      body: 'all',
      remains:
        'Of the body only a CRC-32 is signed: whoever takes a request before Inlet sees it can put another body in its place.',
    },
    proof: 'RSA-SHA256 over ids, time and the CRC-32 of the body; certificate by URL',
    async verify({ request: { headers, body }, secrets, options, now }) {
      const id = headers['paypal-transmission-id'];
      const time = headers['paypal-transmission-time'];
      const encoded = headers['paypal-transmission-sig'];
      const url = headers['paypal-cert-url'];
      if (!id || !time || !encoded || !url) {
        return {
          ok: false,
          reason: 'signature-missing',
          hint: 'paypal-transmission-{id,time,sig} and paypal-cert-url',
        };
      }
      const signature = decodeCanonicalBase64(encoded, MAX_SIGNATURE_BYTES);
      if (!signature || headers['paypal-auth-algo'] !== 'SHA256withRSA') {
        return { ok: false, reason: 'signature-malformed', hint: 'expected SHA256withRSA in base64' };
      }
      if (secrets.length === 0) return { ok: false, reason: 'secret-missing' };
      const certificate = await certificates.keyAt(url, options, now);
      if (!certificate.ok) return certificate.verdict;
      const checksum = crc32(body);
      const matched = secrets.findIndex(
        (webhook) =>
          webhook !== '' &&
          holds('sha256', [`${id}|${time}|${webhook}|${checksum}`], certificate.key, signature),
      );
      if (matched < 0) return { ok: false, reason: 'signature-mismatch' };
      const stale = checkFreshness(time, window, options, now);
      return stale ? { ok: false, ...stale } : { ok: true, secret: matched, proofId: id };
    },
  };
}
