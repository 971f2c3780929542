import { isObject } from '../core/is-object.ts';
import type { Provider } from '../pack/provider.ts';
import type { EventContext } from '../pack/request.ts';
import { basicAuth, secretProblem } from '../verification/basic.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The object that the event is about, as its type says (`subscription_renewed`, `payment_source_added`); the others in
 * the content only come along, perhaps with a state that is older.
 */
function mainObject({
  payload,
}: EventContext): { readonly kind: string; readonly object: Fields } | undefined {
  if (!isObject(payload) || !isObject(payload.content) || typeof payload.event_type !== 'string')
    return undefined;
  const { content, event_type } = payload;
  const kinds = Object.keys(content).filter((kind) => event_type.startsWith(`${kind}_`));
  const kind = kinds.sort((a, b) => b.length - a.length)[0];
  const object = kind === undefined ? undefined : content[kind];
  return kind !== undefined && isObject(object) ? { kind, object } : undefined;
}

function scalar(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint'
    ? String(value)
    : undefined;
}

export const provider: Provider = {
  name: 'chargebee',
  title: 'Chargebee',
  documentation: [
    'https://www.chargebee.com/docs/2.0/webhook_settings.html',
    'https://apidocs.chargebee.com/docs/api/events',
  ],
  unverified:
    'The retry schedule was not checked. That resource_version grows with every change is taken from memory.',
  verification: basicAuth(),
  secret: {
    description: 'User name and password, "user:password", that you choose and enter at Chargebee.',
    development: 'inlet:development-password-of-chargebee',
    check: secretProblem,
  },
  events: {
    format: 'json',
    id: 'payload.id',
    type: 'payload.event_type',
    subject: (context) => {
      const main = mainObject(context);
      const id = scalar(main?.object.id);
      return main && id !== undefined ? `${main.kind}:${id}` : undefined;
    },
    // Grows with every change of the object. Equal: the same state of it.
    revision: { field: (context) => scalar(mainObject(context)?.object.resource_version), as: 'integer' },
    snapshots: 'Each event carries its whole object, whose `resource_version` grows with every change.',
    deletes: ({ payload }) => isObject(payload) && String(payload.event_type).endsWith('_deleted'),
  },
  acknowledge: { status: 200 },
  retries: {
    schedule: '7 retries, from 2 min to 2 days apart',
    timeoutSeconds: 20,
    periodSeconds: 4 * 86_400,
  },
  registration: [
    'Settings → Configure Chargebee → Webhooks → Add Webhook: {url}, "Protect webhook URL with basic authentication" with the user name and the password of the secret, API version 2.',
  ],
  samples: [
    {
      type: 'subscription_renewed',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          id: `ev_sample${seed}`,
          occurred_at: 1_767_225_600 + seed,
          source: 'scheduled_job',
          object: 'event',
          api_version: 'v2',
          content: {
            subscription: { id: `sub-${seed}`, status: 'active', resource_version: 1_767_225_600_000 + seed },
            customer: { id: `cust-${seed}`, resource_version: 1_767_225_500_000 },
          },
          event_type: 'subscription_renewed',
          webhook_status: 'not_configured',
        }),
    },
  ],
};
