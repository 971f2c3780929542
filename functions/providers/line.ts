import type { Provider } from '../pack/provider.ts';

/** Each item also knows the bot (`destination`) that it is for. */
function split(body: unknown): readonly unknown[] {
  const { events, destination } = (body ?? {}) as { events?: unknown; destination?: unknown };
  if (!Array.isArray(events)) return [body];
  return events.map((event: unknown) =>
    typeof event === 'object' && event !== null ? { ...event, destination } : event,
  );
}

export const provider: Provider = {
  name: 'line',
  title: 'LINE Messaging API',
  documentation: [
    'https://developers.line.biz/en/reference/messaging-api/#webhooks',
    'https://developers.line.biz/en/docs/messaging-api/receiving-messages/#webhook-redelivery',
  ],
  unverified: 'How often and for how long LINE redelivers is not published.',
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'base64',
    key: 'utf8',
    signed: '{body}',
    signature: { header: 'x-line-signature', form: { kind: 'bare' } },
  },
  secret: {
    description: 'The channel secret: LINE Developers Console → channel → Basic settings.',
    development: 'development-channel-secret-of-line',
  },
  events: {
    format: 'json',
    // An empty list is the check of the URL in the console.
    split,
    // Stays when `deliveryContext.isRedelivery` becomes true.
    id: 'payload.webhookEventId',
    type: { any: [['payload.type', 'payload.message.type'], 'payload.type'] },
    // No revision: messages are things of their own, none replaces another.
    tenant: 'payload.destination',
  },
  acknowledge: { status: 200 },
  retries: {
    schedule: 'only when redelivery is switched on in the console: for some time, with growing pauses',
    timeoutSeconds: 2,
    periodSeconds: 86_400,
  },
  registration: [
    'LINE Developers Console → channel → Messaging API: Webhook URL {url}, switch "Use webhook" and "Webhook redelivery" on, then press Verify.',
  ],
  samples: [
    {
      type: 'message:text',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          destination: 'U00000000000000000000000000000000',
          events: [
            {
              type: 'message',
              message: { type: 'text', id: String(460_000_000_000 + seed), text: 'A sample' },
              webhookEventId: `01KDVX${String(seed).padStart(20, '0')}`,
              deliveryContext: { isRedelivery: false },
              timestamp: 1_767_225_600_000 + seed,
              source: { type: 'user', userId: 'U00000000000000000000000000000001' },
              mode: 'active',
            },
          ],
        }),
    },
  ],
};
