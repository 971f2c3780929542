/**
 * A message that was lost before a worker saw it: the queue was purged, or kept it for too long. The audit names its
 * event; reclaimed, it is taken in again when its provider repeats it, and handled once, whatever turns up after all.
 */
import { type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { SQSEvent } from 'aws-lambda';
import { audit } from '../../../functions/api/audit.ts';
import { composeApi } from '../../../functions/api/compose.ts';
import { fixedToken } from '../../../functions/api/token.ts';
import type { AuditReport } from '../../../functions/api/types.ts';
import { composeIngest } from '../../../functions/ingest/compose.ts';
import { provider as chargify } from '../../../functions/providers/chargify.ts';
import { provider as dotdigital } from '../../../functions/providers/dotdigital.ts';
import { composeWorker } from '../../../functions/worker/compose.ts';
import { eventEntry } from '../../helpers/entry.ts';
import { messageEvent, signChargify, signDotdigital } from '../../helpers/sign.ts';
import {
  gatewayEvent as apiEvent,
  type Deployment,
  startDeployment,
  TOKEN,
} from '../../unit/api/deployment.ts';
import { gatewayEvent } from '../degradation/gateway-event.ts';

const START = Date.parse('2026-11-20T12:00:00Z');
const secrets = {
  get: async (source: string) => [(source === 'chargify' ? chargify : dotdigital).secret.development],
};

let deployment: Deployment;
let inlet: ReturnType<typeof compose>;

beforeEach(async () => {
  deployment = await startDeployment();
  inlet = compose();
});
afterEach(() => deployment.close());

/** Ingest, worker and API over the tables and queues of the deployment, none of which does anything by itself. */
function compose() {
  let clock = START;
  // Wants the newest, so that ingest confirms what is taken in.
  const receipts = { provider: 'dotdigital', handler: 'fulfil-order' };
  const config = { sources: { ...deployment.setup.config.sources, receipts } };
  const setup = { ...deployment.setup, config, secrets, now: () => clock };
  const handled: string[] = [];
  const handle = async ({ id }: { id: string }) => void handled.push(id);
  const ingest = composeIngest(setup);
  const { worker } = composeWorker(setup, {
    'fulfil-order': { name: 'fulfil-order', description: '', handle },
  });
  const api = composeApi(setup, fixedToken(TOKEN));
  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await api(apiEvent(method, path, { authorization: `Bearer ${TOKEN}` }, body));
    return { status: answer.statusCode, body: JSON.parse(answer.body ?? '') };
  };
  return {
    handled,
    call,
    later: (milliseconds: number) => {
      clock += milliseconds;
    },
    post: async (source: string, body: string, headers: Record<string, string>) => {
      const answer = await ingest(gatewayEvent(source, body, headers));
      return Object(answer).headers['inlet-outcome'];
    },
    take: async (): Promise<Message[]> => {
      const { Messages = [] } = await deployment.setup.sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: deployment.setup.inboxQueueUrl,
          MaxNumberOfMessages: 10,
          MessageSystemAttributeNames: ['ApproximateReceiveCount'],
        }),
      );
      return Messages;
    },
    /** Hands messages to the worker, as often as it is called with them. */
    work: async (messages: readonly Message[]) => {
      const Records = messages.map((message) => ({
        messageId: message.MessageId,
        receiptHandle: message.ReceiptHandle,
        attributes: message.Attributes,
        body: message.Body,
      }));
      const event = { Records } as unknown as SQSEvent;
      return worker(event, { getRemainingTimeInMillis: () => 600_000 });
    },
    audit: (): Promise<AuditReport> => audit({ ...deployment.parts, now: () => clock }, { patienceMs: 0 }),
    reclaim: (source: string, id: string) => call('POST', `/api/events/${source}/${id}/reclaim`),
    state: async (source: string, id: string) =>
      (await call('GET', `/api/events/${source}/${id}`)).body.state,
  };
}

const payment = 'id=501&event=payment_success&payload[subscription][customer][id]=1';
const pay = () => inlet.post('chargify', payment, signChargify(payment));

const receipt = JSON.stringify(messageEvent('m', 'sent'));
const notify = () => inlet.post('receipts', receipt, signDotdigital(receipt));

test('purged, named by the audit, reclaimed, sent again by its provider, and handled once', async () => {
  expect(await notify()).toBe('accepted');
  const [first] = await inlet.take();
  await deployment.purge();
  inlet.later(120_000);
  expect((await inlet.audit()).missing).toEqual({ count: 1, ids: [{ source: 'receipts', id: 'm-sent' }] });
  expect(await notify()).toBe('duplicate');
  const replay = await inlet.call('POST', '/api/events/receipts/m-sent/replay');
  expect([replay.status, replay.body.message]).toEqual([409, expect.stringContaining('reclaim it and ask')]);

  expect(await inlet.reclaim('receipts', 'm-sent')).toEqual({
    status: 200,
    body: { source: 'receipts', id: 'm-sent', was: 'queued', state: 'claimed', sent: false },
  });
  expect(await inlet.audit()).toMatchObject({ balanced: true, total: { accepted: 0, unconfirmed: 1 } });
  const shown = await inlet.call('GET', '/api/events/receipts/m-sent');
  expect(shown.body.message).toMatch(/reclaimed at 2026-11-20T12:02:00.000Z, and is taken in when/);

  expect(await notify()).toBe('accepted');
  expect(await inlet.work(await inlet.take())).toEqual({ batchItemFailures: [] });
  expect(await notify()).toBe('duplicate');
  // The message was not lost at all.
  if (first) expect(await inlet.work([first])).toEqual({ batchItemFailures: [] });
  expect(inlet.handled).toEqual(['m-sent']);
  await deployment.purge();
  expect(await inlet.audit()).toMatchObject({ balanced: true, total: { accepted: 1, applied: 1 } });
  expect((await inlet.call('GET', '/api/events/receipts/m-sent')).body.history).toMatchObject([
    { state: 'received' },
    { state: 'reclaimed', at: '2026-11-20T12:02:00.000Z' },
    { state: 'applied' },
  ]);
});

test('a message that turns up after the reclaim settles the event, and the repeat is a duplicate', async () => {
  await notify();
  const messages = await inlet.take();
  inlet.later(120_000);
  expect((await inlet.reclaim('receipts', 'm-sent')).status).toBe(200);
  await inlet.work(messages);
  expect([inlet.handled, await inlet.state('receipts', 'm-sent')]).toEqual([['m-sent'], 'applied']);
  expect(await notify()).toBe('duplicate');
});

test('what is lost before its handler has it is named by the audit, and its provider’s repeat is sent again', async () => {
  expect(await pay()).toBe('accepted');
  await deployment.purge();
  inlet.later(120_000);
  // The handler's lease would have confirmed it.
  expect((await inlet.audit()).withoutMessage).toEqual({
    count: 1,
    ids: [{ source: 'chargify', id: '501' }],
  });
  expect(await pay()).toBe('duplicate');
  expect(await inlet.work(await inlet.take())).toEqual({ batchItemFailures: [] });
  expect(inlet.handled).toEqual(['501']);
  expect(await pay()).toBe('duplicate');
  expect(await inlet.take()).toEqual([]);
});

test('what is archived is sent at once', async () => {
  await deployment.seed({ id: 'a', state: 'retrying', attempts: 9, reason: 'not now' });
  await deployment.archive({ id: 'a' });
  expect((await inlet.reclaim('dotdigital', 'a')).body).toMatchObject({
    was: 'retrying',
    state: 'queued',
    sent: true,
  });
  expect((await inlet.call('GET', '/api/events/dotdigital/a')).body).toMatchObject({
    state: 'queued',
    attempts: 0,
    reason: null,
  });
  expect(await inlet.take()).toHaveLength(1);
});

test('an event of a batch comes with the repeat of its batch, which splits again and repeats no other event', async () => {
  const body = JSON.stringify([messageEvent('m', 'sent'), messageEvent('n', 'sent')]);
  const post = () => inlet.post('dotdigital', body, signDotdigital(body));
  expect(await post()).toBe('accepted');
  await inlet.work(await inlet.take());
  const [kept] = await inlet.take();
  const key = kept?.Body?.includes('m-sent') ? 'n-sent' : 'm-sent';
  if (kept) await inlet.work([kept]);
  await deployment.purge();
  inlet.later(120_000);
  expect((await inlet.audit()).missing.ids).toEqual([{ source: 'dotdigital', id: key }]);
  expect(await post()).toBe('duplicate');

  expect((await inlet.reclaim('dotdigital', key)).body).toMatchObject({ state: 'claimed', sent: false });
  expect(await inlet.audit()).toMatchObject({ balanced: true, total: { applied: 1, unconfirmed: 1 } });
  expect(await post()).toBe('accepted');
  await inlet.work(await inlet.take());
  const sent = await inlet.take();
  expect(sent.map(({ Body = '' }) => Body.includes(key))).toEqual([true]);
  await inlet.work(sent);
  expect(await post()).toBe('duplicate');
  await deployment.purge();
  expect(await inlet.audit()).toMatchObject({ balanced: true, total: { accepted: 2, applied: 2 } });
});

test.each([
  ['applied', 'replay it'],
  ['stale', 'replay it'],
  ['dead', 'redrive it'],
  ['quarantined', 'redrive it'],
  ['split', 'reclaim its events'],
] as const)('%s: refused, and left alone', async (state, instead) => {
  await deployment.seed({ id: 'a', state });
  expect(await inlet.reclaim('dotdigital', 'a')).toEqual({
    status: 409,
    body: { code: 409, message: expect.stringMatching(`is ${state}, not in flight: ${instead}`) },
  });
});

test('what settles while it is asked for is refused', async () => {
  await deployment.seed({ id: 'a', state: 'queued' });
  const { archive } = deployment.parts;
  const get = archive.get.bind(archive);
  archive.get = async (...asked) => {
    await deployment.parts.ledger.settle(eventEntry('dotdigital', 'a'), { state: 'applied' });
    return get(...asked);
  };
  const { reclaimEvent } = await import('../../../functions/api/reclaim.ts');
  await expect(reclaimEvent(deployment.parts, 'dotdigital', 'a')).rejects.toThrow('is applied');
});

test('what was accepted a moment ago is on its way: refused', async () => {
  await notify();
  const { status, body } = await inlet.reclaim('receipts', 'm-sent');
  expect([status, body.message]).toEqual([409, expect.stringContaining('within the last minute')]);
  expect(await inlet.state('receipts', 'm-sent')).toBe('queued');
});

test('nobody, and a body that says something: 404 and 400', async () => {
  expect((await inlet.reclaim('chargify', 'nobody')).status).toBe(404);
  const asked = await inlet.call('POST', '/api/events/chargify/501/reclaim', { force: true });
  expect(asked.status).toBe(400);
});
