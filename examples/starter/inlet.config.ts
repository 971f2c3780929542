import { defineInlet, on } from 'inlet-webhooks';
import type Stripe from 'stripe';
import { invoicePaid } from './handlers/billing.ts';

/**
 * The sources of this deployment: each key becomes a webhook URL `/webhooks/<key>`. Their secrets are not here: `npx inlet
 * secret set stripe --stage dev` puts them on AWS, INLET_SECRETS has them on a laptop.
 */
export default defineInlet({
  sources: {
    stripe: {
      provider: 'stripe',
      handler: on<Stripe.Event>({
        'invoice.paid': invoicePaid,
        otherwise: ({ type }, { log }) => log.info('not of interest', { type }),
      }),
    },
  },
});
