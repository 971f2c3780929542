import type { CustomScheme, SigningContext, Verdict, VerificationContext } from '../pack/scheme.ts';
import { equalText } from './compare.ts';
import { EVERYTHING } from './coverage.ts';

/**
 * A static secret in the query of the registered URL, for providers that can do nothing else. Weaker than a header:
 * URLs end up in logs on the way. Inlet itself stores and logs no query.
 */
export function querySecret(parameter: string): CustomScheme {
  return {
    kind: 'custom',
    covers: EVERYTHING,
    proof: `secret in the query, \`?${parameter}=\``,
    verify: (context) => verifyQuerySecret(parameter, context),
    sign: () => ({}),
    prepare: (context) => ({ url: withSecret(parameter, context) }),
  };
}

/** Values of a query parameter, decoded. */
export function queryValues(url: string, parameter: string): readonly string[] {
  const at = url.indexOf('?');
  return at < 0 ? [] : new URLSearchParams(url.slice(at + 1)).getAll(parameter);
}

export function verifyQuerySecret(parameter: string, { request, secrets }: VerificationContext): Verdict {
  const values = queryValues(request.url, parameter);
  const [sent] = values;
  if (!sent) return { ok: false, reason: 'signature-missing', hint: `?${parameter}= in the URL` };
  // Several values: which one is meant differs from reader to reader, so none is.
  if (values.length > 1) return { ok: false, reason: 'signature-malformed', hint: `?${parameter}= once` };
  if (secrets.length === 0) return { ok: false, reason: 'secret-missing' };
  const matched = secrets.findIndex((secret) => secret !== '' && equalText(secret, sent));
  return matched < 0 ? { ok: false, reason: 'signature-mismatch' } : { ok: true, secret: matched };
}

function withSecret(parameter: string, { request, secret }: SigningContext): string {
  const separator = request.url.includes('?') ? '&' : '?';
  return `${request.url}${separator}${encodeURIComponent(parameter)}=${encodeURIComponent(secret)}`;
}
