/** Bodies of every size arrive byte for byte, whatever way they take; too large ones are refused clearly. */
import { createHash, randomBytes } from 'node:crypto';
import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, test } from '@jest/globals';
import type { InletConfig } from '../../../functions/config/config.ts';
import { decodeEnvelope, type Envelope, encodeEnvelope } from '../../../functions/core/envelope.ts';
import type { Handler } from '../../../functions/core/handler.ts';
import { MAX_BODY_BYTES } from '../../../functions/core/names.ts';
import { BodyStore } from '../../../functions/store/bodies.ts';
import { Inbox, MAX_MESSAGE_BYTES } from '../../../functions/store/inbox.ts';
import { createContext } from '../../helpers/context.ts';

const received = new Map<string, string>();
/** Keeps the hash of what it is given, rebuilt byte for byte. */
const fulfilOrder: Handler = {
  name: 'fulfil-order',
  description: 'Keeps hashes.',
  handle: async ({ id, payload }) => void received.set(id, hash(Buffer.from(JSON.stringify(payload)))),
};
const config: InletConfig = {
  sources: { large: { provider: 'tasks', handler: 'fulfil-order' }, state: { provider: 'tasks' } },
};
const secrets = { large: ['a-secret-for-large'], state: ['a-secret-for-large'] };
const context = await createContext({ config, secrets, handlers: { 'fulfil-order': fulfilOrder } });

const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** A task of exactly so many bytes, which no compression makes smaller. */
function task(id: string, bytes: number): Buffer {
  const empty = JSON.stringify({ batchid: id, id: 1, data: '' });
  const data = randomBytes(Math.ceil(bytes * 0.75))
    .toString('base64')
    .slice(0, bytes - empty.length);
  return Buffer.from(JSON.stringify({ batchid: id, id: 1, data }));
}
const send = (source: string, body: Buffer) =>
  context.post(source, new Uint8Array(body), {
    'content-type': 'application/json',
    'x-inlet-secret': 'a-secret-for-large',
  });

test.each([
  ['700 KB', 700_000],
  ['1 MiB', 1_048_576],
  ['4.4 MB', 4_400_000],
  ['6 MB, the most that Lambda lets in', MAX_BODY_BYTES],
])('a body of %s reaches the handler byte for byte', async (name, bytes) => {
  const id = name.replace(/\W/g, '');
  const body = task(id, bytes);
  expect(body.length).toBe(bytes);
  expect((await send('large', body)).status).toBe(200);
  await context.waitFor(() => received.get(`${id}:1`));
  expect(received.get(`${id}:1`)).toBe(hash(body));
  const { body: detail } = await context.api(`/api/events/large/${id}:1?body=true`);
  expect(hash(Buffer.from(String((detail as { body: string }).body)))).toBe(hash(body));
});

test('one byte more is refused with 413 and what to do', async () => {
  const refused = await send('large', task('toolarge', MAX_BODY_BYTES + 1));
  expect(refused.status).toBe(413);
  expect(await refused.json()).toEqual({ code: 413, message: expect.stringContaining('6 MB') });
});

test('the newest state of a subject is shown also when no item can hold its payload', async () => {
  const body = task('state', 900_000);
  await send('state', body);
  const shown = async () => (await context.api('/api/subjects/state/state:1')).body as { payload?: unknown };
  await context.waitFor(async () => (await shown()).payload);
  expect(hash(Buffer.from(JSON.stringify((await shown()).payload)))).toBe(hash(body));
});

describe('a parked body', () => {
  const envelope = {
    source: 'parked',
    id: 'k',
    kind: 'event',
    receivedAt: 1,
    headers: {},
    subpath: '',
  } as const;
  const { setup } = context.local;
  const inbox = new Inbox(setup.sqs, setup.inboxQueueUrl, new BodyStore(setup.s3, setup.bodiesBucket));

  async function putAs010(id: string, Body: Buffer) {
    const Key = `bodies/parked/${hash(Buffer.from(id))}`;
    await (await setup.s3()).send(new PutObjectCommand({ Bucket: setup.bodiesBucket, Key, Body }));
    return { reference: { key: Key, sha256: hash(Body), bytes: Body.length } };
  }

  /** What is there under a key and below it, and since when. */
  async function modified(key: string) {
    const list = new ListObjectsV2Command({ Bucket: setup.bodiesBucket, Prefix: key });
    const { Contents = [] } = await (await setup.s3()).send(list);
    return Contents.map(({ Key, LastModified }) => ({ key: Key, at: LastModified?.getTime() }));
  }

  test('stays what it was when the same event comes again with other bytes', async () => {
    const bodies = ['first', 'second'].map((text) => Buffer.from(text).toString('base64'));
    const parked = [];
    for (const body of bodies) parked.push(await inbox.park({ ...envelope, body }));
    const read = await Promise.all(parked.map((one) => inbox.body(one)));
    expect(read.map((bytes) => bytes.toString('base64'))).toEqual(bodies);
  });

  test('is one object, however often it comes', async () => {
    const body = Buffer.from('the same').toString('base64');
    const [once, twice] = [await inbox.park({ ...envelope, body }), await inbox.park({ ...envelope, body })];
    expect(twice).toEqual(once);
  });

  test.each([
    ['by its own hash', (body: string) => inbox.park({ ...envelope, id: 'renewed', body })],
    ['as release 0.1.0 named it', (body: string) => putAs010('renewed-010', Buffer.from(body, 'base64'))],
  ])('%s begins its time anew under its own name', async (_name, park) => {
    const { reference } = {
      reference: undefined,
      ...(await park(Buffer.from('to renew').toString('base64'))),
    };
    if (!reference) throw new Error('not parked');
    const before = await modified(reference.key);
    // S3 counts seconds.
    const renewed = await context.waitFor(async () => {
      await inbox.keepBody({ ...envelope, reference });
      const after = await modified(reference.key);
      return after[0]?.at !== before[0]?.at && after;
    });
    expect(renewed.map(({ key }) => key)).toEqual([reference.key]);
  });

  test('that is gone is not renewed', async () => {
    const reference = { key: 'bodies/parked/gone', sha256: hash(Buffer.from('')), bytes: 0 };
    await expect(inbox.keepBody({ ...envelope, reference })).rejects.toThrow();
  });

  test('is read by the key that release 0.1.0 gave it', async () => {
    const Body = Buffer.from('of 0.1.0');
    const { reference } = await putAs010('k', Body);
    expect(await inbox.body({ ...envelope, reference })).toEqual(Body);
  });
});

describe('the edge of a queue message', () => {
  /** An envelope whose message has exactly so many bytes. */
  function envelopeOf(bytes: number): Envelope {
    const envelope = {
      source: 'edge',
      id: '',
      kind: 'event',
      receivedAt: 1,
      headers: {},
      subpath: '',
    } as const;
    const body = randomBytes(780_000).toString('base64');
    const missing = bytes - Buffer.byteLength(encodeEnvelope({ ...envelope, body }));
    return { ...envelope, id: 'k'.repeat(missing), body };
  }

  test.each([
    ['the largest message goes as it is', MAX_MESSAGE_BYTES, 0],
    ['with one byte more the body goes through S3', MAX_MESSAGE_BYTES + 1, 1],
  ])('%s', async (_name, bytes, objects) => {
    const { setup, sqs } = context.local;
    const { QueueUrl: created = '' } = await setup.sqs.send(
      new CreateQueueCommand({
        QueueName: `edge-${objects}`,
        Attributes: { MaximumMessageSize: String(MAX_MESSAGE_BYTES) },
      }),
    );
    const QueueUrl = `${sqs.endpoint}${new URL(created).pathname}`;
    const envelope = envelopeOf(bytes);
    expect(Buffer.byteLength(encodeEnvelope(envelope))).toBe(bytes);
    const inbox = new Inbox(setup.sqs, QueueUrl, new BodyStore(setup.s3, setup.bodiesBucket));
    await inbox.send(envelope);
    const { Messages: [message] = [] } = await setup.sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    const arrived = decodeEnvelope(message?.Body ?? '');
    expect('reference' in arrived).toBe(objects === 1);
    expect((await inbox.body(arrived)).toString('base64')).toBe(envelope.body);
    const { KeyCount } = await (await setup.s3()).send(
      new ListObjectsV2Command({ Bucket: setup.bodiesBucket, Prefix: 'bodies/edge/' }),
    );
    expect(KeyCount).toBe(objects);
  });
});
