/** Measures CPU of several variants in turn, so that a busy machine is busy for all of them. */
import { median } from './stats.ts';

export interface Variant {
  readonly name: string;
  /** Handles so many events, one invocation after the other. */
  run(times: number): Promise<void>;
  /** Events in one invocation. Default 1. */
  readonly events?: number;
}

export interface Measured {
  readonly name: string;
  /** CPU microseconds per event: the median of the rounds. */
  readonly micros: number;
  /** The same by round, to compare round by round. */
  readonly rounds: readonly number[];
}

/** Runs each variant once to warm it, then all of them in turn, in every round in another order. */
export async function gauge(
  variants: readonly Variant[],
  { rounds, times, warmUp }: { rounds: number; times: number; warmUp: number },
): Promise<readonly Measured[]> {
  const samples = new Map<string, number[]>(variants.map(({ name }) => [name, []]));
  for (const variant of variants) await variant.run(warmUp);
  for (let round = 0; round < rounds; round++) {
    const start = round % variants.length;
    for (const variant of [...variants.slice(start), ...variants.slice(0, start)]) {
      const before = process.cpuUsage();
      await variant.run(times);
      const { user, system } = process.cpuUsage(before);
      samples.get(variant.name)?.push((user + system) / times);
    }
  }
  return variants.map(({ name }) => {
    const all = samples.get(name) ?? [];
    return { name, micros: median(all), rounds: all };
  });
}

/** The median of the ratios within each round: what the machine did in that round falls out. */
export function ratio(one: Measured, other: Measured): number {
  return median(one.rounds.map((value, round) => value / (other.rounds[round] ?? Number.NaN)));
}
