import { timingSafeEqual } from 'node:crypto';
import type { Verdict } from '../pack/scheme.ts';

/**
 * Tries every secret against every signature: which one is right, or why none is.
 * @param digests what the provider may have computed under a secret; undefined when it is not of the right form.
 */
export function matchSecret(
  secrets: readonly string[],
  signatures: readonly Buffer[],
  digests: (secret: string) => readonly Buffer[] | undefined,
): Verdict {
  if (secrets.length === 0) return { ok: false, reason: 'secret-missing' };
  const expected = secrets.map((secret) => (secret === '' ? undefined : digests(secret)));
  if (expected.every((values) => values === undefined)) return { ok: false, reason: 'secret-malformed' };
  const matched = expected.findIndex((values) =>
    values?.some((value) => signatures.some((signature) => equalBytes(signature, value))),
  );
  return matched < 0 ? { ok: false, reason: 'signature-mismatch' } : { ok: true, secret: matched };
}

/** `timingSafeEqual` throws on different lengths; the length of a digest is no secret. */
function equalBytes(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
