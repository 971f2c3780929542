import type { Provider } from '../pack/provider.ts';
import { checkStandardSecret } from '../verification/standard-webhooks.ts';
import { svixId, svixRetries, svixVerification } from './svix-events.ts';

/** Clerk: users, sessions and organisations, sent through Svix. */
export const provider: Provider = {
  name: 'clerk',
  title: 'Clerk',
  documentation: ['https://clerk.com/docs/guides/development/webhooks/overview'],
  unverified:
    'That `timestamp` is when the event happened, not when it was sent, is said by third parties only.',
  verification: svixVerification,
  secret: {
    description: 'The signing secret of the endpoint: whsec_…',
    development: 'whsec_ZGV2ZWxvcG1lbnQtc2VjcmV0LW9mLWNsZXJr',
    check: checkStandardSecret,
  },
  events: {
    format: 'json',
    id: svixId,
    type: 'payload.type',
    // Ids of Clerk carry their kind: user_…, org_…, sess_….
    subject: 'payload.data.id',
    // Milliseconds. Equal ones are all applied.
    revision: { field: 'payload.timestamp', as: 'milliseconds' },
    snapshots: 'Each event carries its whole object, with its time in milliseconds.',
    deletes: ({ payload }) => (payload as { data?: { deleted?: unknown } } | null)?.data?.deleted === true,
    tenant: 'payload.instance_id',
  },
  retries: svixRetries,
  registration: ['Dashboard → Configure → Webhooks: add the endpoint {url} and copy its signing secret.'],
  samples: [
    {
      type: 'user.updated',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          data: { id: `user_${seed}`, object: 'user', first_name: 'Zoë' },
          instance_id: 'ins_sample',
          object: 'event',
          timestamp: 1_767_225_600_000 + seed,
          type: 'user.updated',
        }),
    },
  ],
};
