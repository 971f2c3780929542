import { floorHour, HOUR } from '../functions/api/kept.ts';
import type { LocalCount } from '../local/counted.ts';
import type { Counted } from './counted.ts';

/** The last so many hours of what a local Inlet has counted, the present one among them, as far as it has been running. */
export function countedByServer({ since, now, sources }: LocalCount, hours: number): Counted {
  const before = Date.parse(now);
  const after = Math.max(Date.parse(since), floorHour(before) - (hours - 1) * HOUR);
  return {
    after,
    before,
    window: { after, before },
    sources: Object.fromEntries(
      Object.entries(sources).map(([source, counts]) => [
        source,
        new Map(Object.entries(counts).map(([hour, number]) => [Date.parse(hour), number])),
      ]),
    ),
  };
}
