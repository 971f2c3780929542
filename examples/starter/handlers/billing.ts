import type { HandlerFunction } from 'inlet-webhooks';
import type Stripe from 'stripe';

/**
 * Runs for each paid invoice, once in whatever order they come. It may run again after a crash: hand `idempotencyKey` on to
 * what you call, and stop on `signal`.
 */
export const invoicePaid: HandlerFunction<Stripe.InvoicePaidEvent> = async (
  { payload },
  { idempotencyKey, effects, log },
) => {
  const { customer, amount_paid: cents } = payload.data.object;
  await effects.record(idempotencyKey, 'billing', { customer, cents });
  log.info('invoice paid', { cents });
};
