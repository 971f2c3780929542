import type { Provider } from '../pack/provider.ts';

/** GitHub: repositories, organisations and apps. */
export const provider: Provider = {
  name: 'github',
  title: 'GitHub',
  documentation: [
    'https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries',
    'https://docs.github.com/en/webhooks/using-webhooks/best-practices-for-using-webhooks',
  ],
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'hex',
    key: 'utf8',
    signed: '{body}',
    // The SHA-1 signature beside it (X-Hub-Signature) never counts.
    signature: { header: 'x-hub-signature-256', form: { kind: 'prefix', prefix: 'sha256=' } },
  },
  secret: {
    description: 'The secret of the webhook: any text, the same as here.',
    development: 'development-secret-of-github',
    check: (secret) =>
      /^(gh[opsu]_|github_pat_)/.test(secret)
        ? 'It is an access token: use the secret of the webhook.'
        : undefined,
  },
  events: {
    // A webhook of content type form sends the JSON in the field `payload`; its signature covers the form.
    format: 'auto',
    // Stays the same when a delivery is sent again. The body has no id, but what happened and when.
    deliveryId: 'header.x-github-delivery',
    unsignedType: ({ headers, payload }) => {
      const action = (payload as { action?: unknown } | null)?.action;
      const event = headers['x-github-event'];
      return event && typeof action === 'string' ? `${event}.${action}` : event;
    },
    tenant: { any: ['payload.organization.login', 'payload.repository.owner.login'] },
  },
  eventHeaders: ['x-github-event', 'x-github-hook-id', 'x-github-hook-installation-target-id'],
  retries: {
    schedule: 'none by itself; deliveries of the last 3 days can be sent again by hand or API',
    timeoutSeconds: 10,
    periodSeconds: 3 * 86_400,
  },
  registration: [
    'Settings → Webhooks → Add webhook: payload URL {url}, content type application/json, secret {secret}.',
    'By API: POST /repos/<owner>/<repo>/hooks with config.url, config.content_type "json" and config.secret.',
  ],
  samples: [
    {
      type: 'issues.opened',
      headers: { 'content-type': 'application/json', 'x-github-event': 'issues' },
      body: (seed) =>
        JSON.stringify({
          action: 'opened',
          issue: { id: 1_000_000 + seed, number: seed, title: 'Überschrift' },
          repository: { id: 1, full_name: 'sample/repository', owner: { login: 'sample' } },
        }),
    },
  ],
};
