import type { HandlerFunction } from '../core/handler.ts';
import { bestMatch, problemOf } from './match-type.ts';
import type { HandlersByType } from './types.ts';

/** Where nothing is said of the payloads, any type may be written, and a payload is `unknown`. */
export type UntypedHandlers = Readonly<Record<string, HandlerFunction>>;

/**
 * A handler that chooses by the event's type.
 *
 * ```ts
 * import type Stripe from 'stripe';
 *
 * on<Stripe.Event>({
 *   'invoice.paid': async (event, context) => …,        // event.payload is a Stripe.InvoicePaidEvent
 *   'customer.subscription.*': async (event) => …,      // one of four
 *   otherwise: async (event, { log }) => log.info('not of interest', { type: event.type }),
 * })
 * ```
 *
 * The type itself comes before a beginning, and a longer beginning before a shorter one. An event that
 * matches none is marked applied without anything being run.
 * @throws TypeError for a pattern that can never fit.
 */
export function on<All extends object>(handlers: HandlersByType<All>): HandlerFunction;
export function on(handlers: UntypedHandlers): HandlerFunction;
export function on(handlers: object): HandlerFunction {
  const { otherwise, ...byType } = handlers as UntypedHandlers;
  const patterns = Object.keys(byType);
  const problem = patterns.map(problemOf).find((found) => found !== undefined);
  if (problem !== undefined) throw new TypeError(`on({ … }): ${problem}`);
  return async (event, context) => {
    const match = bestMatch(patterns, event.type);
    await (match === undefined ? otherwise : byType[match])?.(event, context);
  };
}
