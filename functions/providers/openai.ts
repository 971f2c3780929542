import type { Provider } from '../pack/provider.ts';
import { standardHmac } from '../verification/standard-webhooks.ts';

/** OpenAI: finished responses, batches, fine-tuning jobs and incoming calls. */
export const provider: Provider = {
  name: 'openai',
  title: 'OpenAI',
  documentation: [
    'https://platform.openai.com/docs/guides/webhooks',
    'https://github.com/openai/openai-node/blob/master/src/resources/webhooks/webhooks.ts',
  ],
  unverified: 'The length of the retries is said by third parties only.',
  // As the SDK has it: a secret without the prefix is the key itself.
  verification: standardHmac('webhook', { strip: ['whsec_'], decode: 'base64', otherwise: 'utf8' }),
  secret: {
    description: 'The signing secret of the endpoint, shown once when it is created: whsec_…',
    development: 'whsec_ZGV2ZWxvcG1lbnQtc2VjcmV0LW9mLW9wZW5haQ==',
    check: (secret) =>
      secret.startsWith('sk-')
        ? 'It is an API key: use the signing secret of the webhook (whsec_…).'
        : undefined,
  },
  events: {
    format: 'json',
    // Not the id in the body: the documentation names this one for telling repeats.
    id: 'header.webhook-id',
    type: 'payload.type',
    // No revision: created_at counts seconds, and two states of one object can share one.
  },
  retries: { schedule: 'for up to 72 h with exponential backoff', periodSeconds: 72 * 3600 },
  registration: ['Settings → Project → Webhooks: create an endpoint with {url} and copy its signing secret.'],
  samples: [
    {
      type: 'response.completed',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          id: `evt_${seed}`,
          object: 'event',
          created_at: 1_767_225_600,
          type: 'response.completed',
          data: { id: `resp_${seed}` },
        }),
    },
  ],
};
