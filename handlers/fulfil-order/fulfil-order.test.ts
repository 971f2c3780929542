import { expect, test } from '@jest/globals';
import type { HandlerContext, InboxEvent } from '../../functions/core/handler.ts';
import { fulfilOrder } from './index.ts';

/** What the handler records of an event with this payload. */
async function recorded(type: string, payload: object): Promise<unknown[]> {
  const calls: unknown[] = [];
  const effects = { record: async (...call: unknown[]) => calls.push(call) > 0 };
  const context = { idempotencyKey: 'chargify/1', effects } as unknown as HandlerContext;
  await fulfilOrder.handle({ type, payload } as InboxEvent, context);
  return calls;
}

test.each([
  ['the subscription', { subscription: { customer: { id: '9' } } }],
  ['beside it', { customer: { id: '9' } }],
  ['the transaction', { transaction: { customer_id: '9' } }],
])('a payment that names its customer in %s is fulfilled under its key', async (_where, payload) => {
  expect(await recorded('payment_success', { payload })).toEqual([
    ['chargify/1', 'fulfil-order', { customerId: '9' }],
  ]);
});

test('a payment without a customer is given up, and another event needs nothing', async () => {
  await expect(recorded('payment_success', { payload: {} })).rejects.toThrow('without a customer id');
  expect(await recorded('customer_update', { payload: { customer: { id: '9' } } })).toEqual([]);
});
