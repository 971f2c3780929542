import { setTimeout as pause } from 'node:timers/promises';
import { seededRandom } from '../../../local/random.ts';
import type { Plant } from './plant.ts';

/** What was done to the plant. */
export interface Disturbance {
  /** Faults of the links, by link and kind. */
  readonly faults: Record<string, number>;
  kills: number;
  /** Configurations deployed, and how often each kind of change was among them. */
  deployments: number;
  readonly changes: Record<string, number>;
  standInRestarts: number;
}

export interface Progress {
  /** From 0 at the beginning to 1 when everything is sent. */
  share(): number;
  note(line: string): void;
}

export interface Severity {
  readonly seed: number;
  /** At even distances; every other one brings another configuration. */
  readonly kills: number;
  readonly standInRestarts: number;
}

const KINDS = ['drops', 'slow', 'refuses', 'hangs'] as const;
const LINKS = ['dynamodb', 'sqs', 's3'] as const;

export function nothingDisturbed(): Disturbance {
  return { faults: {}, kills: 0, deployments: 0, changes: {}, standInRestarts: 0 };
}

/** Breaks one thing after the other until everything is sent. */
export async function disturb(
  plant: Plant,
  done: Disturbance,
  { share, note }: Progress,
  { seed, kills, standInRestarts }: Severity,
): Promise<void> {
  const random = seededRandom(seed);
  const killIsDue = () => done.kills < kills && share() >= (done.kills + 0.5) / kills;
  const restartIsDue = () =>
    done.standInRestarts < standInRestarts && share() >= (done.standInRestarts + 1) / (standInRestarts + 1);
  const wait = async (milliseconds: number) => {
    const until = performance.now() + milliseconds;
    while (performance.now() < until && !killIsDue() && !restartIsDue() && share() < 1) await pause(20);
  };
  while (share() < 1) {
    if (killIsDue()) {
      if (++done.kills % 2 === 0) {
        done.deployments++;
        for (const kind of await plant.deploy()) count(done.changes, kind);
      } else await plant.restart();
      note(`${done.kills} kills`);
    } else if (restartIsDue()) {
      done.standInRestarts++;
      await plant.restartStandIns();
    } else {
      await breakLink(plant, done, random, wait);
      await wait(1_000 + random() * 3_000);
    }
  }
}

async function breakLink(
  plant: Plant,
  { faults }: Disturbance,
  random: () => number,
  wait: (milliseconds: number) => Promise<void>,
): Promise<void> {
  const number = Object.values(faults).reduce((sum, n) => sum + n, 0);
  // Each link once at first, so that none is left out of a short run.
  const name = LINKS[number] ?? LINKS[Math.floor(random() * LINKS.length)] ?? 'dynamodb';
  const kind = KINDS[Math.floor(random() * KINDS.length)] ?? 'drops';
  const link = plant.links[name];
  count(faults, `${name} ${kind}`);
  if (kind === 'drops') link.drop();
  if (kind === 'slow') link.slow(20 + random() * 150);
  if (kind === 'refuses') link.stop('refuse');
  if (kind === 'hangs') link.stop('hang');
  await wait(100 + random() * (kind === 'hangs' ? 2_500 : 700));
  link.slow(0);
  link.start();
}

function count(sums: Record<string, number>, name: string): void {
  sums[name] = (sums[name] ?? 0) + 1;
}
