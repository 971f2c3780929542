/** What the packs of Svix's users share. */
import type { Field } from '../pack/fields.ts';
import type { RetryFacts } from '../pack/provider.ts';
import type { FirstScheme } from '../pack/scheme.ts';
import { standardWebhooks } from '../verification/standard-webhooks.ts';

/** Svix sends `svix-*` headers, and `webhook-*` ones where its customer wants no brand in them. */
export const svixVerification: FirstScheme = {
  kind: 'first',
  schemes: [standardWebhooks('svix'), standardWebhooks('webhook')],
};

/** In the order of the schemes: a header of the second family counts only when the first is not there at all. */
export const svixId: Field = { any: ['header.svix-id', 'header.webhook-id'] };

/** https://docs.svix.com/retries */
export const svixRetries: RetryFacts = {
  schedule: '8 attempts: at once, then after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h',
  timeoutSeconds: 15,
  periodSeconds: 28 * 3600,
};
