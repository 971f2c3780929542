import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { createClients } from '../../../functions/aws/clients.ts';
import { decodeEnvelope, type Envelope, encodeEnvelope } from '../../../functions/core/envelope.ts';
import { Inbox } from '../../../functions/store/inbox.ts';
import { createGiveBack } from '../../../functions/worker/give-back.ts';
import { LOCAL_REGION, startSqs } from '../../../local/sqs.ts';

const sqs = await startSqs({ sources: { tasks: { provider: 'tasks' } } });
const { sqs: client } = createClients({
  region: LOCAL_REGION,
  endpoints: { sqs: sqs.endpoint },
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});
afterAll(async () => {
  client.destroy();
  await sqs.close();
});

const QueueUrl = sqs.queueUrls.inbox;
const inbox = new Inbox(client, QueueUrl, {} as never);
const lines: unknown[] = [];
const giveBack = createGiveBack(client, QueueUrl, inbox, { log: (_level, line) => void lines.push(line) });
const sent: { readonly command: unknown; readonly input: Record<string, unknown> }[] = [];
client.middlewareStack.add(
  (next, { commandName }) =>
    (args) => {
      sent.push({ command: commandName, input: args.input as unknown as Record<string, unknown> });
      return next(args);
    },
  { step: 'initialize' },
);

const envelope: Envelope = {
  source: 'tasks',
  id: 'b#1',
  kind: 'event',
  receivedAt: 1,
  headers: {},
  subpath: '',
  body: 'e30=',
  force: 'r1',
};

/** A message as Lambda hands it over, received so often. */
async function received(count: number): Promise<SQSRecord> {
  await inbox.send(envelope);
  const { Messages: [message] = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl }));
  sent.length = 0;
  return {
    messageId: message?.MessageId ?? '',
    receiptHandle: message?.ReceiptHandle ?? '',
    body: message?.Body ?? '',
    attributes: { ApproximateReceiveCount: String(count) },
  } as SQSRecord;
}

test('hides a message for so long', async () => {
  const record = await received(1);
  expect(await giveBack(record, { as: 'hidden', seconds: 900 })).toBe(false);
  expect(sent).toEqual([
    {
      command: 'ChangeMessageVisibilityCommand',
      input: { QueueUrl, ReceiptHandle: record.receiptHandle, VisibilityTimeout: 900 },
    },
  ]);
});

test('sends a fresh copy with everything in it, which says that it is not the first', async () => {
  const record = await received(1);
  expect(await giveBack(record, { as: 'copy', seconds: 30 })).toBe(true);
  expect(sent.map(({ command }) => command)).toEqual(['SendMessageCommand']);
  const [{ input } = { input: {} as Record<string, unknown> }] = sent;
  expect(input.DelaySeconds).toBe(30);
  expect(decodeEnvelope(String(input.MessageBody))).toEqual({
    ...envelope,
    again: true,
    queuedAt: envelope.receivedAt,
  });
  expect(encodeEnvelope(envelope)).toBe(record.body);
});

test('what cannot be given back comes back by itself, and the line says so', async () => {
  const record = { ...(await received(1)), receiptHandle: 'nonsense' };
  expect(await giveBack(record, { as: 'hidden', seconds: 5 })).toBe(false);
  expect(lines).toContainEqual(
    expect.objectContaining({ message: 'not given back', messageId: record.messageId }),
  );
});
