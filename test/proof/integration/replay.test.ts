import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { audit } from '../../../functions/api/audit.ts';
import { createApiParts } from '../../../functions/api/parts.ts';
import type { AuditReport, EventDetail, RedriveResult, SubjectState } from '../../../functions/api/types.ts';
import { encodeEnvelope } from '../../../functions/core/envelope.ts';
import { PermanentError } from '../../../functions/core/errors.ts';
import type { Handler } from '../../../functions/core/handler.ts';
import { createContext } from '../../helpers/context.ts';

const calls: { id: string; fence: number; key: string; forced: boolean }[] = [];
const failing = new Map<string, () => Error>();
const handler: Handler = {
  name: 'scripted',
  description: 'Fails where the test says so.',
  async handle({ id }, { fence, idempotencyKey, forced, effects }) {
    calls.push({ id, fence, key: idempotencyKey, forced });
    const error = failing.get(id)?.();
    if (error) throw error;
    await effects.record(idempotencyKey, 'scripted', { id });
  },
};

const paths = { delivery: 'payload.id', subject: 'payload.subject', revision: 'payload.revision' };
const { local, post, api, waitFor } = await createContext({
  handlers: { 'fulfil-order': handler },
  config: {
    sources: {
      orders: {
        provider: 'tasks',
        unsigned: true,
        handler: 'fulfil-order',
        mode: 'latest',
        attempts: 2,
        ...paths,
      },
      states: { provider: 'tasks', unsigned: true, ...paths },
    },
  },
});
const callsOf = (id: string) => calls.filter((call) => call.id === id);

async function send(source: string, id: string, subject: string, revision: number) {
  const body = JSON.stringify({ id, subject, revision });
  expect((await post(source, body, { 'content-type': 'application/json' })).status).toBe(200);
  return settled(source, id);
}

const read = async (source: string, id: string) =>
  (await api(`/api/events/${source}/${encodeURIComponent(id)}`)).body as EventDetail;
const settled = (source: string, id: string) =>
  waitFor(async () => {
    const event = await read(source, id);
    return event.settledAt && event;
  });
const replay = async (source: string, id: string, body: object = {}) =>
  api(`/api/events/${source}/${id}/replay`, { method: 'POST', body: JSON.stringify(body) });
const redrive = async (body: object) =>
  (await api('/api/dead/redrive', { method: 'POST', body: JSON.stringify(body) })).body as RedriveResult;
const quiet = () =>
  waitFor(async () => {
    const report = (await api('/api/audit')).body as AuditReport;
    return report.balanced && report.queues.messages === 0 && report;
  });
const forcedEvent = (id: string) =>
  waitFor(async () => {
    const event = await read('orders', id);
    return event.history.some(({ state }) => state === 'forced') && event;
  });

test('whatever is replayed in whatever order, no subject goes backwards and nothing is applied twice', async () => {
  for (const revision of [1, 2, 3]) await send('states', `s${revision}`, 's', revision);
  for (const revision of [1, 2, 3]) await send('orders', `o${revision}`, 'o', revision);
  const before = [
    (await api('/api/subjects/states/s')).body,
    (await api('/api/subjects/orders/o')).body,
    calls.length,
  ];
  const all = { method: 'POST', body: '{}' };
  const answers = await Promise.all([
    api('/api/replay', all),
    api('/api/replay', all),
    replay('states', 's1'),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  await quiet();
  expect([
    (await api('/api/subjects/states/s')).body,
    (await api('/api/subjects/orders/o')).body,
    calls.length,
  ]).toEqual(before);
  expect((await read('states', 's1')).state).toBe('applied');
});

test('a dead event that has been overtaken is redriven into stale, not into its subject', async () => {
  failing.set('slow', () => new PermanentError('refused'));
  await send('orders', 'slow', 'overtaken', 1);
  await send('orders', 'fast', 'overtaken', 2);
  failing.delete('slow');
  expect(await redrive({ ids: ['orders/slow'] })).toMatchObject({ redriven: 1 });
  expect(await settled('orders', 'slow')).toMatchObject({ state: 'stale' });
  expect((await api('/api/subjects/orders/overtaken')).body as SubjectState).toMatchObject({ revision: 2 });
  expect(callsOf('slow')).toHaveLength(1);
});

test('force runs the handler of the newest revision again: same key, larger fencing number, one effect', async () => {
  await send('orders', 'again', 'forced', 1);
  expect((await replay('orders', 'again', { force: true })).body).toMatchObject({ forced: true });
  const event = await forcedEvent('again');
  expect(event).toMatchObject({ state: 'applied', attempts: 1 });
  expect(event.history.at(-1)).toMatchObject({ state: 'forced', reason: 'The handler ran again.' });
  expect(event.effects).toHaveLength(1);
  const [first, second] = callsOf('again').map(({ fence }) => fence);
  expect(second).toBeGreaterThan(first ?? 0);
  expect(callsOf('again')).toEqual([
    { id: 'again', fence: first, key: 'orders#again', forced: false },
    { id: 'again', fence: second, key: 'orders#again', forced: true },
  ]);
  await quiet();
});

test('copies of a forced message run the handler once more, not several times', async () => {
  await send('orders', 'copies', 'copied', 1);
  const parts = createApiParts(local.setup);
  const envelope = await parts.archive.get('orders', 'copies');
  if (!envelope) throw new Error('not archived');
  const MessageBody = encodeEnvelope({ ...envelope, force: 'one request' });
  const message = { QueueUrl: local.setup.inboxQueueUrl, MessageBody };
  await Promise.all([1, 2, 3].map(() => local.setup.sqs.send(new SendMessageCommand(message))));
  await quiet();
  expect(callsOf('copies')).toHaveLength(2);
});

test('force is overtaken by a newer revision: the handler does not run', async () => {
  await send('orders', 'past', 'passing', 1);
  const parts = createApiParts(local.setup);
  const envelope = await parts.archive.get('orders', 'past');
  await send('orders', 'present', 'passing', 2);
  expect((await replay('orders', 'past', { force: true })).status).toBe(409);
  if (envelope) await parts.inbox.send({ ...envelope, force: 'came late' });
  expect((await forcedEvent('past')).history.at(-1)?.reason).toContain('revision 2 was applied before');
  expect(callsOf('past')).toHaveLength(1);
  expect((await read('orders', 'past')).state).toBe('applied');
});

test('a forced run that fails is tried again, and its event stays applied', async () => {
  await send('orders', 'shaky', 'shaken', 1);
  failing.set('shaky', () => {
    if (callsOf('shaky').length > 2) failing.delete('shaky');
    return new Error('not now');
  });
  await replay('orders', 'shaky', { force: true });
  await waitFor(() => callsOf('shaky').length === 3, { deadlineMs: 20_000 });
  await quiet();
  expect(await read('orders', 'shaky')).toMatchObject({ state: 'applied', attempts: 1 });
});

test('a redrive that dies before its send is named by the audit and finished by the next redrive', async () => {
  failing.set('cut', () => new PermanentError('refused'));
  await send('orders', 'cut', 'cut short', 1);
  failing.delete('cut');
  let clock = Date.now();
  const parts = createApiParts({
    ...local.setup,
    deadLetterQueueUrl: local.deadLetterQueueUrl,
    countsSettleMs: 0,
    now: () => clock,
  });
  await parts.ledger.reopen('orders', 'cut');
  clock += 61_000;
  const report = await audit(parts, { patienceMs: 0 });
  expect(report.balanced).toBe(false);
  expect(report.problems[0]).toMatchObject({ id: 'cut', problem: expect.stringContaining('redrive again') });
  expect(await redrive({ state: 'dead' })).toMatchObject({ redriven: 1 });
  expect(await settled('orders', 'cut')).toMatchObject({ state: 'applied' });
  await quiet();
  const { Messages = [] } = await local.setup.sqs.send(
    new ReceiveMessageCommand({ QueueUrl: local.setup.inboxQueueUrl }),
  );
  expect(Messages).toEqual([]);
});
