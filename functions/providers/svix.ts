import type { Provider } from '../pack/provider.ts';
import { checkStandardSecret } from '../verification/standard-webhooks.ts';
import { svixId, svixRetries, svixVerification } from './svix-events.ts';

/** Any product that sends its webhooks through Svix and has no pack of its own. */
export const provider: Provider = {
  name: 'svix',
  title: 'Svix',
  documentation: ['https://docs.svix.com/receiving/verifying-payloads/how', 'https://docs.svix.com/retries'],
  unverified: 'Where the type stands in the body is up to the product that sends.',
  verification: svixVerification,
  secret: {
    description: 'The signing secret of the endpoint (whsec_…), or its public key (whpk_…).',
    development: 'whsec_ZGV2ZWxvcG1lbnQtc2VjcmV0LW9mLXN2aXg=',
    check: checkStandardSecret,
  },
  events: {
    format: 'json',
    id: svixId,
    type: { any: ['payload.type', 'payload.eventType', 'payload.event_type'] },
  },
  retries: svixRetries,
  registration: ['Add the endpoint {url} in the webhook portal of the product and copy its signing secret.'],
  samples: [
    {
      type: 'invoice.paid',
      headers: { 'content-type': 'application/json' },
      body: (seed) => JSON.stringify({ type: 'invoice.paid', data: { id: `invoice-${seed}` } }),
    },
  ],
};
