/**
 * What the compiler makes of handlers: `npm run types` compiles this, and an `@ts-expect-error` above what it does not
 * refuse is an error itself.
 */
import type { EventPayloadMap } from '@octokit/webhooks-types';
import type Stripe from 'stripe';
import * as z from 'zod';
import type { HandlerFunction } from '../../../functions/core/handler.ts';
import { on } from '../../../functions/handling/on.ts';
import { withSchema } from '../../../functions/handling/with-schema.ts';

const take = <Value>(_value: Value): void => {};

export const handlers: readonly HandlerFunction[] = [
  on<Stripe.Event>({
    'invoice.paid': async ({ payload }) => take<string | undefined>(payload.data.object.id),
    'customer.subscription.*': ({ payload }) => take<string>(payload.data.object.status),
    otherwise: (event) => take<string | undefined>(event.type),
  }),
  // @ts-expect-error no type of Stripe
  on<Stripe.Event>({ 'invoice.payed': () => {} }),
  // @ts-expect-error no beginning of a type of Stripe
  on<Stripe.Event>({ 'invoices.*': () => {} }),
  on<Stripe.Event>({
    // @ts-expect-error an invoice has no such field
    'invoice.paid': ({ payload }) => take(payload.data.object.nonsense),
  }),
  on<Stripe.Event>({
    // @ts-expect-error a subscription's status is no number
    'customer.subscription.*': ({ payload }) => take<number>(payload.data.object.status),
  }),
  on<EventPayloadMap>({
    push: ({ payload }) => take<string>(payload.ref),
    'issues.opened': ({ payload }) => take<number>(payload.issue.number),
    'pull_request.*': ({ payload }) => take<number>(payload.pull_request.id),
  }),
  // @ts-expect-error no type of GitHub
  on<EventPayloadMap>({ pushed: () => {} }),
  on<EventPayloadMap>({
    // @ts-expect-error a push has no issue
    push: ({ payload }) => take(payload.issue),
  }),
  on({
    'order.paid': withSchema(z.object({ id: z.number() }), ({ payload }) => take<number>(payload.id)),
    // @ts-expect-error the schema makes a number of it
    'order.sent': withSchema(z.object({ id: z.number() }), ({ payload }) => take<string>(payload.id)),
    // @ts-expect-error nothing is known of this payload
    'order.gone': ({ payload }) => take(payload.id),
  }),
  async (event, context) => context.log.info('seen', { type: event.type }),
  // @ts-expect-error a whole payload is no field of a log line
  (event, context) => context.log.info('seen', { payload: event.payload }),
  // @ts-expect-error there is no such tool
  (_event, context) => context.nonsense(),
];
