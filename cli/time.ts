import { readAgo } from '../console/ago.ts';
import { CliError } from './cli-error.ts';

/**
 * A point in time for the read API: `15m`, `2h`, `1d` before now, else as it is written (ISO 8601 or epoch
 * milliseconds), which the API checks. `now` in epoch milliseconds.
 */
export function readTime(text: string | undefined, now: number): string | undefined {
  const ago = readAgo(text ?? '');
  if (ago === undefined) return text;
  const time = now - ago;
  if (!(time > 0))
    throw new CliError(`${text} is longer ago than time goes: write 15m, 2h, 1d or an ISO 8601 time`);
  return String(time);
}
