/** One way from some functions to others, step by step, while events come in. */
import {
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { ask, deliver } from './callers.ts';
import { formatOf, type Pump, startPump, untilEmpty } from './event-source.ts';
import type { Ground } from './ground.ts';
import type { KeptFunction } from './kept-functions.ts';
import type { Release } from './kept-release.ts';
import { type Request, traffic } from './traffic.ts';

/** Whose functions run at the same time. Several: the environments of the one live on beside those of the other. */
export type Step = Readonly<Record<KeptFunction, readonly Release[]>>;

export const all = (...releases: readonly Release[]): Step => ({
  ingest: releases,
  worker: releases,
  'dead-letters': releases,
  console: releases,
});

/** How often a handler fails before it goes through: soon enough, and only after its event is dead and redriven. */
const FAILURES = [2, 10];

export interface Told {
  /** Ids of all events that were acknowledged, each once, as `<source>#<id>`. */
  readonly accepted: ReadonlySet<string>;
  /** Messages that a function was handed in a format newer than it reads. */
  readonly tooNew: number;
}

/**
 * Tells a story of so many events. Each step sends its share, replays and redrives by its consoles, and leaves to the next
 * what its workers have not got to; the last one goes on until nothing is on a queue.
 */
export async function tell(
  ground: Ground,
  name: string,
  steps: readonly Step[],
  events: number,
): Promise<Told> {
  const requests = traffic(name, events);
  const share = Math.ceil(requests.length / steps.length);
  const accepted = new Set<string>();
  let tooNew = 0;
  for (const [n, step] of steps.entries()) {
    const some = requests.slice(n * share, (n + 1) * share);
    for (const [at, key] of payments(some).entries())
      if (FAILURES[at] !== undefined) ground.door.refusals.set(key, FAILURES[at]);
    const pumps = await pump(ground, step, (release) => (message) => {
      if (formatOf(message) > release.reads) tooNew += 1;
    });
    await send(ground, step, some);
    for (const { source, events } of some) for (const id of events) accepted.add(`${source}#${id}`);
    if (n === steps.length - 1) await settle(ground, step);
    else await operate(ground, step, some);
    await Promise.all(pumps.map((one) => one.stop()));
  }
  return { accepted, tooNew };
}

/** Keys of what is fulfilled for certain, and whose failures hold up nobody else. */
function payments(requests: readonly Request[]): readonly string[] {
  const found = requests.filter(({ source }) => source === 'chargify').flatMap(({ events }) => events);
  return [...new Set(found)].map((id) => `chargify#${id}`);
}

async function pump(
  ground: Ground,
  step: Step,
  sees: (release: Release) => (message: Message) => void,
): Promise<readonly Pump[]> {
  const start = (fn: 'worker' | 'dead-letters', queue: string) =>
    step[fn].map(async (release) =>
      startPump(ground.sqs, queue, await ground.running(release, fn), sees(release)),
    );
  const { inbox, deadLetters } = ground.queueUrls;
  return Promise.all([...start('worker', inbox), ...start('dead-letters', deadLetters)]);
}

/** The ingest functions take turns, side by side. */
async function send(ground: Ground, step: Step, requests: readonly Request[]): Promise<void> {
  const waiting = requests.values();
  await Promise.all(
    step.ingest.map(async (release) => {
      const ingest = await ground.running(release, 'ingest');
      for (const request of waiting) await deliver(ingest, request);
    }),
  );
}

/** Amid traffic: SQS gives a message up, somebody replays what has an outcome and redrives what is dead. */
async function operate(ground: Ground, step: Step, requests: readonly Request[]): Promise<void> {
  await giveUp(ground);
  for (const release of step.console) {
    const console = await ground.running(release, 'console');
    await replayOne(ground, console, requests);
    await redrive(ground, console);
  }
}

/** A message as SQS leaves it after the last receive, if there is one. */
async function giveUp({ sqs, queueUrls: { inbox, deadLetters } }: Ground): Promise<void> {
  const { Messages: [message] = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: inbox }));
  if (!message) return;
  await sqs.send(new SendMessageCommand({ QueueUrl: deadLetters, MessageBody: message.Body }));
  await sqs.send(new DeleteMessageCommand({ QueueUrl: inbox, ReceiptHandle: message.ReceiptHandle }));
}

type Console = Awaited<ReturnType<Ground['running']>>;

async function replayOne(ground: Ground, console: Console, requests: readonly Request[]): Promise<void> {
  const { events } = await ask<{ events: { source: string; id: string; state: string }[] }>(
    console,
    ground.token,
    'GET /api/events?state=applied&limit=500',
  );
  const own = new Set(requests.flatMap(({ source, events }) => events.map((id) => `${source}#${id}`)));
  const event = events.find(({ source, id }) => own.has(`${source}#${id}`));
  if (event) await ask(console, ground.token, `POST /api/events/${event.source}/${event.id}/replay`);
}

async function redrive({ token }: Ground, console: Console): Promise<number> {
  return (await ask<{ redriven: number }>(console, token, 'POST /api/dead/redrive', {})).redriven;
}

/** Redrives that bring back everything: what was dead for its failures does not fail any more. */
const ROUNDS = 5;

/** Until nothing waits and nothing is dead: each console redrives in turn. */
async function settle(ground: Ground, step: Step): Promise<void> {
  const { inbox, deadLetters } = ground.queueUrls;
  await giveUp(ground);
  for (let round = 0, left = 1; round < ROUNDS && left > 0; round++) {
    await untilEmpty(ground.sqs, inbox);
    await untilEmpty(ground.sqs, deadLetters);
    left = 0;
    for (const release of step.console)
      left += await redrive(ground, await ground.running(release, 'console'));
  }
}
