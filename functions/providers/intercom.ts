import type { Provider } from '../pack/provider.ts';
import { peekObject } from '../parsing/peek.ts';

export const provider: Provider = {
  name: 'intercom',
  title: 'Intercom',
  documentation: [
    'https://developers.intercom.com/docs/webhooks/webhook-notifications',
    'https://developers.intercom.com/docs/references/webhooks/webhook-models',
  ],
  unverified: 'The signature is documented by third parties; retries and the effect of 410 were not checked.',
  verification: {
    kind: 'hmac',
    algorithm: 'sha1',
    encoding: 'hex',
    key: 'utf8',
    signed: '{body}',
    signature: { header: 'x-hub-signature', form: { kind: 'prefix', prefix: 'sha1=' } },
  },
  secret: {
    description: 'The client secret of the app: Developer Hub → your app → Basic information.',
    development: 'development-client-secret-of-intercom',
  },
  events: {
    format: 'json',
    // `notif_…`. The body also counts `delivery_attempts`, so its hash would not do.
    id: 'payload.id',
    type: 'payload.topic',
    subject: ['payload.data.item.type', 'payload.data.item.id'],
    // Whole seconds: two changes within one are both applied, in order of arrival.
    revision: { field: 'payload.data.item.updated_at', as: 'seconds' },
    deletes: ({ payload }) => String((payload as { topic?: unknown } | null)?.topic).endsWith('.deleted'),
    tenant: 'payload.app_id',
  },
  acknowledge: { status: 200 },
  handshakes: [
    {
      method: 'POST',
      when: 'after',
      answer: ({ request }) => (peekObject(request.body)?.topic === 'ping' ? { status: 200 } : undefined),
    },
  ],
  retries: {
    schedule: 'once, after 1 min; 410 ends the subscription',
    timeoutSeconds: 5,
    periodSeconds: 3600,
  },
  registration: [
    'Developer Hub → your app → Webhooks: Endpoint URL {url}; choose the topics and save.',
    'Inlet answers the ping and the HEAD request with which Intercom checks the URL.',
  ],
  samples: [
    {
      type: 'conversation.user.created',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          type: 'notification_event',
          app_id: 'sample',
          id: `notif_00000000-0000-4000-8000-${seed.toString(16).padStart(12, '0')}`,
          topic: 'conversation.user.created',
          delivery_attempts: 1,
          created_at: 1_767_225_600 + seed,
          data: {
            type: 'notification_event_data',
            item: { type: 'conversation', id: String(seed), updated_at: 1_767_225_600 + (seed % 1_000_000) },
          },
        }),
    },
  ],
};
