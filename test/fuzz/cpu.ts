/** Time that this thread computes. Not the clock's: what the machine does besides is not the code's fault. */

/** Milliseconds of this thread since a point. */
export function cpuMs(since?: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(since);
  return (user + system) / 1000;
}

/**
 * The least of several runs, in milliseconds: garbage collection and a cold compiler can fall into any one of
 * them. Ends early once a run is within the limit, or so far beyond it that none of the others will be.
 */
export async function leastCpuMs(work: () => unknown, limit: number, runs = 5): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs && least > limit && (run === 0 || least < 20 * limit); run++) {
    const start = process.threadCpuUsage();
    await work();
    least = Math.min(least, cpuMs(start));
  }
  return least;
}
