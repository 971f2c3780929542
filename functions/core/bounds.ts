/**
 * Text from outside, made fit for a store. JSON and JavaScript allow half a surrogate pair, which is no Unicode text:
 * one DynamoDB takes it, another refuses the item, and `encodeURIComponent` throws.
 */
import { createHash } from 'node:crypto';

/**
 * The longest key is two of these and a sign between them: 1,025 bytes of the 2,048 that a partition key may have
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html). A sort key may have 1,024 only, so
 * none is built so.
 */
const MAX_KEY_BYTES = 512;

/** Characters that a longer key keeps, for people to know it by. */
const KEPT = 100;

/** What a partition key may have (the address above). */
export const MAX_ID_BYTES = 2_048;

/** A name as keys are built from it: a longer one is cut and told apart by its hash. Twice is as good as once. */
export function boundKey(text: string, bytes = MAX_KEY_BYTES): string {
  const key = text.toWellFormed();
  if (Buffer.byteLength(key) <= bytes) return key;
  return `${boundText(key, KEPT)}~${hashOf([key])}`;
}

/** Text that no key is built from. Twice is as good as once. @param length in UTF-16 code units. */
export function boundText(text: string, length = 256): string {
  // Only then, because the cut may go through a pair.
  return text.slice(0, length).toWellFormed();
}

/** An item of DynamoDB ends at 400 KB, and each of its KB costs a write unit at every update. */
const MAX_REASON = 1_000;

/** Why something happened to an event, for people: a longer reason keeps its beginning. Twice is as good as once. */
export function boundReason(reason: string): string {
  return boundText(reason, MAX_REASON);
}

/** 40 hexadecimal digits of a hash over the parts and their lengths. */
export function hashOf(parts: readonly (string | Buffer)[]): string {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(`${part.length}:`).update(part);
  return digest.digest('hex').slice(0, 40);
}
