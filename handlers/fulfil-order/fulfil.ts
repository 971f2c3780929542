import type { HandlerContext } from '../../functions/core/handler.ts';

/*
 * ┌──────────────────────────────────────────────────────────────────────────────────────────────────────────┐
 * │  REPLACE THIS FUNCTION with the work that a paid order needs: it may take up to 850 s (set the source's   │
 * │  `timeoutSeconds`). Pass `context.idempotencyKey` to whatever you call, and stop on `context.signal`.     │
 * └──────────────────────────────────────────────────────────────────────────────────────────────────────────┘
 *
 * Out of the box it records the fulfilment in DynamoDB under the idempotency key, so that each payment has
 * exactly one record, however often its webhook arrives.
 */
export async function fulfil(customerId: string, context: HandlerContext): Promise<void> {
  await context.effects.record(context.idempotencyKey, 'fulfil-order', { customerId });
}
