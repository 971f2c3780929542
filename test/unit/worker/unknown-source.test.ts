/**
 * A message of a source that the worker does not know. Ingest of a new deployment may know a source that the worker's
 * environments of the old one do not, so for a while the message waits for a worker that does; after that the source
 * has been removed, and somebody has to look.
 *
 * What can go wrong: the message is quarantined although the next worker knows it; it waits for ever although the source
 * is gone; it counts attempts or receives while it waits, and ends as dead; it is archived with every look, or not at
 * all when it is quarantined; a copy is sent and the message comes back as well; the audit misses it meanwhile.
 */

import { PurgeQueueCommand } from '@aws-sdk/client-sqs';
import { audit } from '../../../functions/api/audit.ts';
import { requireEntry } from '../../../functions/api/get-event.ts';
import { createApiParts } from '../../../functions/api/parts.ts';
import { createClients } from '../../../functions/aws/clients.ts';
import { decodeEnvelope, type Envelope, encodeEnvelope } from '../../../functions/core/envelope.ts';
import type { LogLine } from '../../../functions/core/log.ts';
import { providers } from '../../../functions/providers/index.ts';
import type { SecretStore } from '../../../functions/secrets/secret-store.ts';
import { composeWorker } from '../../../functions/worker/compose.ts';
import { createTables, LOCAL_TABLES, startDynamoDB } from '../../../local/dynamodb.ts';
import { LOCAL_REGION, startSqs } from '../../../local/sqs.ts';
import { eventEntry } from '../../helpers/entry.ts';
import { sqsEvent } from '../../helpers/sqs-event.ts';

const config = { sources: { known: { provider: 'tasks', unsigned: true, delivery: 'payload.id' } } };
const later = { sources: { ...config.sources, added: config.sources.known } };
const [dynamodb, sqs] = await Promise.all([startDynamoDB(), startSqs(config)]);
const endpoints = { dynamodb: dynamodb.endpoint, sqs: sqs.endpoint, s3: sqs.endpoint };
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const clients = createClients({ region: LOCAL_REGION, endpoints, credentials });
await createTables(clients.dynamodb);
afterAll(async () => {
  clients.dynamodb.destroy();
  clients.sqs.destroy();
  await Promise.all([dynamodb.close(), sqs.close()]);
});

const QueueUrl = sqs.queueUrls.inbox;
const MINUTE = 60_000;
const sent: { readonly MessageBody?: string; readonly DelaySeconds?: number }[] = [];
clients.sqs.middlewareStack.add(
  (next, { commandName }) =>
    (args) => {
      if (commandName === 'SendMessageCommand') sent.push(args.input as (typeof sent)[number]);
      return next(args);
    },
  { step: 'initialize' },
);
let lines: (LogLine & { readonly level: string })[] = [];
let clock = Date.now();
const setup = {
  ...clients,
  config,
  packs: providers,
  tables: LOCAL_TABLES,
  inboxQueueUrl: QueueUrl,
  bodiesBucket: sqs.bucket,
  secrets: {} as SecretStore,
  log: { log: (level: string, line: LogLine) => void lines.push({ level, ...line }) },
  now: () => clock,
};
const parts = createApiParts({ ...setup, config: later, countsSettleMs: 0 });
beforeEach(async () => {
  lines = [];
  sent.length = 0;
  clock = Date.now();
  await clients.sqs.send(new PurgeQueueCommand({ QueueUrl }));
});

// The audit would miss what the queue has been emptied of.
const keys: string[] = [];
afterEach(async () => {
  for (const key of keys.splice(0)) await parts.ledger.settle(eventEntry('added', key), { state: 'stale' });
});

/** A confirmed event, on its way to the worker. */
async function accepted(id: string, more: Partial<Envelope> = {}): Promise<Envelope> {
  const common = { source: 'added', id, receivedAt: clock, kind: 'event' } as const;
  const entry = { ...common, ...(more.kind === 'batch' && { kind: 'batch' as const, events: 2 }) };
  await parts.ledger.claim(entry);
  keys.push(id);
  await parts.ledger.confirm('added', id);
  const body = Buffer.from(JSON.stringify({ id })).toString('base64');
  return { ...common, headers: { 'content-type': 'application/json' }, subpath: '', body, ...more };
}

/** Hands a message to a worker. @returns whether it is to come back by itself. */
async function hand(envelope: Envelope, own: typeof config = config, receives = 1): Promise<boolean> {
  const batch = sqsEvent(encodeEnvelope(envelope), receives);
  const { worker } = composeWorker({ ...setup, config: own });
  const { batchItemFailures } = await worker(batch, { getRemainingTimeInMillis: () => 80_000 });
  return batchItemFailures.length > 0;
}

async function stateOf(key: string): Promise<string> {
  const { state, attempts } = await requireEntry(parts, 'added', key);
  return `${state} after ${attempts}`;
}

test.each([
  ['an event', {}, 1],
  ['a batch', { kind: 'batch' }, 1],
  ['a run that was asked for', { force: 'one' }, 1],
  ['one that was received often', {}, 49],
] as const)('%s waits as a copy, and nothing is written', async (what, more, receives) => {
  const envelope = await accepted(`young ${what}`, more);
  clock += 14 * MINUTE;
  expect(await hand(envelope, config, receives)).toBe(false);
  expect(sent).toEqual([expect.objectContaining({ DelaySeconds: 60 })]);
  expect(await stateOf(envelope.id)).toBe('queued after 0');
  expect(await parts.archive.get('added', envelope.id)).toBeUndefined();
  expect(lines).toEqual([
    expect.objectContaining({ level: 'INFO', source: 'added', outcome: 'unknown-source', age: 14 * MINUTE }),
  ]);
});

test('the copy is the message, and a worker that knows the source applies it', async () => {
  const envelope = await accepted('in time');
  await hand(envelope);
  const report = await audit(parts, { patienceMs: 0 });
  expect(report.problems).toEqual([]);
  // What SQS hands out after its delay.
  const copy = decodeEnvelope(sent[0]?.MessageBody ?? '');
  expect(copy).toEqual({ ...envelope, again: true, queuedAt: expect.any(Number) });
  clock += MINUTE;
  expect(await hand(copy, later)).toBe(false);
  expect(await stateOf('in time')).toBe('applied after 1');
});

test('when it is too old for that it is quarantined and archived', async () => {
  const envelope = await accepted('old');
  clock += 15 * MINUTE;
  expect(await hand(envelope)).toBe(false);
  expect(sent).toEqual([]);
  expect(await stateOf('old')).toBe('quarantined after 1');
  expect(await parts.archive.get('added', 'old')).toEqual(envelope);
  expect(lines).toEqual([expect.objectContaining({ level: 'WARN', outcome: 'quarantined' })]);
});

test('a copy that cannot be sent leaves the message', async () => {
  const envelope = await accepted('refused');
  await sqs.stop();
  try {
    expect(await hand(envelope)).toBe(true);
  } finally {
    await sqs.start();
  }
  expect(await stateOf('refused')).toBe('queued after 0');
});
