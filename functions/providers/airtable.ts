import type { Provider } from '../pack/provider.ts';
import { keyBytes } from '../verification/key.ts';

/** A ping that something changed in a base: the changes themselves are fetched from the API by cursor. */
export const provider: Provider = {
  name: 'airtable',
  title: 'Airtable',
  documentation: ['https://airtable.com/developers/web/api/webhooks-overview'],
  unverified: 'The signature was checked against a client library only; retries were not checked.',
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'hex',
    key: 'base64',
    signed: '{body}',
    signature: { header: 'x-airtable-content-mac', form: { kind: 'prefix', prefix: 'hmac-sha256=' } },
  },
  secret: {
    description: 'The `macSecretBase64` of the answer that created the webhook. It is shown that once.',
    development: 'ZGV2ZWxvcG1lbnQtbWFjLXNlY3JldC1vZi1haXJ0YWJsZQ==',
    check: (secret) =>
      keyBytes(secret, 'base64') && secret.length % 4 === 0
        ? undefined
        : 'It is not base64: use the value of macSecretBase64 as it is, padding ("=") included.',
  },
  events: {
    format: 'json',
    id: ['payload.base.id', 'payload.webhook.id', 'payload.timestamp'],
    type: () => 'notification',
    subject: ['payload.base.id', 'payload.webhook.id'],
    // Milliseconds. Equal ones are the same ping; whoever handles one fetches everything up to then.
    revision: { field: 'payload.timestamp', as: 'timestamp' },
    snapshots: 'Each ping says only that there is something to fetch: the newest stands for all before it.',
    tenant: 'payload.base.id',
  },
  acknowledge: { status: 200 },
  retries: {
    schedule:
      'several, then the notifications of the webhook are switched off; a webhook expires after 7 days unless refreshed',
    timeoutSeconds: 25,
    periodSeconds: 86_400,
  },
  registration: [
    'POST {"notificationUrl": "{url}", "specification": {"options": {"filters": {"dataTypes": ["tableData"]}}}} to https://api.airtable.com/v0/bases/<base>/webhooks',
    'Keep `macSecretBase64` of the answer: it is the secret of this source. Refresh the webhook at least every 7 days.',
  ],
  samples: [
    {
      type: 'notification',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          base: { id: 'app00000000000000' },
          webhook: { id: 'ach00000000000000' },
          timestamp: new Date(1_767_225_600_000 + seed).toISOString(),
        }),
    },
  ],
};
