/** What verifying and signing have in common for every scheme that signs a template of the request. */
import { createHash } from 'node:crypto';
import { valueAt } from '../pack/fields.ts';
import type { WebhookRequest } from '../pack/request.ts';
import type { SignedScheme, SigningContext, Verdict, VerificationContext } from '../pack/scheme.ts';
import { decodeSignature } from './compare.ts';
import { checkFreshness, writeTimestamp } from './freshness.ts';
import {
  pairValue,
  positionValue,
  signatureCandidates,
  signatureHeaders,
  writeSignature,
} from './signature-header.ts';
import { type Content, signedContent, signedHeaders } from './signed-content.ts';

/** The part that differs between algorithms. */
export interface Algorithm {
  /** Length of a signature. */
  readonly bytes: number;
  /**
   * How many judgements one request may cause, where each reads the whole content again. One for each secret it may
   * always cause. Default: no limit, because a digest is computed once for a secret and only compared.
   */
  readonly maxJudgements?: number;
  /** Judges signatures of a content under one secret; undefined when the secret cannot be a key. */
  judge(secret: string): ((content: Content) => (signature: Buffer) => boolean) | undefined;
  /** The signature; undefined when the secret cannot be a key that signs. */
  sign(secret: string, content: Content): Buffer | undefined;
}

/** Tries every secret against every signature that the request offers. */
export function verifySigned(
  scheme: SignedScheme,
  algorithm: Algorithm,
  { request, secrets, options, now }: VerificationContext,
): Verdict {
  const rules = signatureHeaders(scheme);
  const { present, candidates } = signatureCandidates(request.headers, rules);
  if (!present) {
    return { ok: false, reason: 'signature-missing', hint: rules.map(({ header }) => header).join(' or ') };
  }
  const judges = secrets.map((secret) => algorithm.judge(secret));
  if (secrets.length > 0 && judges.every((judge) => judge === undefined)) {
    return { ok: false, reason: 'secret-malformed' };
  }
  const from = scheme.timestamp?.from;
  const path = from && 'body' in from ? from.body : undefined;
  const timestamp = timestampInHeaders(scheme, request.headers);
  if (scheme.timestamp && path === undefined && !timestamp) return { ok: false, reason: 'timestamp-missing' };

  const signatures = [...new Set(candidates)]
    .map((candidate) => decodeSignature(candidate, scheme.encoding, algorithm.bytes))
    .filter((signature) => signature !== undefined);
  if (signatures.length === 0) return { ok: false, reason: 'signature-malformed' };
  const keys = judges.filter((judge) => judge !== undefined).length;
  if (
    signatures.length > 1 &&
    signatures.length * keys > (algorithm.maxJudgements ?? Number.POSITIVE_INFINITY)
  ) {
    return { ok: false, reason: 'signature-malformed', hint: 'more signatures than any provider sends' };
  }
  const content = signedContent(scheme.signed, request, timestamp);
  if (!content) return { ok: false, reason: 'signature-malformed', hint: 'a signed header is missing' };

  if (secrets.length === 0) return { ok: false, reason: 'secret-missing' };
  const matched = judges.findIndex((judge) => judge !== undefined && signatures.some(judge(content)));
  if (matched < 0) return { ok: false, reason: 'signature-mismatch' };

  // After the signature, so that only who knows the secret can learn anything about our clock.
  if (scheme.timestamp) {
    const text = path === undefined ? timestamp : timestampInBody(path, request.body);
    if (!text) return { ok: false, reason: 'timestamp-missing' };
    const stale = checkFreshness(text, scheme.timestamp, options, now);
    if (stale) return { ok: false, ...stale };
  }
  return { ok: true, secret: matched };
}

function timestampInHeaders(scheme: SignedScheme, headers: WebhookRequest['headers']): string | undefined {
  const from = scheme.timestamp?.from;
  if (!from || 'body' in from) return undefined;
  if ('header' in from) return headers[from.header];
  const rules = signatureHeaders(scheme);
  return 'pair' in from ? pairValue(headers, rules, from.pair) : positionValue(headers, rules, from.position);
}

function timestampInBody(path: string, body: Buffer): string | undefined {
  try {
    const value = valueAt(JSON.parse(body.toString('utf8')), path.split('.'));
    return typeof value === 'number' || typeof value === 'string' ? String(value) : undefined;
  } catch {
    // Signed, but not JSON: there is no time in it.
    return undefined;
  }
}

/**
 * The headers that prove a request, as the provider would send them.
 * @throws TypeError when the secret is not of the scheme's form, or cannot sign.
 */
export function signSigned(
  scheme: SignedScheme,
  algorithm: Algorithm,
  context: SigningContext,
): Readonly<Record<string, string>> {
  const [rule] = signatureHeaders(scheme);
  if (!rule) throw new TypeError('the scheme has no signature header');
  const from = scheme.timestamp?.from;
  const timestamp = scheme.timestamp && writeTimestamp(scheme.timestamp.unit, context.now);
  const headers: Record<string, string> = {};
  if (from && 'header' in from && timestamp) headers[from.header] = timestamp;
  for (const name of signedHeaders(scheme.signed)) {
    // An id that is signed. Made from the body, so that the same event keeps it and another has another.
    headers[name] ??= context.request.headers[name] ?? `msg_${hashOf(context.request.body)}`;
  }
  const request = { ...context.request, headers: { ...context.request.headers, ...headers } };
  const content = signedContent(scheme.signed, request, timestamp);
  const signature = content && algorithm.sign(context.secret, content)?.toString(scheme.encoding);
  if (!signature) throw new TypeError('this secret does not have the form that signs for this provider');
  headers[rule.header.replace('*', '1')] = writeSignature(rule, signature, from, timestamp);
  return headers;
}

function hashOf(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 24);
}
