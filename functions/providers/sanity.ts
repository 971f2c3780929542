import type { Provider } from './provider.ts';

/** Sanity: GROQ-powered webhooks. What the body holds is up to the projection. */
export const provider: Provider = {
  name: 'sanity',
  title: 'Sanity',
  documentation: [
    'https://www.sanity.io/docs/content-lake/webhooks',
    'https://www.sanity.io/docs/content-lake/webhook-best-practices',
    'https://www.sanity.io/docs/changelog/50ec6abf-fe0c-475b-ae72-314148860132',
    'https://github.com/sanity-io/webhook-toolkit',
  ],
  unverified: 'That the idempotency key stays the same over retries was not checked.',
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'base64url',
    key: 'utf8',
    signed: '{timestamp}.{body}',
    signature: { header: 'sanity-webhook-signature', form: { kind: 'pairs', separator: ',', key: 'v1' } },
    timestamp: { from: { pair: 't' }, unit: 'milliseconds', toleranceSeconds: 300 },
  },
  secret: {
    description: 'The secret of the webhook: any text, the same as here.',
    development: 'development-secret-of-sanity',
  },
  events: {
    format: 'json',
    id: 'header.idempotency-key',
    type: { any: [['payload._type', 'header.sanity-operation'], 'header.sanity-operation', 'payload._type'] },
    subject: ['header.sanity-dataset', 'payload._id'],
    // The time of the change. Not _updatedAt: what a deletion shows is the document as it was, with its old time.
    // Equal ones are all applied.
    revision: { field: 'header.sanity-transaction-time', as: 'timestamp' },
    snapshots:
      'The projection that the webhook is set up with is taken of the whole document, at every change.',
    deletes: ({ headers }) => headers['sanity-operation'] === 'delete',
    tenant: 'header.sanity-project-id',
  },
  eventHeaders: ['sanity-document-id', 'sanity-operation'],
  retries: {
    schedule: '2 retries 30 s apart, on 429 and 5xx',
    timeoutSeconds: 30,
    periodSeconds: 120,
  },
  registration: [
    'sanity.io/manage → API → Webhooks: URL {url}, secret {secret}; let the projection include _id.',
  ],
  samples: [
    {
      type: 'post:update',
      headers: {
        'content-type': 'application/json',
        'sanity-operation': 'update',
        'sanity-dataset': 'production',
      },
      body: (seed) => JSON.stringify({ _id: `post-${seed}`, _type: 'post', title: 'Grüße' }),
    },
  ],
};
