import { createHmac } from 'node:crypto';
import type { InletConfig } from '../../functions/shared/config.ts';
import { seededRandom, shuffled } from '../../infra/cli/random.ts';
import { messageEvent, signChargify, signDotdigital } from '../helpers/sign.ts';

export const config: InletConfig = {
  sources: {
    dotdigital: { provider: 'dotdigital' },
    chargify: { provider: 'chargify', handler: 'fulfil-order', timeoutSeconds: 1 },
    stripe: { provider: 'stripe' },
    tasks: { provider: 'tasks' },
  },
};

export const SECRETS = {
  dotdigital: 'soak-secret-of-dotdigital',
  chargify: 'soak-secret-of-chargify',
  stripe: 'whsec_soak_secret_of_stripe',
  tasks: 'soak-secret-of-tasks',
};

/** Milliseconds between the attempts of each provider: its own schedule, a hundred to a thousand times as fast. */
export const RETRIES: Readonly<Record<keyof typeof SECRETS, readonly number[]>> = {
  dotdigital: [100, 200, 400, 800, 1_600],
  chargify: [300, 600, 1_200, 2_400],
  stripe: [50, 500, 2_000, 4_000],
  tasks: [100, 100, 100, 1_000],
};

export interface Webhook {
  readonly source: keyof typeof SECRETS;
  readonly body: string;
  headers(): Record<string, string>;
  /** Events that it carries, with subject and revision where order matters. */
  readonly events: readonly { readonly id: string; readonly subject?: string; readonly revision?: number }[];
}

const STATES = ['sent', 'delivered', 'read'] as const;

function dotdigital(ids: readonly { message: string; state: (typeof STATES)[number] }[]): Webhook {
  const items = ids.map(({ message, state }) => messageEvent(message, state));
  const body = JSON.stringify(items.length === 1 ? items[0] : items);
  return {
    source: 'dotdigital',
    body,
    headers: () => signDotdigital(body, SECRETS.dotdigital),
    events: ids.map(({ message, state }) => ({
      id: `${message}-${state}`,
      subject: `space:message:${message}`,
      revision: STATES.indexOf(state),
    })),
  };
}

function chargify(n: number): Webhook {
  const body = `id=${n}&event=payment_success&payload[subscription][customer][id]=${n % 1000}`;
  const events = [{ id: String(n) }];
  return { source: 'chargify', body, headers: () => signChargify(body, SECRETS.chargify), events };
}

function stripe(n: number): Webhook {
  const id = `evt_${n}`;
  const body = JSON.stringify({
    id,
    object: 'event',
    type: 'invoice.paid',
    data: { object: { id: `in_${n}` } },
  });
  const headers = () => {
    const time = Math.floor(Date.now() / 1000);
    const signature = createHmac('sha256', SECRETS.stripe).update(`${time}.${body}`).digest('hex');
    return { 'content-type': 'application/json', 'Stripe-Signature': `t=${time},v1=${signature}` };
  };
  return { source: 'stripe', body, headers, events: [{ id }] };
}

function tasks(n: number): Webhook {
  const body = JSON.stringify({ batchid: `b${n % 100}`, id: n, owner: 'Ada', priority: 'Low' });
  const headers = () => ({ 'content-type': 'application/json', 'x-inlet-secret': SECRETS.tasks });
  return { source: 'tasks', body, headers, events: [{ id: `b${n % 100}:${n}` }] };
}

/** All states of one message, singly or (one message in eight) in one batch, with one of them singly as well. */
function story(n: number): Webhook[] {
  const ids = STATES.map((state) => ({ message: `m${n}`, state }));
  if (n % 8 > 0) return ids.map((id) => dotdigital([id]));
  return [dotdigital(ids), dotdigital(ids.slice(n % 3, (n % 3) + 1)), dotdigital(ids.toReversed())];
}

/**
 * So many webhooks, half of them repeats of the others, out of order: each is at most a few hundred places away from
 * where it belongs, as with a provider whose queues have a backlog.
 */
export function planWebhooks(count: number, seed: number): readonly Webhook[] {
  const random = seededRandom(seed);
  const first: Webhook[] = [];
  for (let n = 0; first.length < Math.ceil(count / 2); n++) {
    first.push(...story(n), chargify(1_000_000 + n), stripe(n), tasks(n));
  }
  const repeated = first.slice(0, Math.ceil(count / 2)).flatMap((webhook) => [webhook, webhook]);
  const window = 600;
  const windows = Array.from({ length: Math.ceil(repeated.length / window) }, (_, n) =>
    shuffled(repeated.slice(n * window, (n + 1) * window), random),
  );
  return windows.flat().slice(0, count);
}
