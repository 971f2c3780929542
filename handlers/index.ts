import type { Handler } from '../functions/core/handler.ts';
import { fulfilOrder } from './fulfil-order/index.ts';

/** Handlers by the name that a configuration uses. Add yours here. */
export const handlers: Readonly<Record<string, Handler>> = {
  [fulfilOrder.name]: fulfilOrder,
};
