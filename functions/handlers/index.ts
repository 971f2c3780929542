import { fulfilOrder } from './fulfil-order/index.ts';
import type { Handler } from './handler.ts';

/** Handlers by the name that a configuration uses. Add yours here. */
export const handlers: Readonly<Record<string, Handler>> = {
  [fulfilOrder.name]: fulfilOrder,
};
