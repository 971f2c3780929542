import { CliError } from './cli-error.ts';

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * A point in time for the read API: `15m`, `2h`, `1d` before now, else as it is written (ISO 8601 or epoch
 * milliseconds), which the API checks. `now` in epoch milliseconds.
 */
export function readTime(text: string | undefined, now: number): string | undefined {
  const match = /^(\d+)([smhd])$/.exec(text ?? '');
  if (!match) return text;
  const time = now - Number(match[1]) * (UNITS[match[2] ?? ''] ?? 0);
  if (!(time > 0))
    throw new CliError(`${text} is longer ago than time goes: write 15m, 2h, 1d or an ISO 8601 time`);
  return String(time);
}
