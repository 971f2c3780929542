import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generations } from './config.ts';
import { type Disturbance, disturb, nothingDisturbed, type Severity } from './disturb.ts';
import { type Asked, createOperator } from './operator.ts';
import { startPlant } from './plant.ts';
import { untilQuiet } from './quiet.ts';
import { nothingSent, type Sent, sendAll } from './senders.ts';
import { judge, type Verdict } from './verdict.ts';
import { planWebhooks, type Webhook } from './webhooks.ts';

export interface SoakOptions extends Severity {
  /** So many webhooks as fast as they go, or `rate` a second for so many minutes. */
  readonly length: { readonly webhooks: number } | { readonly minutes: number; readonly rate: number };
  /** Between two acts of the operator, in milliseconds. */
  readonly restMs: number;
  progress(line: string): void;
}

export interface SoakReport {
  readonly sent: Sent;
  readonly asked: Asked;
  readonly disturbed: Disturbance;
  readonly verdict: Verdict;
  readonly sendingSeconds: number;
  readonly quietSeconds: number;
}

/** Sends webhooks while everything breaks; then heals everything, waits until it is quiet, and judges. */
export async function soak(options: SoakOptions): Promise<SoakReport> {
  const { seed, length, progress } = options;
  const folder = mkdtempSync(join(tmpdir(), 'inlet-soak-'));
  const plant = await startPlant(folder, generations(seed));
  try {
    const sent = nothingSent();
    const disturbed = nothingDisturbed();
    const operator = createOperator(plant.url, sent, seed, options.restMs);
    const started = performance.now();
    const secondsPassed = () => (performance.now() - started) / 1000;
    const share = () =>
      'webhooks' in length ? sent.done / length.webhooks : secondsPassed() / (60 * length.minutes);
    const isOver = () => share() >= 1;
    const note = (line: string) =>
      progress(`${secondsPassed().toFixed(0)} s: ${sent.done} webhooks, ${line}`);
    const sending = sendAll(plant.url, some(planWebhooks(seed), length, isOver), sent, rateOf(length));
    await Promise.all([sending, operator.work(isOver), disturb(plant, disturbed, { share, note }, options)]);
    const ended = performance.now();
    note('all sent; waiting until it is quiet');
    const audit = await untilQuiet(plant, operator);
    note('quiet; judging');
    const quietSeconds = (performance.now() - ended) / 1000;
    const verdict = await judge(plant, { sent, asked: operator.asked, audit });
    return {
      sent,
      asked: operator.asked,
      disturbed,
      verdict,
      sendingSeconds: (ended - started) / 1000,
      quietSeconds,
    };
  } finally {
    plant.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** As many webhooks as the soak is long. */
function* some(
  webhooks: Iterable<Webhook>,
  length: SoakOptions['length'],
  isOver: () => boolean,
): Generator<Webhook> {
  let begun = 0;
  for (const webhook of webhooks) {
    if ('webhooks' in length ? begun++ >= length.webhooks : isOver()) return;
    yield webhook;
  }
}

function rateOf(length: SoakOptions['length']): number | undefined {
  return 'rate' in length ? length.rate : undefined;
}
