/** Situations that a receiver of webhooks is judged by: deliveries, repeats, orders, crashes. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { waitFor } from '../../helpers/wait-for.ts';
import { message, payment, Receiver, wire } from './receiver.ts';

const receiver = new Receiver();
beforeAll(() => receiver.start());
afterAll(() => receiver.end());

const outcome = (response: Response) => `${response.status} ${response.headers.get('inlet-outcome')}`;

async function expectOneFulfilment(id: string, attempts = 1) {
  const event = await receiver.settled('shop', id);
  expect(event).toMatchObject({ state: 'applied', attempts });
  expect(event.effects).toHaveLength(1);
}

test('1/16 a single delivery is acknowledged and processed', async () => {
  const { id, body, headers } = payment();
  expect(outcome(await receiver.post('shop', body, headers))).toBe('200 accepted');
  await expectOneFulfilment(id);
});

test('2/16 a sequential duplicate is acknowledged and not processed again', async () => {
  const { id, body, headers } = payment();
  await receiver.post('shop', body, headers);
  await expectOneFulfilment(id);
  expect(outcome(await receiver.post('shop', body, headers))).toBe('200 duplicate');
  await receiver.audit();
  await expectOneFulfilment(id);
});

test('3/16 concurrent duplicates are all acknowledged and processed once', async () => {
  const { id, body, headers } = payment();
  const answers = await Promise.all(Array.from({ length: 20 }, () => receiver.post('shop', body, headers)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  await receiver.audit();
  await expectOneFulfilment(id);
});

test('4/16 order reversed: the newest state stays', async () => {
  const [sent, delivered, read] = (['sent', 'delivered', 'read'] as const).map((it) =>
    message(it, 'reversed'),
  );
  for (const it of [read, delivered, sent]) {
    if (it) expect(outcome(await receiver.post('dotdigital', it.body, it.headers))).toBe('202 accepted');
    await receiver.settled('dotdigital', it?.id ?? '');
  }
  expect(await receiver.subject('dotdigital', read?.subject ?? '')).toMatchObject({
    state: 'read',
    revision: 2,
  });
  expect((await receiver.settled('dotdigital', sent?.id ?? '')).state).toBe('stale');
});

test('5/16 a timeout, then a retry: the receiver was late, not deaf', async () => {
  const { id, body, headers } = payment();
  process.kill(receiver.pid, 'SIGSTOP');
  const late = receiver.post('shop', body, headers, { signal: AbortSignal.timeout(300) });
  await expect(late).rejects.toMatchObject({ name: 'TimeoutError' });
  process.kill(receiver.pid, 'SIGCONT');
  expect((await receiver.post('shop', body, headers)).status).toBe(200);
  await receiver.audit();
  await expectOneFulfilment(id);
});

test('6/16 a connection that breaks within the request, then a retry', async () => {
  const { id, body, headers } = payment();
  const half = body.slice(0, body.length / 2);
  await receiver.writeAndHangUp(wire('shop', { id, body, headers }, half));
  expect(await receiver.api(`/api/events/shop/${id}`)).toMatchObject({ code: 404 });
  expect(outcome(await receiver.post('shop', body, headers))).toBe('200 accepted');
  await expectOneFulfilment(id);
});

test('13/16 the receiver is restarted between two attempts', async () => {
  const { id, body, headers } = payment();
  expect(outcome(await receiver.post('shop', body, headers))).toBe('200 accepted');
  await receiver.kill();
  await expect(receiver.post('shop', body, headers)).rejects.toThrow();
  await receiver.start();
  expect(outcome(await receiver.post('shop', body, headers))).toBe('200 duplicate');
  await receiver.audit();
  expect((await receiver.settled('shop', id)).effects).toHaveLength(1);
});

test('14/16 the caller crashes after sending: nobody has the answer, the event is processed', async () => {
  const it = payment();
  await receiver.writeAndHangUp(wire('shop', it));
  await expectOneFulfilment(it.id);
});

test('15/16 the effect is done but not recorded: the next attempt does not do it again', async () => {
  const { id, body, headers } = payment();
  await receiver.kill();
  await receiver.start({
    NODE_OPTIONS: `--import ${pathToFileURL(join(import.meta.dirname, 'crash-after-effect.ts'))}`,
    CRASH_MARKER: join(receiver.folder, 'crashed'),
  });
  const answer = await receiver.post('shop', body, headers).then(outcome, () => 'none');
  await waitFor(() => receiver.gone, { what: 'the crash after the effect' });
  await receiver.start();
  // Without an answer the provider tries again; with one it does not, and must not have to.
  if (answer === 'none') await receiver.post('shop', body, headers);
  await expectOneFulfilment(id);
  const { total, balanced } = await receiver.audit();
  expect({ balanced, dead: total.dead, quarantined: total.quarantined }).toEqual({
    balanced: true,
    dead: 0,
    quarantined: 0,
  });
});
