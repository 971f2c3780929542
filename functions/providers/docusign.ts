import type { Provider } from '../pack/provider.ts';

/** DocuSign Connect: one numbered header for each active key. */
export const provider: Provider = {
  name: 'docusign',
  title: 'DocuSign Connect',
  documentation: [
    'https://developers.docusign.com/platform/webhooks/connect/hmac/',
    'https://developers.docusign.com/platform/webhooks/connect/json-sim-event-model/',
  ],
  unverified: 'The retries (15 days), and that generatedDateTime stays the same over them.',
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'base64',
    key: 'utf8',
    signed: '{body}',
    signature: { header: 'x-docusign-signature-*', form: { kind: 'bare' } },
  },
  secret: {
    description: 'A Connect key (Settings → Connect → Connect keys). Several may be active at once.',
    development: 'development-connect-key-of-docusign',
  },
  events: {
    format: 'json',
    id: {
      any: [
        ['payload.data.envelopeId', 'payload.event', 'payload.data.recipientId', 'payload.generatedDateTime'],
        ['payload.data.envelopeId', 'payload.event', 'payload.generatedDateTime'],
      ],
    },
    // Signed, but counts attempts.
    volatile: ['payload.retryCount'],
    type: 'payload.event',
    subject: 'payload.data.envelopeId',
    // Fractions of a microsecond. Equal ones are all applied.
    revision: { field: 'payload.generatedDateTime', as: 'timestamp' },
    deletes: ({ payload }) => (payload as { event?: unknown } | null)?.event === 'envelope-deleted',
    tenant: 'payload.data.accountId',
  },
  acknowledge: { status: 200 },
  retries: {
    schedule: 'with growing pauses for up to 15 days',
    timeoutSeconds: 100,
    periodSeconds: 15 * 86_400,
  },
  registration: [
    'Settings → Connect → Add configuration → Custom: enter {url}, data format REST v2.1 (JSON SIM), choose the events.',
    'Include HMAC signature, and add a Connect key: enter it here as the secret.',
    'Leave documents out of the messages: bodies above 6 MB are refused. XML is kept in quarantine.',
  ],
  samples: ['envelope-sent', 'envelope-completed'].map((event, position) => ({
    type: event,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: (seed: number) =>
      JSON.stringify({
        event,
        apiVersion: 'v2.1',
        retryCount: 0,
        configurationId: 1,
        generatedDateTime: `2026-01-01T00:00:00.000000${position}Z`,
        data: { accountId: 'sample-account', envelopeId: `sample-${seed}` },
      }),
  })),
};
