/** The causes that ring alarms: each a step of its own, which tells the bells what it has done. */
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { takeForeign } from './changes.ts';
import { awaitRefusal, concurrencyOf, configuredConcurrency, invoke, reserve } from './concurrency.ts';
import type { Drill } from './context.ts';
import { eventSourceOf, switchEventSource } from './event-sources.ts';
import { depthOf, goThrough, hold, isForeign, putForeign, release } from './foreign.ts';
import { MINUTE, SECOND, until } from './pace.ts';
import { type DrillStage, hasGateway, PARTS, type Part } from './stage.ts';
import { firstOf, freshSample, unreadable } from './traffic.ts';

/** More than the five that StorageErrors needs, in one batch of the event source. */
const FOREIGN = 10;
/** More than the five that ServerErrors needs. */
const REFUSED = 10;
/** After that long an event source has taken what was sent, and the counts of the queues, which lag behind, say so. */
const TAKEN = MINUTE;
/** Longer than alarms are waited for. */
const HELD_SECONDS = 1_500;

export async function quarantine({ speakers, sender, bells, seed }: Drill): Promise<void> {
  const broken = firstOf(speakers, (speaker) => unreadable(speaker, seed + 5_000));
  if (!broken) return;
  bells.ring('a genuine body that cannot be read', 'Quarantined');
  await sender.send(broken);
}

export async function failFunctions({ stage, bells }: Drill): Promise<void> {
  for (const part of PARTS) {
    bells.ring('invoked with an event that it cannot read', 'FunctionErrors', part);
    await invoke(stage, part);
  }
}

/** The worker gives foreign messages back with an error each; they are taken away when its event source is off. */
export async function storageErrors({ stage, pace, undoPace, bells, changes }: Drill): Promise<void> {
  const { inbox } = stage.queues;
  const { id } = await eventSourceOf(stage, 'worker');
  let isTaken = false;
  bells.ring(`${FOREIGN} messages on the inbox that are none of Inlet's`, 'StorageErrors');
  await changes.make(
    'foreign messages on the inbox',
    () => putForeign(stage, inbox, FOREIGN),
    async () => void (isTaken || (await takeForeign(stage, undoPace, 'inbox', id))),
  );
  await pace.pause(TAKEN);
  await until(pace, 2 * MINUTE, 5 * SECOND, async () => (await depthOf(stage, inbox)).visible === 0);
  await changes.make(
    'the event source of the inbox',
    () => switchEventSource(stage, pace, id, false),
    () => switchEventSource(stage, undoPace, id, true),
  );
  isTaken = (await goThrough(stage, pace, inbox, FOREIGN, isForeign)) === FOREIGN;
}

/** What SQS does after many receives: the message of an event moves to the dead-letter queue. The inbox's source is off. */
export async function deadEvent({ stage, pace, speakers, sender, bells, seed }: Drill): Promise<void> {
  const { inbox, deadLetters } = stage.queues;
  const [speaker] = speakers;
  if (!speaker) return;
  const { delivery } = await sender.send(freshSample(speaker, seed + 6_000, 'dead'));
  const key = decodeURIComponent(delivery?.slice(speaker.source.name.length + 1) ?? '');
  bells.ring('the message of an event moved to the dead-letter queue', 'DeadEvents');
  await goThrough(stage, pace, inbox, 1, async (MessageBody) => {
    if (!carries(MessageBody, key)) return false;
    await stage.sqs.send(new SendMessageCommand({ QueueUrl: deadLetters, MessageBody }));
    return true;
  });
  await pace.pause(TAKEN);
  await until(pace, 3 * MINUTE, 5 * SECOND, async () => (await depthOf(stage, deadLetters)).all === 0);
}

function carries(body: string, key: string): boolean {
  try {
    return (JSON.parse(body) as { key?: unknown }).key === key;
  } catch {
    return false;
  }
}

/**
 * With the event source off, what is on the queue is there to be taken away again: a message that nobody takes, and one
 * that somebody took and never deletes, as with a function that cannot record it.
 */
export async function stuckDeadLetter({ stage, pace, undoPace, bells, changes }: Drill): Promise<void> {
  const { deadLetters } = stage.queues;
  const { id } = await eventSourceOf(stage, 'dead-letters');
  await changes.make(
    'the event source of the dead-letter queue',
    () => switchEventSource(stage, pace, id, false),
    () => switchEventSource(stage, undoPace, id, true),
  );
  bells.ring('a message that nobody takes off the dead-letter queue', 'DeadLetterQueue', 'visible');
  bells.ring('one that was taken, and is not deleted', 'DeadLetterQueue', 'hidden');
  let held: string | undefined;
  await changes.make(
    'the foreign messages on the dead-letter queue',
    async () => {
      await putForeign(stage, deadLetters, 2);
      held = await hold(stage, deadLetters, HELD_SECONDS);
    },
    async () => {
      if (held !== undefined) await release(stage, deadLetters, held);
      await goThrough(stage, undoPace, deadLetters, held === undefined ? 2 : 1, isForeign);
    },
  );
}

/** An event that waits while the inbox's event source is off. */
export async function waitingEvent({ speakers, sender, bells, seed }: Drill): Promise<void> {
  const [speaker] = speakers;
  if (!speaker) return;
  bells.ring('an event waits while the event source of the inbox is off', 'InboxAge');
  await sender.send(freshSample(speaker, seed + 7_000, 'waiting'));
}

/** Lambda runs no function any more; what ingest would have got comes again, as providers do it. */
export async function throttle(drill: Drill): Promise<void> {
  for (const part of PARTS) {
    if ((await concurrencyOf(drill.stage, part)) !== configuredConcurrency(drill.stage, part)) {
      drill.note(`The concurrency of ${drill.stage.functions[part]} was set by hand: it is left alone.`);
      continue;
    }
    await throttlePart(drill, part);
  }
}

async function throttlePart(drill: Drill, part: Part): Promise<void> {
  const { stage, pace, bells, changes } = drill;
  const configured = configuredConcurrency(stage, part);
  const back = () => reserve(stage, part, configured);
  await changes.make(`reserved concurrency of ${stage.functions[part]}`, () => reserve(stage, part, 0), back);
  bells.ring('its reserved concurrency was 0 for a moment', 'Throttles', part);
  await awaitRefusal(stage, pace, part);
  if (part === 'ingest') await beRefused(drill, back);
  else await back();
}

async function beRefused({ stage, pace, speakers, sender, bells, seed }: Drill, back: () => Promise<void>) {
  const [speaker] = speakers;
  if (!speaker) return back();
  // Without a gateway Lambda answers 429 by itself, which is no error of a server.
  if (hasGateway(stage)) bells.ring(`${REFUSED} webhooks while ingest could not run`, 'ServerErrors');
  const messages = Array.from({ length: REFUSED }, (_, n) =>
    freshSample(speaker, seed + 8_000 + n, 'refused'),
  );
  for (const message of messages) await sender.send({ ...message, expected: undefined });
  await back();
  await until(pace, MINUTE, 5 * SECOND, async () => (await invokable(stage)) || undefined);
  for (const message of messages) await sender.send({ ...message, purpose: 'sent again' });
}

/** Asks by a request that does nothing: the health is answered by ingest itself. */
async function invokable({ backend }: DrillStage): Promise<boolean> {
  const { ok } = await fetch(new URL('/health', backend.origin), {
    signal: AbortSignal.timeout(10 * SECOND),
  });
  return ok;
}
