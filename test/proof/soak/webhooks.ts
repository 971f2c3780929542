import { createHash, createHmac } from 'node:crypto';
import { seededRandom, shuffled } from '../../../local/random.ts';
import { messageEvent, signChargify, signDotdigital } from '../../helpers/sign.ts';
import { SECRETS, type SourceName } from './config.ts';

export interface PlannedEvent {
  readonly source: SourceName;
  readonly id: string;
  /** Where order matters, under the first configuration. */
  readonly subject?: string;
  readonly revision?: number;
  /** What its handler does, where that is the soak's own. */
  readonly does?: string;
  /** Its owner is known under some configurations only, or under none. */
  readonly isForeign?: boolean;
}

export interface Webhook {
  readonly source: SourceName;
  /** Made when it is sent: all of them would not fit into memory. */
  body(): string;
  headers(body: string): Record<string, string>;
  readonly events: readonly PlannedEvent[];
}

export const SENT_STATES = ['sent', 'delivered', 'read'] as const;

function dotdigital(ids: readonly { message: string; state: (typeof SENT_STATES)[number] }[]): Webhook {
  return {
    source: 'dotdigital',
    body: () => {
      const items = ids.map(({ message, state }) => messageEvent(message, state));
      return JSON.stringify(items.length === 1 ? items[0] : items);
    },
    headers: (body) => signDotdigital(body, SECRETS.dotdigital),
    events: ids.map(({ message, state }) => ({
      source: 'dotdigital',
      id: `${message}-${state}`,
      subject: `space:message:${message}`,
      revision: SENT_STATES.indexOf(state),
    })),
  };
}

function owned(n: number): Webhook {
  const login = ['known', 'later', 'stranger'][n % 3] ?? '';
  const id = `owned${n}`;
  return {
    source: 'owned',
    body: () => JSON.stringify({ action: 'opened', organization: { login } }),
    headers: (body) => ({
      'content-type': 'application/json',
      'x-github-event': 'issues',
      'x-github-delivery': id,
      'x-hub-signature-256': `sha256=${createHmac('sha256', SECRETS.owned).update(body).digest('hex')}`,
    }),
    events: [{ source: 'owned', id, isForeign: login !== 'known' }],
  };
}

function chargify(n: number): Webhook {
  return {
    source: 'chargify',
    body: () => `id=${n}&event=payment_success&payload[subscription][customer][id]=${n % 1000}`,
    headers: (body) => signChargify(body, SECRETS.chargify),
    events: [{ source: 'chargify', id: String(n) }],
  };
}

function stripe(n: number): Webhook {
  const id = `evt_${n}`;
  const object = { id: `in_${n}` };
  return {
    source: 'stripe',
    body: () => JSON.stringify({ id, object: 'event', type: 'invoice.paid', data: { object } }),
    headers: (body) => {
      const time = Math.floor(Date.now() / 1000);
      const signature = createHmac('sha256', SECRETS.stripe).update(`${time}.${body}`).digest('hex');
      return { 'content-type': 'application/json', 'Stripe-Signature': `t=${time},v1=${signature}` };
    },
    events: [{ source: 'stripe', id }],
  };
}

type TaskSource = 'tasks' | 'orders' | 'large' | 'moving';

/** @param more of the payload beside batch and id. */
function task(
  source: TaskSource,
  id: number,
  facts: Pick<PlannedEvent, 'subject' | 'revision' | 'does'>,
  more: () => object = () => ({}),
): Webhook {
  const { subject: order, revision: rev, does } = facts;
  const batchid = `${source}${id % 100}`;
  return {
    source,
    body: () => JSON.stringify({ batchid, id, owner: `Ada ${order}`, order, rev, does, ...more() }),
    headers: () => ({ 'content-type': 'application/json', 'x-inlet-secret': SECRETS[source] }),
    events: [{ source, id: `${batchid}:${id}`, ...facts }],
  };
}

/** Base64 of these does not fit into a message; the smaller ones do, but into no item of the archive. */
const LARGE_BYTES = [840_000, 420_000];

function large(n: number): Webhook {
  return task('large', n, { does: 'ok' }, () => {
    const outputLength = Math.floor((LARGE_BYTES[n % LARGE_BYTES.length] ?? 0) * 0.75);
    // No compression makes it smaller.
    const data = createHash('shake256', { outputLength }).update(String(n)).digest('base64');
    return { data, sha256: createHash('sha256').update(data).digest('hex') };
  });
}

/** All states of one message, singly or (one message in eight) in one batch, with one of them singly as well. */
function message(n: number): Webhook[] {
  const ids = SENT_STATES.map((state) => ({ message: `m${n}`, state }));
  if (n % 8 > 0) return ids.map((id) => dotdigital([id]));
  return [dotdigital(ids), dotdigital(ids.slice(n % 3, (n % 3) + 1)), dotdigital(ids.toReversed())];
}

/** What the handlers of twenty orders do. `fails:4` is more than a source's attempts: it needs a redrive. */
const DOES = [
  ...Array(11).fill('ok'),
  'fails:1',
  'fails:1',
  'fails:2',
  'fails:4',
  'fails:4',
  'fails:99',
  'permanent',
  'hangs:1',
  'hangs:1',
] as string[];
/** One order in so many hangs every time, which takes a minute until it is dead. */
const HANGS_FOR_EVER = 150;

function orders(n: number, does: readonly string[]): Webhook[] {
  return [1, 2, 3].map((revision) => {
    const id = 3 * n + revision;
    const how = id % HANGS_FOR_EVER === 0 ? 'hangs:99' : does[id % does.length];
    return task('orders', id, { subject: `order${n}`, revision, ...(how && { does: how }) });
  });
}

function story(n: number, does: readonly string[]): Webhook[] {
  return [
    ...message(n),
    chargify(1_000_000 + n),
    stripe(n),
    task('tasks', n, { does: 'ok' }),
    ...orders(n, does),
    ...(n % 3 === 0 ? [owned(n / 3)] : []),
    ...(n % 3 === 1
      ? [1, 2].map((revision) => task('moving', 2 * n + revision, { subject: `place${n}`, revision }))
      : []),
    ...(n % 12 === 3 ? [large((n - 3) / 12)] : []),
  ];
}

const WINDOW = 600;

/**
 * Webhooks without an end, half of them repeats of the others, out of order: each is at most a few hundred places away
 * from where it belongs, as with a provider whose queues have a backlog.
 */
export function* planWebhooks(seed: number): Generator<Webhook, never> {
  const random = seededRandom(seed);
  const does = shuffled(DOES, random);
  let waiting: Webhook[] = [];
  for (let n = 0; ; n++) {
    waiting.push(...story(n, does));
    if (waiting.length < WINDOW / 2) continue;
    yield* shuffled(
      waiting.flatMap((webhook) => [webhook, webhook]),
      random,
    );
    waiting = [];
  }
}
