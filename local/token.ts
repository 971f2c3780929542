import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/**
 * The token of a local server that was given none: random, and kept with the data, so that a page that is open goes
 * on after a restart.
 * @param file undefined keeps nothing.
 */
export function localToken(file: string | undefined): string {
  const kept = file !== undefined && existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  if (/^[\w-]{43}$/.test(kept)) return kept;
  const token = randomBytes(32).toString('base64url');
  if (file !== undefined) writeFileSync(file, `${token}\n`, { mode: 0o600 });
  return token;
}
