import type { Provider } from '../pack/provider.ts';
import type { KeyForm } from '../pack/scheme.ts';
import { keyBytes } from '../verification/key.ts';
import { standardHmac } from '../verification/standard-webhooks.ts';

/** The dashboard shows the secret as `v1,whsec_<base64>`. */
const key: KeyForm = { strip: ['v1,', 'whsec_'], decode: 'base64' };

/** Supabase Auth hooks over HTTP. They wait for the answer, so Inlet suits hooks that only inform. */
export const provider: Provider = {
  name: 'supabase',
  title: 'Supabase Auth hooks',
  documentation: ['https://supabase.com/docs/guides/auth/auth-hooks'],
  unverified: 'Retries, time limit and where the name of the hook stands were not checked.',
  verification: standardHmac('webhook', key),
  secret: {
    description: 'The secret of the hook, as the dashboard shows it: v1,whsec_…',
    development: 'v1,whsec_ZGV2ZWxvcG1lbnQtc2VjcmV0LW9mLXN1cGFiYXNl',
    check: (secret) =>
      keyBytes(secret, key) ? undefined : 'It is v1,whsec_ and base64: copy all of it from the hook.',
  },
  events: {
    format: 'json',
    id: 'header.webhook-id',
    type: { any: ['payload.metadata.name', 'payload.email_data.email_action_type'] },
  },
  // The hook's answer is read: an empty object changes nothing and lets the sign-in go on.
  acknowledge: { status: 200, headers: { 'content-type': 'application/json' }, body: '{}' },
  retries: { schedule: '3 attempts, on 429 and 503 only', timeoutSeconds: 5, periodSeconds: 60 },
  registration: ['Authentication → Hooks: add an HTTPS hook with {url} and generate its secret.'],
  samples: [
    {
      type: 'before-user-created',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          metadata: { uuid: `hook-${seed}`, name: 'before-user-created' },
          user: { id: `user-${seed}`, email: 'zoë@example.com' },
        }),
    },
  ],
};
