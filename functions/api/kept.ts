import { ApiError } from './api-error.ts';
import { type Entry, isoTime } from './entry.ts';
import { parseFilter } from './event-query.ts';
import type { ApiParts } from './parts.ts';
import type { KeptDeliveries, KeptHour } from './types.ts';

/** Milliseconds. */
export const HOUR = 3_600_000;
/** Longer than an answer takes (`functions/ingest/deadline.ts`), whose line has the time that is counted. */
const END = 15_000;

/** When the hour of a time begins; both in epoch milliseconds. */
export function floorHour(time: number): number {
  return Math.floor(time / HOUR) * HOUR;
}

/** Epoch milliseconds: `after` is included, `before` is not. */
export interface Window {
  readonly after: number;
  readonly before: number;
}

/**
 * The window of `GET /api/audit`, where one is asked for.
 * @throws ApiError 400, also when entries of that time may have expired: they would look like lost ones.
 */
export function parseWindow(
  parameters: URLSearchParams,
  parts: Pick<ApiParts, 'retentionSeconds' | 'now'>,
): Window | undefined {
  const { after, before = parts.now() } = parseFilter(
    Object.fromEntries(['after', 'before'].map((name) => [name, parameters.get(name) || undefined])),
  );
  return after === undefined ? undefined : checkedWindow({ after, before }, parts);
}

/** @throws ApiError 400, likewise. */
export function checkedWindow(
  window: Window,
  { retentionSeconds, now }: Pick<ApiParts, 'retentionSeconds' | 'now'>,
): Window {
  const hours = Math.floor((retentionSeconds * 1000) / HOUR);
  if (window.after < now() - hours * HOUR)
    throw new ApiError(400, `after: entries are kept for ${hours} hours; write a later time`);
  return window;
}

/**
 * Counts what the ledger holds of the deliveries of a window, by source and hour of their arrival. An event that came in
 * a batch is none: its batch is.
 */
export function createKeptCount(window: Window) {
  const sources = new Map<string, Map<number, KeptHour>>();
  return {
    see({ source, batch, receivedAt }: Entry): void {
      if (batch !== undefined || receivedAt === undefined) return;
      if (receivedAt < window.after || receivedAt >= window.before) return;
      const start = floorHour(receivedAt);
      const hours = sources.get(source) ?? new Map<number, KeptHour>();
      sources.set(source, hours);
      const { entries = 0, last = 0 } = hours.get(start) ?? {};
      hours.set(start, {
        hour: String(isoTime(start)),
        entries: entries + 1,
        last: last + Number(start + HOUR - receivedAt <= END),
      });
    },
    result: (): KeptDeliveries => ({
      after: String(isoTime(window.after)),
      before: String(isoTime(window.before)),
      sources: Object.fromEntries(
        [...sources].map(([source, hours]) => [
          source,
          [...hours].sort(([a], [b]) => a - b).map(([, hour]) => hour),
        ]),
      ),
    }),
  };
}
