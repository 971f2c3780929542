/** SendGrid's signed event webhook: ECDSA (https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features). */
import { sign } from 'node:crypto';
import type { CustomScheme, TimestampRule } from '../pack/scheme.ts';
import { decodeCanonicalBase64, developmentEcKey, ecPublicKey, holds, spkiBase64 } from './asymmetric.ts';
import { BODY_ONLY } from './coverage.ts';
import { checkFreshness } from './freshness.ts';

const SIGNATURE = 'x-twilio-email-event-webhook-signature';
const TIMESTAMP = 'x-twilio-email-event-webhook-timestamp';
const MAX_DER_BYTES = 72;
const SAMPLE_KEY = 'sendgrid';

/**
 * No window is documented, and whether a retry is signed anew is not either: this one lets the 24 hours of retries
 * pass, and closes long before the ledger forgets the events.
 */
const window: TimestampRule = {
  from: { header: TIMESTAMP },
  unit: 'seconds',
  toleranceSeconds: 25 * 3_600,
  futureSeconds: 300,
};

export const sendgridSignature: CustomScheme = {
  kind: 'custom',
  covers: { ...BODY_ONLY, headers: [TIMESTAMP] },
  proof: 'ECDSA P-256 over time and body',
  verify({ request, secrets, options, now }) {
    const encoded = request.headers[SIGNATURE];
    const timestamp = request.headers[TIMESTAMP];
    if (!encoded) return { ok: false, reason: 'signature-missing', hint: SIGNATURE };
    if (!timestamp) return { ok: false, reason: 'timestamp-missing', hint: TIMESTAMP };
    const signature = decodeCanonicalBase64(encoded, MAX_DER_BYTES);
    if (!signature) return { ok: false, reason: 'signature-malformed' };
    if (secrets.length === 0) return { ok: false, reason: 'secret-missing' };
    const keys = secrets.map(ecPublicKey);
    if (keys.every((key) => key === undefined)) return { ok: false, reason: 'secret-malformed' };
    const content = [timestamp, request.body];
    const matched = keys.findIndex((key) => key !== undefined && holds('sha256', content, key, signature));
    if (matched < 0) return { ok: false, reason: 'signature-mismatch' };
    const stale = checkFreshness(timestamp, window, options, now);
    return stale ? { ok: false, ...stale } : { ok: true, secret: matched };
  },
  sign({ request, secret, now }) {
    if (secret !== sendgridDevelopmentKey()) {
      throw new TypeError('nobody but SendGrid has the private key of this secret');
    }
    const timestamp = String(Math.floor(now / 1000));
    const content = Buffer.concat([Buffer.from(timestamp), request.body]);
    const signature = sign('sha256', content, developmentEcKey(SAMPLE_KEY)).toString('base64');
    return { [SIGNATURE]: signature, [TIMESTAMP]: timestamp };
  },
};

/** The public half of the key that signs samples. */
export function sendgridDevelopmentKey(): string {
  return spkiBase64(developmentEcKey(SAMPLE_KEY));
}
