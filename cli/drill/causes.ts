/** The causes that ring alarms: each a step of its own, which tells the bells what it has done. */
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { takeForeign } from './changes.ts';
import { awaitRefusal, concurrencyOf, configuredConcurrency, invoke, reserve } from './concurrency.ts';
import type { Drill } from './context.ts';
import { eventSourceOf, switchEventSource } from './event-sources.ts';
import { goThrough, hold, isForeign, putForeign, release } from './foreign.ts';
import { MINUTE, SECOND, until } from './pace.ts';
import { depthOf } from './search.ts';
import { hasGateway, PARTS, type Part } from './stage.ts';
import { firstOf, freshSample, LEFT_TO_DIE, unreadable } from './traffic.ts';

/** More than the five that StorageErrors needs, in one batch of the event source. */
const FOREIGN = 10;
/** More than the five that ServerErrors needs. */
const REFUSED = 10;
/** After that long an event source has taken what was sent, and the counts of the queues, which lag behind, say so. */
const TAKEN = MINUTE;
/** As long as event sources may be off: alarms are waited for no longer. */
export const LONGEST_OFF = 30 * MINUTE;

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
  let left = FOREIGN;
  bells.ring(`${FOREIGN} messages on the inbox that are none of Inlet's`, 'StorageErrors');
  await changes.make(
    'foreign messages on the inbox',
    () => putForeign(stage, inbox, FOREIGN),
    async () => void (left > 0 && (await takeForeign(stage, undoPace, 'inbox', id, left))),
  );
  await pace.pause(TAKEN);
  await until(pace, 2 * MINUTE, 5 * SECOND, async () => (await depthOf(stage, inbox)).visible === 0);
  await changes.make(
    'the event source of the inbox',
    () => switchEventSource(stage, pace, id, false),
    () => switchEventSource(stage, undoPace, id, true),
  );
  left -= await goThrough(stage, pace, inbox, FOREIGN, isForeign);
}

/** What SQS does after many receives: the message of an event moves to the dead-letter queue. The inbox's source is off. */
export async function deadEvent({ stage, pace, speakers, sender, bells, seed }: Drill): Promise<void> {
  const { inbox, deadLetters } = stage.queues;
  const [speaker] = speakers;
  if (!speaker) return;
  const { delivery } = await sender.send(freshSample(speaker, seed + 6_000, LEFT_TO_DIE));
  // Not accepted: its answer is a difference already.
  if (delivery === null) return;
  const key = decodeURIComponent(delivery.slice(speaker.source.name.length + 1));
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
      held = await hold(stage, pace, deadLetters, LONGEST_OFF / SECOND);
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
  if (part === 'ingest') await beRefused(drill, part, back);
  else await back();
}

async function beRefused(drill: Drill, part: Part, back: () => Promise<void>): Promise<void> {
  const { stage, pace, speakers, sender, bells, seed } = drill;
  const [speaker] = speakers;
  if (!speaker) return back();
  // Without a gateway Lambda answers 429 by itself, which is no error of a server.
  if (hasGateway(stage)) bells.ring(`${REFUSED} webhooks while ingest could not run`, 'ServerErrors');
  const messages = Array.from({ length: REFUSED }, (_, n) =>
    freshSample(speaker, seed + 8_000 + n, 'refused'),
  );
  for (const message of messages) await sender.send({ ...message, expected: undefined });
  await back();
  await until(pace, MINUTE, 5 * SECOND, async () => (await invoke(stage, part)) !== 'throttled');
  for (const message of messages) await sender.send({ ...message, purpose: 'sent again' });
}
