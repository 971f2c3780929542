/** What ingest has counted against what the ledger holds, hour by hour. */
import { floorHour, HOUR } from '../functions/api/kept.ts';
import type { KeptDeliveries, KeptHour } from '../functions/api/types.ts';
import type { Counted } from './counted.ts';

export interface HourDifference {
  readonly source: string;
  /** When it begins. */
  readonly hour: string;
  readonly counted: number;
  readonly kept: number;
  /** How many at least. */
  readonly difference: number;
}

export interface CountedReport {
  readonly after: string;
  readonly before: string;
  readonly counted: number;
  readonly kept: number;
  /** Hours with fewer entries than were counted: entries are gone. */
  readonly lost: readonly HourDifference[];
  /** Hours with more entries than were counted: their lines were not written, or not counted yet. */
  readonly uncounted: readonly HourDifference[];
}

const NONE: Omit<KeptHour, 'hour'> = { entries: 0, last: 0 };

export function compareCounted(counted: Counted, kept: KeptDeliveries): CountedReport {
  const sources = new Set([...Object.keys(counted.sources), ...Object.keys(kept.sources)]);
  const reports = [...sources].sort().map((source) => compareSource(source, counted, kept));
  const sum = (of: 'counted' | 'kept') => reports.reduce((total, report) => total + report[of], 0);
  return {
    after: new Date(counted.after).toISOString(),
    before: new Date(counted.before).toISOString(),
    counted: sum('counted'),
    kept: sum('kept'),
    lost: reports.flatMap(({ lost }) => lost),
    uncounted: reports.flatMap(({ uncounted }) => uncounted),
  };
}

/**
 * An entry has the time of its arrival, a line that of its answer, up to some seconds later. So what arrived at the end
 * of an hour counts once, in that hour or in the next: as little as can be in the first.
 */
function compareSource(source: string, counted: Counted, kept: KeptDeliveries) {
  const hours = new Map((kept.sources[source] ?? []).map((hour) => [Date.parse(hour.hour), hour]));
  const at = (start: number) => hours.get(start) ?? NONE;
  const lost: HourDifference[] = [];
  const uncounted: HourDifference[] = [];
  const total = { counted: 0, kept: 0 };
  const start = floorHour(counted.after);
  // How many of the hour before may count in this one.
  let left = at(start - HOUR).last;
  for (let hour = start; hour < counted.before; hour += HOUR) {
    const { entries, last } = at(hour);
    const number = counted.sources[source]?.get(hour) ?? 0;
    const fromEnd = number - left - (entries - last);
    left = last - Math.min(last, Math.max(0, fromEnd));
    total.counted += number;
    total.kept += entries;
    const difference = { source, hour: new Date(hour).toISOString(), counted: number, kept: entries };
    if (fromEnd > last) lost.push({ ...difference, difference: fromEnd - last });
    const surplus = entries - last - number;
    if (surplus > 0) uncounted.push({ ...difference, difference: surplus });
  }
  return { ...total, lost, uncounted };
}
