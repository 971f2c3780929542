import { expect, test } from '@jest/globals';
import { compareCounted } from '../../../cli/compare-counted.ts';
import type { Counted } from '../../../cli/counted.ts';
import { createKeptCount, floorHour, HOUR } from '../../../functions/api/kept.ts';
import { Random } from '../../proof/fuzz/random.ts';

const START = Date.parse('2026-11-20T00:00:00Z');
const HOURS = 6;
const END = START + HOURS * HOUR;
const WINDOW = { after: START - HOUR, before: END };
/** What takes longer is answered 503. */
const LONGEST = 9_000;

/** @param lines their times. */
function countOf(lines: readonly number[]): Counted {
  const hours = new Map<number, number>();
  for (const time of lines.filter((line) => line >= START && line < END))
    hours.set(floorHour(time), (hours.get(floorHour(time)) ?? 0) + 1);
  return { after: START, before: END, window: WINDOW, sources: { orders: hours } };
}

/** @param arrivals of entries. */
function keptOf(arrivals: readonly number[]) {
  const count = createKeptCount(WINDOW);
  for (const receivedAt of arrivals) count.see({ source: 'orders', receivedAt } as never);
  return count.result();
}

function traffic(random: Random, length: number): number[] {
  return Array.from({ length }, () => START - HOUR + random.below((HOURS + 2) * HOUR));
}

/** Of an hour that somebody can be sure of. */
function isWithin(time: number): boolean {
  return time >= START && time < END && HOUR - (time % HOUR) > 15_000;
}

test('an answer that comes in the next hour is no difference', () => {
  const random = new Random('counted');
  for (let run = 0; run < 20; run++) {
    const arrivals = traffic(random, 20_000);
    const counted = countOf(arrivals.map((time) => time + random.below(LONGEST)));
    expect(compareCounted(counted, keptOf(arrivals))).toMatchObject({ lost: [], uncounted: [] });
  }
});

test('an entry that is gone is named with its hour, a line that is gone is no loss', () => {
  const random = new Random('lost');
  for (let run = 0; run < 100; run++) {
    const arrivals = traffic(random, 2_000).filter((time) => HOUR - (time % HOUR) > 15_000);
    const gone = random.pick(arrivals.filter(isWithin));
    const others = arrivals.filter((time) => time !== gone);
    const hour = new Date(floorHour(gone)).toISOString();
    const difference = expect.objectContaining({ source: 'orders', hour, difference: 1 });
    const [all, less] = [arrivals, others].map((times) => countOf(times.map((time) => time + 50)));
    if (!all || !less) throw new Error('two counts');
    expect(compareCounted(all, keptOf(others))).toMatchObject({ lost: [difference], uncounted: [] });
    expect(compareCounted(less, keptOf(arrivals))).toMatchObject({ lost: [], uncounted: [difference] });
  }
});

test('no more can hide than arrived at the end of the hour before, and of the last', () => {
  const random = new Random('hidden');
  for (let run = 0; run < 20; run++) {
    const arrivals = traffic(random, 20_000);
    const counted = countOf(arrivals.map((time) => time + random.below(LONGEST)));
    const isAtEnd = (time: number) => [START, END].some((hour) => time < hour && hour - time <= 15_000);
    const hidden = arrivals.filter(isAtEnd).length;
    const gone = new Set(arrivals.filter(isWithin).slice(0, hidden + 1));
    const { lost } = compareCounted(counted, keptOf(arrivals.filter((time) => !gone.has(time))));
    expect(lost).not.toEqual([]);
  }
});

test('a source that lost everything, and one that nobody counts', () => {
  const counted = countOf([START + 1_800_000, START + 1_800_001]);
  expect(compareCounted(counted, keptOf([]))).toMatchObject({
    counted: 2,
    kept: 0,
    lost: [{ source: 'orders', hour: '2026-11-20T00:00:00.000Z', counted: 2, kept: 0, difference: 2 }],
  });
  expect(compareCounted({ ...counted, sources: {} }, keptOf([START + 1_800_000]))).toMatchObject({
    counted: 0,
    kept: 1,
    lost: [],
    uncounted: [{ source: 'orders', counted: 0, kept: 1, difference: 1 }],
  });
});
