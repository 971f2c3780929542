import type { Provider } from '../pack/provider.ts';
import type { EventContext } from '../pack/request.ts';

/** `payments` are linked as `links.payment`, `mandates` as `links.mandate`. */
function subjectOf({ payload }: EventContext): string | undefined {
  const event = payload as { resource_type?: unknown; links?: Record<string, unknown> | null } | null;
  const type = event?.resource_type;
  if (typeof type !== 'string' || !event?.links) return undefined;
  const link = type.replace(/s$/, '');
  const id = Object.hasOwn(event.links, link) ? event.links[link] : undefined;
  return typeof id === 'string' ? id : undefined;
}

/** GoCardless: up to 250 events in one request. */
export const provider: Provider = {
  name: 'gocardless',
  title: 'GoCardless',
  documentation: [
    'https://developer.gocardless.com/getting-started/api/staying-up-to-date-with-webhooks/',
    'https://github.com/gocardless/gocardless-nodejs/blob/master/src/webhooks.ts',
  ],
  unverified: 'The retry schedule was not checked.',
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'hex',
    key: 'utf8',
    signed: '{body}',
    signature: { header: 'webhook-signature', form: { kind: 'bare' } },
  },
  secret: {
    description: 'The secret of the webhook endpoint.',
    development: 'development-secret-of-gocardless',
    check: (secret) =>
      /^(live|sandbox)_/.test(secret) ? 'It is an access token: use the secret of the endpoint.' : undefined,
  },
  events: {
    format: 'json',
    split: 'payload.events',
    // meta.webhook_id names the request; an event can come in more than one.
    id: 'payload.id',
    type: ['payload.resource_type', 'payload.action'],
    // Ids of GoCardless carry their kind: PM…, MD…
    subject: subjectOf,
    // Milliseconds. Equal ones are all applied.
    revision: { field: 'payload.created_at', as: 'timestamp' },
    tenant: 'payload.links.organisation',
  },
  retries: { schedule: '8 attempts', timeoutSeconds: 10, periodSeconds: 3 * 86_400 },
  registration: ['Developers → Create → Webhook endpoint: URL {url}, secret {secret}.'],
  samples: [
    {
      type: 'payments:confirmed',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          events: ['confirmed', 'paid_out'].map((action, position) => ({
            id: `EV${seed}${position}`,
            created_at: `2026-01-01T00:00:0${position}.000Z`,
            resource_type: 'payments',
            action,
            links: { payment: `PM${seed}` },
          })),
          meta: { webhook_id: `WB${seed}` },
        }),
    },
  ],
};
