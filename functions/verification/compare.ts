import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Encoding } from '../pack/scheme.ts';

const digestKey = 'inlet-compare';

/**
 * Compares two texts in a time that tells nothing about either, lengths included: both are hashed first,
 * because `timingSafeEqual` throws on different lengths.
 */
export function equalText(a: string, b: string): boolean {
  const digest = (text: string) => createHmac('sha256', digestKey).update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** Longer than any signature in any encoding. */
const MAX_SIGNATURE_LENGTH = 4_096;

/**
 * Bytes of an encoded signature, or undefined unless the text is exactly what encoding `bytes` bytes gives.
 * `Buffer.from` alone skips what it does not understand, so a damaged signature could still decode; and the last
 * character of base64 has bits that decoding drops.
 */
export function decodeSignature(text: string, encoding: Encoding, bytes: number): Buffer | undefined {
  if (text.length > MAX_SIGNATURE_LENGTH) return undefined;
  const decoded = Buffer.from(text, encoding);
  if (decoded.length !== bytes) return undefined;
  const canonical = decoded.toString(encoding);
  // Hex in one case throughout, as providers write it: a single letter of the other case is an altered signature.
  const inUpperCase = encoding === 'hex' && text === canonical.toUpperCase();
  return text === canonical || inUpperCase ? decoded : undefined;
}

/** Whether text is exactly what encoding some bytes gives: for tokens, whose signature covers the rest of them. */
export function isCanonicalBase64url(text: string): boolean {
  return Buffer.from(text, 'base64url').toString('base64url') === text;
}
