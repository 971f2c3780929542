import type { Provider } from '../pack/provider.ts';

/** Sentry: webhooks of an integration (issues, alerts, comments, installations). */
export const provider: Provider = {
  name: 'sentry',
  title: 'Sentry',
  documentation: ['https://docs.sentry.io/organization/integrations/integration-platform/webhooks/'],
  unverified: 'That Sentry never sends an event again is said by third parties only.',
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'hex',
    key: 'utf8',
    signed: '{body}',
    // Sentry-Hook-Timestamp is not signed, so it proves nothing and is not looked at.
    signature: { header: 'sentry-hook-signature', form: { kind: 'bare' } },
  },
  secret: {
    description: 'The client secret of the integration.',
    development: 'development-client-secret-of-sentry',
    check: (secret) =>
      secret.startsWith('sntrys_') || secret.startsWith('https://')
        ? 'It is a token or a DSN: use the client secret of the integration.'
        : undefined,
  },
  events: {
    format: 'json',
    deliveryId: 'header.request-id',
    unsignedType: { any: [['header.sentry-hook-resource', 'payload.action'], 'header.sentry-hook-resource'] },
    tenant: 'payload.installation.uuid',
  },
  retries: {
    schedule: 'none; an endpoint that keeps failing is cut off for a while',
    timeoutSeconds: 1,
    periodSeconds: 0,
  },
  registration: [
    'Settings → Integrations → Custom integrations: webhook URL {url}, then copy the client secret.',
  ],
  samples: [
    {
      type: 'issue:created',
      headers: { 'content-type': 'application/json', 'sentry-hook-resource': 'issue' },
      body: (seed) =>
        JSON.stringify({
          action: 'created',
          installation: { uuid: '11111111-1111-4111-8111-111111111111' },
          data: { issue: { id: String(seed), title: 'TypeError: “x” is undefined' } },
        }),
    },
  ],
};
