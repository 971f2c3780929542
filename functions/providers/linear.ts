import type { Provider } from '../pack/provider.ts';

/** Linear: issues, comments, projects and the rest of a workspace. */
export const provider: Provider = {
  name: 'linear',
  title: 'Linear',
  documentation: [
    'https://linear.app/developers/webhooks',
    'https://github.com/linear/linear/blob/master/packages/sdk/src/webhooks/client.ts',
  ],
  unverified:
    'If a retry carries the time of the first attempt, the window of a minute refuses it: set toleranceSeconds to 28800 then. That Linear-Delivery stays the same over retries was not checked, so it is not used.',
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'hex',
    key: 'utf8',
    signed: '{body}',
    signature: { header: 'linear-signature', form: { kind: 'bare' } },
    // In the body, so that it is signed; the header Linear-Timestamp beside it is not.
    timestamp: { from: { body: 'webhookTimestamp' }, unit: 'milliseconds', toleranceSeconds: 60 },
  },
  secret: {
    description: 'The signing secret on the page of the webhook.',
    development: 'lin_wh_development_secret_of_linear',
    check: (secret) =>
      secret.startsWith('lin_api_') ? 'It is an API key: use the signing secret.' : undefined,
  },
  events: {
    format: 'json',
    // There is no id of the event (webhookId names the hook): it is known by its content, less what attempts change.
    volatile: ['payload.webhookTimestamp', 'payload.webhookId'],
    type: ['payload.type', 'payload.action'],
    subject: ['payload.type', 'payload.data.id'],
    // Milliseconds. Equal ones are all applied.
    revision: { field: 'payload.createdAt', as: 'timestamp' },
    snapshots: 'Each event carries its whole object, with its time in milliseconds.',
    deletes: ({ payload }) => (payload as { action?: unknown } | null)?.action === 'remove',
    tenant: 'payload.organizationId',
  },
  eventHeaders: ['linear-delivery', 'linear-event'],
  acknowledge: { status: 200 },
  retries: { schedule: '3 retries: after 1 min, 1 h, 6 h', timeoutSeconds: 5, periodSeconds: 8 * 3600 },
  registration: ['Settings → API → Webhooks → New webhook: URL {url}, then copy its signing secret.'],
  samples: [
    {
      type: 'Issue:update',
      headers: { 'content-type': 'application/json', 'linear-event': 'Issue' },
      body: (seed) =>
        JSON.stringify({
          action: 'update',
          type: 'Issue',
          createdAt: '2026-01-01T00:00:00.000Z',
          data: { id: `issue-${seed}`, title: 'Überschrift' },
          organizationId: 'organization-sample',
          // Set to the time of sending when the sample is signed.
          webhookTimestamp: 1_767_225_600_000,
          webhookId: 'hook-sample',
        }),
    },
  ],
};
