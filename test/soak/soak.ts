import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { AuditReport } from '../../functions/api/types.ts';
import { seededRandom } from '../../infra/cli/random.ts';
import { type Plant, startPlant } from './plant.ts';
import { nothingSent, type Sent, sendAll } from './senders.ts';
import { judge, type Verdict } from './verdict.ts';
import { planWebhooks } from './webhooks.ts';

export interface SoakOptions {
  readonly webhooks: number;
  readonly kills: number;
  readonly seed: number;
  progress(line: string): void;
}

export interface SoakReport {
  readonly sent: Sent;
  readonly verdict: Verdict;
  readonly kills: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly sendingSeconds: number;
  readonly quiescenceSeconds: number;
}

const QUIESCENCE_MS = 300_000;
/** In compressed time a message that was lost on its way to the worker is visible again after this. */
const VISIBILITY_MS = 8_000;

/** Sends webhooks while everything breaks; then heals everything, waits until it is quiet, and counts. */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const folder = mkdtempSync(join(tmpdir(), 'inlet-soak-'));
  const appliedFile = join(folder, 'applied');
  writeFileSync(appliedFile, '');
  const plant = await startPlant(appliedFile);
  try {
    const sent = nothingSent();
    const started = performance.now();
    const sending = sendAll(plant.url, planWebhooks(options.webhooks, options.seed), sent);
    const faults = await disturb(plant, sent, options);
    await sending;
    const ended = performance.now();
    options.progress(`all sent; waiting until it is quiet`);
    const report = await quiet(plant);
    return {
      sent,
      verdict: await judge(plant.tables, appliedFile, sent, report),
      kills: plant.kills,
      faults,
      sendingSeconds: (ended - started) / 1000,
      quiescenceSeconds: (performance.now() - ended) / 1000,
    };
  } finally {
    plant.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Breaks one thing after the other until everything is sent, and kills at even distances. */
async function disturb(
  plant: Plant,
  sent: Sent,
  { webhooks, kills, seed, progress }: SoakOptions,
): Promise<Record<string, number>> {
  const random = seededRandom(seed);
  const faults: Record<string, number> = {};
  const links = { dynamodb: plant.dynamodb, sqs: plant.sqs };
  const killIsDue = () => plant.kills < kills && sent.done >= ((plant.kills + 0.5) * webhooks) / kills;
  const wait = async (milliseconds: number) => {
    const until = performance.now() + milliseconds;
    while (performance.now() < until && !killIsDue() && sent.done < webhooks) await pause(20);
  };
  while (sent.done < webhooks) {
    if (killIsDue()) {
      await plant.restart();
      progress(`${sent.done} of ${webhooks} done, ${plant.kills} kills, ${sent.requests} requests`);
      continue;
    }
    const name = random() < 0.5 ? 'dynamodb' : 'sqs';
    const link = links[name];
    const kinds = ['drops', 'slow', 'refuses', 'hangs'] as const;
    const kind = kinds[Math.floor(random() * kinds.length)] ?? 'drops';
    faults[`${name} ${kind}`] = (faults[`${name} ${kind}`] ?? 0) + 1;
    if (kind === 'drops') link.drop();
    if (kind === 'slow') link.slow(20 + random() * 150);
    if (kind === 'refuses') link.stop('refuse');
    if (kind === 'hangs') link.stop('hang');
    await wait(100 + random() * (kind === 'hangs' ? 2_500 : 700));
    link.slow(0);
    link.start();
    await wait(1_000 + random() * 3_000);
  }
  return faults;
}

/** @throws Error when something is still in flight after `QUIESCENCE_MS`. */
async function quiet(plant: Plant): Promise<AuditReport> {
  const started = performance.now();
  let released = started;
  for (;;) {
    if (performance.now() > released + VISIBILITY_MS) {
      plant.release();
      released = performance.now();
    }
    const response = await fetch(`${plant.url}/api/audit`, {
      headers: { authorization: 'Bearer soak' },
    }).catch(() => undefined);
    const report = response?.ok ? ((await response.json()) as AuditReport) : undefined;
    if (report && report.total.inFlight === 0 && report.queues.messages === 0) return report;
    if (performance.now() > started + QUIESCENCE_MS)
      throw new Error(`not quiet: ${JSON.stringify(report?.total)}`);
    await pause(500);
  }
}
