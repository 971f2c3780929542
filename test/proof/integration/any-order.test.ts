import type { EventPage, SubjectState } from '../../../functions/api/types.ts';
import { createContext } from '../../helpers/context.ts';
import { messageEvent, signDotdigital } from '../../helpers/sign.ts';

const { post, api, waitFor } = await createContext();

const orders = [
  ['sent', 'delivered', 'read'],
  ['sent', 'read', 'delivered'],
  ['delivered', 'sent', 'read'],
  ['delivered', 'read', 'sent'],
  ['read', 'sent', 'delivered'],
  ['read', 'delivered', 'sent'],
] as const;

async function send(body: string) {
  const response = await post('dotdigital', body, signDotdigital(body));
  expect(response.status).toBe(202);
  return response;
}

async function settledEvents(message: string) {
  const subject = `space:message:${message}`;
  return waitFor(
    async () => {
      const { events } = (await api(`/api/events?subject=${subject}`)).body as EventPage;
      return events.length === 3 && events.every(({ settledAt }) => settledAt) && events;
    },
    { what: `three settled events of ${message}` },
  );
}

async function expectRead(message: string) {
  const events = await settledEvents(message);
  expect(events.find(({ type }) => type === 'message.read')?.state).toBe('applied');
  for (const { state } of events) expect(['applied', 'stale']).toContain(state);
  const { body } = await api(`/api/subjects/dotdigital/space:message:${message}`);
  expect(body as SubjectState).toMatchObject({ state: 'read', revision: 2, type: 'message.read' });
}

test.each(orders)('one by one, each three times: %s, %s, %s ends as read', async (...order) => {
  const message = `single-${order.join('-')}`;
  for (const state of order) {
    const body = JSON.stringify(messageEvent(message, state));
    for (let copy = 0; copy < 3; copy++) await send(body);
  }
  await expectRead(message);
});

test.each(orders)('as a batch, sent three times: %s, %s, %s ends as read', async (...order) => {
  const message = `batch-${order.join('-')}`;
  const body = JSON.stringify(order.map((state) => messageEvent(message, state)));
  for (let copy = 0; copy < 3; copy++) await send(body);
  await expectRead(message);
});

test('singly and in batches at the same time: three events, each known once', async () => {
  const message = 'mixed';
  const events = orders[4].map((state) => messageEvent(message, state));
  const bodies = [...events, events, events.toReversed(), [events[1]]].map((it) => JSON.stringify(it));
  await Promise.all([...bodies, ...bodies].map(send));
  await expectRead(message);
});

test('the books balance', async () => {
  const audit = await waitFor(async () => {
    const { body } = await api('/api/audit');
    const { balanced, total } = body as { balanced: boolean; total: Record<string, number> };
    return balanced && total.inFlight === 0 && total;
  });
  expect(audit).toMatchObject({ accepted: 39, quarantined: 0, dead: 0, unconfirmed: 0 });
  expect((audit.applied ?? 0) + (audit.stale ?? 0)).toBe(39);
});
