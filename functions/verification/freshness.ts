import type { ProviderOptions } from '../pack/request.ts';
import type { Refusal, TimestampRule, TimestampUnit } from '../pack/scheme.ts';

/** Epoch milliseconds of a timestamp as a provider writes it, or undefined when it is not one. */
export function parseTimestamp(text: string, unit: TimestampUnit): number | undefined {
  if (unit === 'rfc3339') {
    const time = /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(text) : Number.NaN;
    return Number.isNaN(time) ? undefined : time;
  }
  if (!/^\d{1,16}$/.test(text)) return undefined;
  const inSeconds = unit === 'seconds' || (unit === 'seconds-or-milliseconds' && text.length <= 10);
  return inSeconds ? Number(text) * 1000 : Number(text);
}

/** A time as a provider writes it, for samples and tests. `now` in epoch milliseconds. */
export function writeTimestamp(unit: TimestampUnit, now: number): string {
  if (unit === 'rfc3339') return new Date(now).toISOString();
  return String(unit === 'seconds' ? Math.floor(now / 1000) : now);
}

/** The window in seconds: the option `toleranceSeconds` where it is a positive number, else the pack's own. */
export function toleranceSeconds(rule: TimestampRule, options: ProviderOptions): number {
  const configured = options.toleranceSeconds;
  return typeof configured === 'number' && Number.isFinite(configured) && configured > 0
    ? configured
    : rule.toleranceSeconds;
}

/** Checks that a signed time lies in its window, in both directions. `now` in epoch milliseconds. */
export function checkFreshness(
  text: string,
  rule: TimestampRule,
  options: ProviderOptions,
  now: number,
): { readonly reason: Refusal; readonly hint: string } | undefined {
  const time = parseTimestamp(text, rule.unit);
  if (time === undefined) return { reason: 'timestamp-malformed', hint: `expected ${rule.unit}` };
  const past = toleranceSeconds(rule, options);
  const future = Math.max(rule.futureSeconds ?? past, 0);
  // Whole seconds, as the SDKs compare: a sender's clock has no more precision than its unit.
  const age = Math.floor(now / 1000) - Math.floor(time / 1000);
  if (age > past) return { reason: 'timestamp-stale', hint: `${age} s old, ${past} s allowed` };
  if (-age > future) return { reason: 'timestamp-future', hint: `${-age} s ahead, ${future} s allowed` };
  return undefined;
}
