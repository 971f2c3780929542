import { createHmac, timingSafeEqual } from 'node:crypto';
import { decodeSignature } from './compare.ts';
import { checkFreshness } from './freshness.ts';
import { keyBytes } from './key.ts';
import type { HmacScheme, SignatureHeader, SigningContext, Verdict, VerificationContext } from './scheme.ts';
import { pairValue, signatureCandidates } from './signature-header.ts';
import { signedContent } from './signed-content.ts';

const digestBytes = { sha1: 20, sha256: 32, sha512: 64 } as const;

export function signatureHeaders(scheme: HmacScheme): readonly SignatureHeader[] {
  return Array.isArray(scheme.signature) ? scheme.signature : [scheme.signature as SignatureHeader];
}

/** Verifies an HMAC: every secret against every candidate, each comparison in constant time. */
export function verifyHmac(scheme: HmacScheme, context: VerificationContext): Verdict {
  const { request, secrets, options, now } = context;
  const rules = signatureHeaders(scheme);
  const { present, candidates } = signatureCandidates(request.headers, rules);
  if (!present) {
    return { ok: false, reason: 'signature-missing', hint: rules.map(({ header }) => header).join(' or ') };
  }
  const timestamp = timestampOf(scheme, request.headers, rules);
  if (scheme.timestamp && timestamp === undefined) return { ok: false, reason: 'timestamp-missing' };

  const signatures = candidates
    .map((candidate) => decodeSignature(candidate, scheme.encoding, digestBytes[scheme.algorithm]))
    .filter((signature) => signature !== undefined);
  if (signatures.length === 0) return { ok: false, reason: 'signature-malformed' };
  const content = signedContent(scheme.signed, request, timestamp);
  if (!content) return { ok: false, reason: 'signature-malformed', hint: 'a signed header is missing' };

  if (secrets.length === 0) return { ok: false, reason: 'secret-missing' };
  const digests = secrets.map((secret) => digest(scheme, secret, content));
  if (digests.every((expected) => expected === undefined)) return { ok: false, reason: 'secret-malformed' };
  const matched = digests.findIndex(
    (expected) => expected && signatures.some((signature) => timingSafeEqual(signature, expected)),
  );
  if (matched < 0) return { ok: false, reason: 'signature-mismatch' };

  // After the signature, so that only who knows the secret can learn anything about our clock.
  if (scheme.timestamp && timestamp !== undefined) {
    const stale = checkFreshness(timestamp, scheme.timestamp, options, now);
    if (stale) return { ok: false, ...stale };
  }
  return { ok: true, secret: matched };
}

function timestampOf(
  scheme: HmacScheme,
  headers: Readonly<Record<string, string>>,
  rules: readonly SignatureHeader[],
): string | undefined {
  const from = scheme.timestamp?.from;
  if (!from) return undefined;
  return 'header' in from ? headers[from.header] : pairValue(headers, rules, from.pair);
}

function digest(
  scheme: HmacScheme,
  secret: string,
  content: readonly (string | Buffer)[],
): Buffer | undefined {
  const key = keyBytes(secret, scheme.key);
  if (!key) return undefined;
  const hmac = createHmac(scheme.algorithm, key);
  for (const chunk of content) hmac.update(chunk);
  return hmac.digest();
}

/**
 * The headers that prove a request, as the provider would send them.
 * @throws TypeError when the secret is not of the scheme's form.
 */
export function signHmac(scheme: HmacScheme, context: SigningContext): Readonly<Record<string, string>> {
  const [rule] = signatureHeaders(scheme);
  if (!rule) throw new TypeError('the scheme has no signature header');
  const timestamp = scheme.timestamp && writeTimestamp(scheme.timestamp.unit, context.now);
  const headers: Record<string, string> = {};
  if (scheme.timestamp && 'header' in scheme.timestamp.from && timestamp) {
    headers[scheme.timestamp.from.header] = timestamp;
  }
  const request = { ...context.request, headers: { ...context.request.headers, ...headers } };
  const content = signedContent(scheme.signed, request, timestamp);
  const signature = content && digest(scheme, context.secret, content)?.toString(scheme.encoding);
  if (!signature) throw new TypeError('the secret does not have the form that this provider uses');
  headers[rule.header.replace('*', '1')] = writeSignature(rule, signature, scheme, timestamp);
  return headers;
}

function writeTimestamp(unit: 'seconds' | 'milliseconds' | 'rfc3339', now: number): string {
  if (unit === 'rfc3339') return new Date(now).toISOString();
  return String(unit === 'seconds' ? Math.floor(now / 1000) : now);
}

function writeSignature(
  { form }: SignatureHeader,
  signature: string,
  scheme: HmacScheme,
  timestamp: string | undefined,
): string {
  switch (form.kind) {
    case 'bare':
      return signature;
    case 'prefix':
      return form.prefix + signature;
    case 'list':
      return `${form.version},${signature}`;
    case 'pairs': {
      const from = scheme.timestamp?.from;
      const time = from && 'pair' in from ? [`${from.pair}=${timestamp}`] : [];
      return [...time, `${form.key}=${signature}`].join(form.separator);
    }
  }
}
