import { PermanentError } from '../../functions/core/errors.ts';
import type { Handler } from '../../functions/core/handler.ts';
import { valueAt } from '../../functions/pack/fields.ts';
import { fulfil } from './fulfil.ts';

/** Where Chargify's `payment_success` names the customer: in the subscription, in some versions beside it. */
const customerPaths = [
  ['payload', 'subscription', 'customer', 'id'],
  ['payload', 'customer', 'id'],
  ['payload', 'transaction', 'customer_id'],
];

/** Fulfils the order of each successful Chargify payment. Other events of the source need nothing. */
export const fulfilOrder: Handler = {
  name: 'fulfil-order',
  description: 'Takes the customer id out of a Chargify payment_success and fulfils the order once.',
  async handle(event, context) {
    if (event.type !== 'payment_success') return;
    const customerId = customerPaths
      .map((path) => valueAt(event.payload, path))
      .find((value) => typeof value === 'string' && value !== '');
    if (typeof customerId !== 'string') {
      throw new PermanentError('payment_success without a customer id: nothing to fulfil');
    }
    await fulfil(customerId, context);
  },
};
