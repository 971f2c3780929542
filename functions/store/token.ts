import { randomBytes } from 'node:crypto';

/**
 * A mark that a write leaves, to know it again: the SDK repeats a request whose answer was lost, and the repeat meets
 * what the first one wrote. 72 random bits in 12 characters.
 */
export function newToken(): string {
  return randomBytes(9).toString('base64url');
}
