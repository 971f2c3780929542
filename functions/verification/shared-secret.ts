import type { SharedSecretScheme, SigningContext, Verdict, VerificationContext } from '../pack/scheme.ts';
import { equalText } from './compare.ts';

/** Verifies a secret that is sent as it is, in a header. */
export function verifySharedSecret(scheme: SharedSecretScheme, context: VerificationContext): Verdict {
  const value = context.request.headers[scheme.header];
  if (value === undefined || value === '') {
    return { ok: false, reason: 'signature-missing', hint: scheme.header };
  }
  const prefix = scheme.prefix ?? '';
  if (value.slice(0, prefix.length).toLowerCase() !== prefix.toLowerCase()) {
    return {
      ok: false,
      reason: 'signature-malformed',
      hint: `${scheme.header} has to begin with "${prefix}"`,
    };
  }
  const sent = value.slice(prefix.length);
  const matched = context.secrets.findIndex((secret) => secret !== '' && equalText(secret, sent));
  if (matched >= 0) return { ok: true, secret: matched };
  return { ok: false, reason: context.secrets.length === 0 ? 'secret-missing' : 'signature-mismatch' };
}

export function signSharedSecret(scheme: SharedSecretScheme, { secret }: SigningContext) {
  return { [scheme.header]: (scheme.prefix ?? '') + secret };
}
