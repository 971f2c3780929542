import { ScanCommand } from '@aws-sdk/client-dynamodb';
import type { EventDetail } from '../../../functions/api/types.ts';
import { createContext } from '../../helpers/context.ts';
import { signChargify } from '../../helpers/sign.ts';

const { local, post, api, waitFor } = await createContext();

const payment = (id: number) =>
  `id=${id}&event=payment_success&payload[subscription][customer][id]=14585695&payload[event_id]=1`;

async function settled(id: number): Promise<EventDetail> {
  return waitFor(async () => {
    const { status, body } = await api(`/api/events/chargify/${id}`);
    return status === 200 && (body as EventDetail).settledAt ? (body as EventDetail) : undefined;
  });
}

async function fulfilments(id: number) {
  const { Items = [] } = await local.setup.dynamodb.send(
    new ScanCommand({ TableName: local.setup.tables.effects, ConsistentRead: true }),
  );
  return Items.filter((item) => item.id?.S === `chargify#${id}`);
}

test('50 copies of one payment at once: all acknowledged, one fulfilment', async () => {
  const body = payment(501);
  const copies = Array.from({ length: 50 }, () => post('chargify', body, signChargify(body)));
  for (const response of await Promise.all(copies)) expect(response.status).toBe(200);
  const event = await settled(501);
  expect(event).toMatchObject({ state: 'applied', type: 'payment_success', attempts: 1 });
  expect(event.effects).toMatchObject([{ handler: 'fulfil-order', data: { customerId: '14585695' } }]);
  await waitFor(async () => {
    const { body: audit } = await api('/api/audit');
    return (audit as { total: { inFlight: number } }).total.inFlight === 0;
  });
  expect(await fulfilments(501)).toHaveLength(1);
});

test('a repeat after the fulfilment is a duplicate', async () => {
  const body = payment(502);
  await post('chargify', body, signChargify(body));
  await settled(502);
  const again = await post('chargify', body, signChargify(body));
  expect(again.status).toBe(200);
  expect(again.headers.get('inlet-outcome')).toBe('duplicate');
  expect(again.headers.get('inlet-delivery')).toBe('chargify/502');
  expect(await fulfilments(502)).toHaveLength(1);
});

test('other events of the source are applied without a fulfilment', async () => {
  const body = 'id=503&event=customer_update&payload[customer][id]=1';
  await post('chargify', body, signChargify(body));
  expect(await settled(503)).toMatchObject({ state: 'applied', effects: [] });
});

test('a payment without a customer goes to the dead letters at once, with its reason', async () => {
  const body = 'id=504&event=payment_success&payload[site][id]=1';
  await post('chargify', body, signChargify(body));
  const event = await settled(504);
  expect(event).toMatchObject({ state: 'dead', attempts: 1, payload: { event: 'payment_success' } });
  expect(event.reason).toMatch(/customer id/);
  expect(await fulfilments(504)).toHaveLength(0);
});

test('what is shown of an event has its payload and no credential', async () => {
  const body = payment(505);
  await post('chargify', body, {
    ...signChargify(body),
    authorization: 'Bearer canary-1',
    cookie: 'canary-2',
  });
  const event = await settled(505);
  expect(event.payload).toMatchObject({ payload: { subscription: { customer: { id: '14585695' } } } });
  expect(event.headers).toMatchObject({ 'content-type': 'application/x-www-form-urlencoded' });
  expect(JSON.stringify(event.headers)).not.toMatch(/canary|signature/i);
});
