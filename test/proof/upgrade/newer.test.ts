/** What a newer release has written: nothing concludes anything from it, nothing writes over it, nothing is lost. */

import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { type Envelope, encodeEnvelope } from '../../../functions/core/envelope.ts';
import { FORMAT } from '../../../functions/core/format.ts';
import type { LogLine } from '../../../functions/core/log.ts';
import type { TableName } from '../../../functions/core/names.ts';
import { composeWorker } from '../../../functions/worker/compose.ts';
import { createContext } from '../../helpers/context.ts';
import { messageEvent, signDotdigital } from '../../helpers/sign.ts';
import { sqsEvent } from '../../helpers/sqs-event.ts';

const NEWER = FORMAT + 1;
const { local, post, api, waitFor, logged } = await createContext();
const { dynamodb, sqs, tables, inboxQueueUrl } = local.setup;
const said = expect.stringMatching(
  new RegExp(`in format ${NEWER} by a newer release.*reads ${FORMAT} and ${FORMAT - 1}`),
);

/** Sends one event of a message's life. @returns the status. */
async function send(message: string, state: 'sent' | 'delivered' | 'read'): Promise<number> {
  const body = JSON.stringify(messageEvent(message, state));
  return (await post('dotdigital', body, signDotdigital(body))).status;
}

async function settled(id: string): Promise<void> {
  await waitFor(async () => {
    const { body } = await api(`/api/events/dotdigital/${id}`);
    return (body as { settledAt?: unknown }).settledAt;
  });
}

async function age(table: TableName, id: string): Promise<void> {
  await dynamodb.send(
    new UpdateItemCommand({
      TableName: tables[table],
      Key: { id: { S: `dotdigital#${id}` } },
      UpdateExpression: 'SET #format = :format',
      ExpressionAttributeNames: { '#format': 'format' },
      ExpressionAttributeValues: { ':format': { N: String(NEWER) } },
    }),
  );
}

async function item(table: TableName, id: string) {
  const { Item } = await dynamodb.send(
    new GetItemCommand({
      TableName: tables[table],
      Key: { id: { S: `dotdigital#${id}` } },
      ConsistentRead: true,
    }),
  );
  return Item;
}

/** Hands one message to the function. @returns whether it comes back, and the lines. */
async function process(body: string, name: 'worker' | 'deadLetters' = 'worker') {
  const lines: LogLine[] = [];
  const log = { log: (_level: string, line: LogLine) => void lines.push(line) };
  const composed = composeWorker({ ...local.setup, log });
  const batch = sqsEvent(body);
  const { batchItemFailures } =
    name === 'worker'
      ? await composed.worker(batch, { getRemainingTimeInMillis: () => 80_000 })
      : await composed.deadLetters(batch);
  return { back: batchItemFailures.length === 1, lines };
}

function envelopeOf(message: string, state: 'sent' | 'delivered' | 'read'): Envelope {
  const body = Buffer.from(JSON.stringify(messageEvent(message, state))).toString('base64');
  const headers = { 'content-type': 'application/json' };
  const id = `${message}-${state}`;
  return { source: 'dotdigital', id, kind: 'event', receivedAt: Date.now(), headers, subpath: '', body };
}

test('a message is given back, and the line names both formats and the cure', async () => {
  const body = JSON.stringify({ ...envelopeOf('m1', 'sent'), version: NEWER, shape: 'unknown' });
  const { back, lines } = await process(body);
  expect(back).toBe(true);
  expect(lines).toContainEqual(
    expect.objectContaining({
      message: 'message of a newer release',
      outcome: 'error',
      error: 'NewerFormatError',
      reason: said,
    }),
  );
});

test('a dead letter stays on its queue', async () => {
  const { back, lines } = await process(
    JSON.stringify({ ...envelopeOf('m1', 'sent'), version: NEWER }),
    'deadLetters',
  );
  expect(back).toBe(true);
  expect(lines).toEqual([expect.objectContaining({ message: 'dead letter not recorded', reason: said })]);
});

test('a repeat of a newer entry is asked to come again, and the entry stays', async () => {
  await send('m2', 'sent');
  await settled('m2-sent');
  await age('ledger', 'm2-sent');
  const before = await item('ledger', 'm2-sent');
  expect(await send('m2', 'sent')).toBe(503);
  expect(logged).toContainEqual(
    expect.objectContaining({ outcome: 'unavailable', reason: 'NewerFormatError' }),
  );
  expect(await item('ledger', 'm2-sent')).toEqual(before);
});

test.each(['worker', 'deadLetters'] as const)(
  'a message of a newer entry goes back from the %s, and the entry stays',
  async (name) => {
    await send(`entry-${name}`, 'sent');
    await settled(`entry-${name}-sent`);
    await age('ledger', `entry-${name}-sent`);
    const before = await item('ledger', `entry-${name}-sent`);
    const { back, lines } = await process(encodeEnvelope(envelopeOf(`entry-${name}`, 'sent')), name);
    expect(back).toBe(true);
    expect(lines).toContainEqual(expect.objectContaining({ outcome: 'error', reason: said }));
    expect(await item('ledger', `entry-${name}-sent`)).toEqual(before);
  },
);

test('an event of a newer subject goes back, and the subject stays', async () => {
  await send('m3', 'sent');
  await settled('m3-sent');
  const subject = (await item('ledger', 'm3-sent'))?.subject?.S ?? '';
  await age('subjects', subject);
  const before = await item('subjects', subject);
  const { back, lines } = await process(encodeEnvelope(envelopeOf('m3', 'read')));
  expect(back).toBe(true);
  expect(lines).toContainEqual(expect.objectContaining({ outcome: 'error', reason: said }));
  expect(await item('subjects', subject)).toEqual(before);
  expect(await api(`/api/subjects/dotdigital/${encodeURIComponent(subject)}`)).toEqual({
    status: 409,
    body: { code: 409, message: said },
  });
  // What it applied before cannot be compared with it any more.
  const { body } = await api('/api/audit');
  expect(body).toMatchObject({ balanced: false });
  expect((body as { problems: unknown }).problems).toContainEqual({
    source: 'dotdigital',
    id: 'm3-sent',
    problem: said,
  });
});

test('the API says so of a newer entry, and the list of the others goes on', async () => {
  for (const message of ['m4', 'm5']) {
    await send(message, 'sent');
    await settled(`${message}-sent`);
  }
  await age('ledger', 'm4-sent');
  const refused = { status: 409, body: { code: 409, message: said } };
  expect(await api('/api/events/dotdigital/m4-sent')).toEqual(refused);
  expect(await api('/api/events/dotdigital/m4-sent/replay', { method: 'POST' })).toEqual(refused);
  const { body } = await api('/api/events?source=dotdigital&limit=500');
  const rows = (body as { events: { id: string; reason: string | null }[] }).events;
  expect(rows).toContainEqual(expect.objectContaining({ id: 'm4-sent', reason: said }));
  expect(rows).toContainEqual(expect.objectContaining({ id: 'm5-sent', state: 'applied', reason: null }));
  const many = await api('/api/replay', { method: 'POST', body: JSON.stringify({ source: 'dotdigital' }) });
  expect(many).toMatchObject({ status: 200 });
  const { failed, ids } = many.body as { failed: unknown[]; ids: unknown[] };
  expect(failed).toContainEqual({ source: 'dotdigital', id: 'm4-sent', problem: said });
  expect(ids).toContainEqual(expect.objectContaining({ id: 'm5-sent' }));
  const { problems } = (await api('/api/audit')).body as { problems: unknown };
  expect(problems).toContainEqual({ source: 'dotdigital', id: 'm4-sent', problem: said });
});

test('a newer archived payload is neither shown nor sent again', async () => {
  await send('m6', 'sent');
  await settled('m6-sent');
  await age('archive', 'm6-sent');
  expect(await api('/api/events/dotdigital/m6-sent')).toEqual({
    status: 409,
    body: { code: 409, message: said },
  });
  const path = '/api/events/dotdigital/m6-sent/replay';
  expect(await api(path, { method: 'POST' })).toEqual({ status: 409, body: { code: 409, message: said } });
  const values = {
    field: 'name',
    events: [
      { source: 'dotdigital', id: 'm6-sent' },
      { source: 'dotdigital', id: 'm5-sent' },
    ],
  };
  expect(await api('/api/values', { method: 'POST', body: JSON.stringify(values) })).toMatchObject({
    body: { values: [null, 'message.sent'] },
  });
});

test.each([
  ['text', 'nonsense'],
  ['another version', JSON.stringify({ ...envelopeOf('m7', 'sent'), version: 0 })],
  ['no version', JSON.stringify(envelopeOf('m7', 'sent'))],
  ['nothing', 'null'],
])('what is none of Inlet (%s) is unreadable as ever', async (_what, body) => {
  const { back, lines } = await process(body);
  expect(back).toBe(true);
  expect(lines).toContainEqual(expect.objectContaining({ message: 'unreadable message', reason: undefined }));
});

test('a message of the release before is read', async () => {
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: inboxQueueUrl,
      MessageBody: encodeEnvelope(envelopeOf('m8', 'sent'), 1),
    }),
  );
  await waitFor(() => logged.some(({ id, outcome }) => id === 'm8-sent' && outcome === 'applied'));
});
