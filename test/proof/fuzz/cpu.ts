/** Time that this thread computes. Not the clock's: what the machine does besides is not the code's fault. */
import { createHash } from 'node:crypto';

/** What API Gateway lets through to Lambda: 6 MB. */
export const LARGEST_BODY = 6_000_000;

/** Milliseconds of this thread since a point. */
export function cpuMs(since?: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(since);
  return (user + system) / 1000;
}

/** Milliseconds of this thread that one run of the work takes. */
async function oneRunMs(work: () => unknown): Promise<number> {
  const start = process.threadCpuUsage();
  await work();
  return cpuMs(start);
}

/**
 * The least of several runs, in milliseconds: garbage collection and a cold compiler can fall into any one of
 * them. Ends early once a run is within the limit, or so far beyond it that none of the others will be.
 */
export async function leastCpuMs(work: () => unknown, limit: number, runs = 5): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs && least > limit && (run === 0 || least < 20 * limit); run++) {
    least = Math.min(least, await oneRunMs(work));
  }
  return least;
}

/**
 * How long no input may take, in milliseconds of this thread: 150, or on a slow machine ten times what it takes there to
 * decode and hash the largest body. What looks at a body again for each of its bytes takes seconds. The time of a thread
 * is a rough measure on virtual machines, so that the middle one of several runs counts.
 */
export async function limitMs(): Promise<number> {
  const body = Buffer.alloc(LARGEST_BODY, 'a=1&');
  const read = () => createHash('sha256').update(body.toString()).digest();
  const runs: number[] = [];
  while (runs.length < 5) runs.push(await oneRunMs(read));
  return Math.max(150, 10 * (runs.toSorted((a, b) => a - b)[2] ?? 0));
}
