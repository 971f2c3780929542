import type { Provider } from '../pack/provider.ts';

/** LaunchDarkly: entries of the audit log. */
export const provider: Provider = {
  name: 'launchdarkly',
  title: 'LaunchDarkly',
  documentation: [
    'https://launchdarkly.com/docs/home/infrastructure/webhooks',
    'https://launchdarkly.com/docs/api/webhooks',
  ],
  unverified: 'The retry schedule was not checked.',
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'hex',
    key: 'utf8',
    signed: '{body}',
    signature: { header: 'x-ld-signature', form: { kind: 'bare' } },
  },
  secret: {
    description: 'The secret of the webhook, with “Sign this webhook” checked.',
    development: 'development-secret-of-launchdarkly',
    check: (secret) =>
      /^(sdk|mob|api)-/.test(secret) ? 'It is an SDK or API key: use the secret of the webhook.' : undefined,
  },
  events: {
    format: 'json',
    // The id of the audit log entry.
    id: 'payload._id',
    type: 'payload.kind',
    subject: 'payload._links.canonical.href',
    // Milliseconds; the documentation advises to order by it. Equal ones are all applied.
    revision: { field: 'payload.date', as: 'milliseconds' },
    snapshots:
      'Each entry of the audit log carries its whole resource, and the documentation orders by its date in milliseconds.',
  },
  retries: { schedule: 'one more attempt', periodSeconds: 3600 },
  registration: [
    'Organization settings → Integrations → Webhooks: URL {url}, sign it with the secret {secret}.',
  ],
  samples: [
    {
      type: 'flag',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          _links: { canonical: { href: `/api/v2/flags/sample/flag-${seed}`, type: 'application/json' } },
          _id: seed.toString(16).padStart(24, '0'),
          date: 1_767_225_600_000 + seed,
          kind: 'flag',
          name: 'Sample',
          titleVerb: 'turned on the flag',
        }),
    },
  ],
};
