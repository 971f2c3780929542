import type { CustomScheme, HmacScheme, TimestampRule } from '../pack/scheme.ts';
import { BODY_ONLY } from './coverage.ts';
import { checkFreshness } from './freshness.ts';
import { digestAlgorithm } from './hmac.ts';
import { signSigned, verifySigned } from './signed-request.ts';

const TIMESTAMP = 'klaviyo-timestamp';

const scheme: HmacScheme = {
  kind: 'hmac',
  algorithm: 'sha256',
  encoding: 'hex',
  key: 'utf8',
  signed: `{body}{header.${TIMESTAMP}}`,
  signature: { header: 'klaviyo-signature', form: { kind: 'bare' } },
};

const window: TimestampRule = { from: { header: TIMESTAMP }, unit: 'milliseconds', toleranceSeconds: 300 };

/** `Wed, 01 Nov 2023 20:54:35 GMT` (RFC 1123), the only spelling of this time that Klaviyo shows. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} (?:GMT|\+0000)$/;

/** HMAC over body and time, the time as HTTP writes dates. */
export const klaviyoSignature: CustomScheme = {
  kind: 'custom',
  covers: { ...BODY_ONLY, headers: [TIMESTAMP] },
  proof: 'HMAC-SHA256 over body and time (an HTTP date), in hex',
  credentials: ['klaviyo-signature', TIMESTAMP],
  verify(context) {
    const text = context.request.headers[TIMESTAMP];
    const verdict = verifySigned(scheme, digestAlgorithm(scheme), context);
    if (!verdict.ok)
      return text === undefined && verdict.reason === 'signature-malformed'
        ? { ok: false, reason: 'timestamp-missing' }
        : verdict;
    const time =
      text !== undefined && (HTTP_DATE.test(text) || /^\d{4}-\d{2}-\d{2}T/.test(text))
        ? Date.parse(text)
        : Number.NaN;
    if (Number.isNaN(time))
      return { ok: false, reason: 'timestamp-malformed', hint: 'expected an HTTP date' };
    const stale = checkFreshness(String(time), window, context.options, context.now);
    return stale ? { ok: false, ...stale } : verdict;
  },
  sign(context) {
    const headers = { ...context.request.headers, [TIMESTAMP]: new Date(context.now).toUTCString() };
    return signSigned(scheme, digestAlgorithm(scheme), {
      ...context,
      request: { ...context.request, headers },
    });
  },
};
