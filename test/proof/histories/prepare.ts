/** States in which histories begin, beyond deliveries that were accepted. */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { createApiParts } from '../../../functions/api/parts.ts';
import { MAX_TIES } from '../../../functions/core/decide.ts';
import { decodeEnvelope } from '../../../functions/core/envelope.ts';
import { Ledger } from '../../../functions/store/ledger/ledger.ts';
import { eventEntry } from '../../helpers/entry.ts';
import { Actor } from './actor.ts';
import { QUEUES } from './topology.ts';
import type { World } from './world.ts';

/** SQS stores what it accepted more than once: each message on the queue gets a twin. */
export async function doubleMessages(world: World): Promise<void> {
  for (const { body } of [...world.queue('inbox').messages]) {
    await world.sqs.send(new SendMessageCommand({ QueueUrl: QUEUES.inbox.url, MessageBody: body }));
  }
}

/** A subject has all events of a revision but one that it can tell apart. */
export async function fillTies({ setup, watch }: World, id: string, revision: number): Promise<void> {
  const before = Array.from({ length: MAX_TIES - 1 }, (_, n) => `before-${n}`);
  const Item = {
    id: { S: id },
    revision: { N: String(revision) },
    eventId: { S: 'before-0' },
    state: { S: 'read' },
    ties: { SS: before },
  };
  await setup.dynamodb.send(new PutItemCommand({ TableName: setup.tables.subjects, Item }));
  await watch.saw({ TableName: setup.tables.subjects, Key: { id: { S: id } } });
}

/** The body of the oldest message is in S3, as that of one too large for the queue. */
export async function parkFirst(world: World): Promise<void> {
  const { inbox } = createApiParts(world.setup);
  const envelope = decodeEnvelope(world.queue('inbox').messages.shift()?.body ?? '');
  await inbox.send(await inbox.park(envelope));
}

/** The oldest event has been given up. Its message is still there when `alive`: another copy of it. */
export async function giveUpFirst(world: World, alive: boolean): Promise<void> {
  const { archive, ledger, tables } = createApiParts(world.setup);
  const { messages } = world.queue('inbox');
  const envelope = decodeEnvelope(messages[0]?.body ?? '');
  const id = `${envelope.source}#${envelope.id}`;
  await archive.put([envelope]);
  await ledger.settle(eventEntry(envelope.source, envelope.id), {
    state: 'dead',
    reason: 'given up before',
  });
  for (const TableName of [tables.archive, tables.ledger])
    await world.watch.saw({ TableName, Key: { id: { S: id } } });
  const earlier = new Actor('earlier');
  earlier.finished = true;
  world.watch.received(id, earlier);
  if (!alive) messages.shift();
}

/** Somebody claimed the delivery long ago and crashed; the entry has expired and has not been deleted yet. */
export async function claimLongAgo({ setup, watch, clock }: World): Promise<void> {
  const ledger = new Ledger(setup.dynamodb, setup.tables.ledger, 60, setup.now);
  await ledger.claim({ source: 'state', id: 'r1', kind: 'event', receivedAt: clock.now() });
  watch.touch(setup.tables.ledger, 'state#r1');
}
