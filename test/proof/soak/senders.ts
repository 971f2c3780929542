import { setTimeout as pause } from 'node:timers/promises';
import { MAX_MESSAGE_BYTES } from '../../../functions/store/inbox.ts';
import { ledgerId } from '../../../functions/store/ledger/entry.ts';
import type { SourceName } from './config.ts';
import type { PlannedEvent, Webhook } from './webhooks.ts';

/** What the providers saw. */
export interface Sent {
  /** Events in webhooks that were answered with success, by ledger id. */
  readonly acknowledged: Map<string, PlannedEvent>;
  /** Webhooks that a provider gave up. */
  givenUp: number;
  /** Webhooks dealt with so far. */
  done: number;
  /** Acknowledged with a body that fits into no message. */
  parked: number;
  requests: number;
  /** Requests whose connection the provider itself dropped. */
  dropped: number;
  readonly statuses: Map<number, number>;
  /** Milliseconds of every answer. */
  readonly times: number[];
}

/** Milliseconds between the attempts of each provider: its own schedule, a hundred to a thousand times as fast. */
const RETRIES: Readonly<Record<SourceName, readonly number[]>> = {
  dotdigital: [100, 200, 400, 800, 1_600],
  owned: [100, 200, 400, 800, 1_600],
  chargify: [300, 600, 1_200, 2_400],
  stripe: [50, 500, 2_000, 4_000],
  tasks: [100, 100, 100, 1_000],
  orders: [100, 100, 100, 1_000],
  moving: [100, 100, 100, 1_000],
  large: [500, 1_000, 2_000],
};
const IN_FLIGHT = 32;
/** One request in so many loses its connection before the answer. */
const DROP_EVERY = 97;
const MOST_ATTEMPTS = 60;

export function nothingSent(): Sent {
  return {
    acknowledged: new Map(),
    givenUp: 0,
    done: 0,
    parked: 0,
    requests: 0,
    dropped: 0,
    statuses: new Map(),
    times: [],
  };
}

/**
 * Sends every webhook until it is acknowledged, as its provider would.
 * @param rate webhooks a second that begin at most.
 */
export async function sendAll(
  url: string,
  webhooks: Iterable<Webhook>,
  sent: Sent,
  rate = Number.POSITIVE_INFINITY,
): Promise<void> {
  const started = performance.now();
  let begun = 0;
  const waiting = webhooks[Symbol.iterator]();
  const lane = async () => {
    for (let next = waiting.next(); !next.done; next = waiting.next()) {
      const due = started + (1_000 * begun++) / rate;
      await pause(Math.max(0, due - performance.now()));
      await sendUntilTaken(url, next.value, sent);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
}

async function sendUntilTaken(url: string, webhook: Webhook, sent: Sent): Promise<void> {
  const schedule = RETRIES[webhook.source];
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    if (await sendOnce(url, webhook, sent)) {
      for (const event of webhook.events) sent.acknowledged.set(ledgerId(event.source, event.id), event);
      sent.done++;
      return;
    }
    await pause(schedule[Math.min(attempt, schedule.length - 1)]);
  }
  sent.givenUp++;
  sent.done++;
}

async function sendOnce(url: string, webhook: Webhook, sent: Sent): Promise<boolean> {
  const drops = ++sent.requests % DROP_EVERY === 0;
  if (drops) sent.dropped++;
  const body = webhook.body();
  const started = performance.now();
  try {
    const response = await fetch(`${url}/webhooks/${webhook.source}`, {
      method: 'POST',
      body,
      headers: webhook.headers(body),
      // Longer than providers wait, to see how late a late answer is; those that drop do so on the way.
      signal: AbortSignal.timeout(drops ? 1 + (sent.requests % 12) : 20_000),
    });
    await response.arrayBuffer();
    sent.times.push(performance.now() - started);
    sent.statuses.set(response.status, (sent.statuses.get(response.status) ?? 0) + 1);
    if (response.ok && (body.length * 4) / 3 > MAX_MESSAGE_BYTES) sent.parked++;
    return response.ok;
  } catch {
    if (!drops && performance.now() - started >= 10_000) sent.times.push(performance.now() - started);
    return false;
  }
}
