import { sanityPost } from './content.ts';
import { type History, history } from './history.ts';
import { quickbooksCustomer } from './payments.ts';
import { paypalSubscription, shopifyOrder } from './tolerable.ts';

/** By pack that orders by seconds: the last two in one of them, so that either may be the last. */
export const tied: Readonly<Record<string, History>> = {
  paypal: history(
    'either',
    paypalSubscription('CREATED', '2026-01-01T09:00:00Z', 'APPROVAL_PENDING'),
    paypalSubscription('ACTIVATED', '2026-01-01T09:00:10Z', 'ACTIVE'),
    paypalSubscription('SUSPENDED', '2026-01-01T09:00:10Z', 'SUSPENDED'),
  ),
  quickbooks: history(
    'either',
    quickbooksCustomer('Create', '2026-01-01T09:00:00Z'),
    quickbooksCustomer('Update', '2026-01-01T09:00:10Z'),
    quickbooksCustomer('Merge', '2026-01-01T09:00:10Z'),
  ),
  sanity: history(
    'either',
    sanityPost('create', '2026-01-01T09:00:00Z', ''),
    sanityPost('update', '2026-01-01T09:00:10Z', 'Gr'),
    sanityPost('update', '2026-01-01T09:00:10Z', 'Grüße'),
  ),
  shopify: history(
    'either',
    shopifyOrder('orders/create', '2026-01-01T04:00:00-05:00', 'pending'),
    shopifyOrder('orders/updated', '2026-01-01T04:00:10-05:00', 'authorized'),
    shopifyOrder('orders/paid', '2026-01-01T04:00:10-05:00', 'paid'),
  ),
};
