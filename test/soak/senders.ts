import { setTimeout as pause } from 'node:timers/promises';
import { inParallel } from '../../functions/shared/in-parallel.ts';
import { RETRIES, type Webhook } from './webhooks.ts';

/** What the providers saw. */
export interface Sent {
  readonly acknowledged: Set<Webhook>;
  /** Webhooks that a provider gave up. */
  givenUp: number;
  /** Webhooks dealt with so far. */
  done: number;
  requests: number;
  /** Requests whose connection the provider itself dropped. */
  dropped: number;
  readonly statuses: Map<number, number>;
  /** Milliseconds of every answer. */
  readonly times: number[];
}

const IN_FLIGHT = 32;
/** One request in so many loses its connection before the answer. */
const DROP_EVERY = 97;
const MOST_ATTEMPTS = 60;

export function nothingSent(): Sent {
  return {
    acknowledged: new Set(),
    givenUp: 0,
    done: 0,
    requests: 0,
    dropped: 0,
    statuses: new Map(),
    times: [],
  };
}

/** Sends every webhook until it is acknowledged, as its provider would. */
export async function sendAll(url: string, webhooks: readonly Webhook[], sent: Sent): Promise<void> {
  await inParallel(webhooks, IN_FLIGHT, async (webhook) => {
    const schedule = RETRIES[webhook.source];
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      if (await sendOnce(url, webhook, sent)) {
        sent.acknowledged.add(webhook);
        sent.done++;
        return;
      }
      await pause(schedule[Math.min(attempt, schedule.length - 1)]);
    }
    sent.givenUp++;
    sent.done++;
  });
}

async function sendOnce(url: string, webhook: Webhook, sent: Sent): Promise<boolean> {
  const drops = ++sent.requests % DROP_EVERY === 0;
  if (drops) sent.dropped++;
  const started = performance.now();
  try {
    const response = await fetch(`${url}/webhooks/${webhook.source}`, {
      method: 'POST',
      body: webhook.body,
      headers: webhook.headers(),
      // Longer than providers wait, to see how late a late answer is; those that drop do so on the way.
      signal: AbortSignal.timeout(drops ? 1 + (sent.requests % 12) : 20_000),
    });
    await response.arrayBuffer();
    sent.times.push(performance.now() - started);
    sent.statuses.set(response.status, (sent.statuses.get(response.status) ?? 0) + 1);
    return response.ok;
  } catch {
    if (!drops && performance.now() - started >= 10_000) sent.times.push(performance.now() - started);
    return false;
  }
}
