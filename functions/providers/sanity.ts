import { isObject } from '../core/is-object.ts';
import type { Provider } from '../pack/provider.ts';
import type { EventContext } from '../pack/request.ts';

const isDeletion = ({ payload }: EventContext) => isObject(payload) && payload._operation === 'delete';

/**
 * Of a deletion the document is sent as it was, with the time of its last change. It comes after that change and before
 * whatever is made anew, so it counts as a moment later: less than the second that Sanity's times are written to.
 */
function timeOfDeletion(context: EventContext): string | undefined {
  const { _updatedAt: time } = isObject(context.payload) ? context.payload : {};
  if (!isDeletion(context) || typeof time !== 'string') return undefined;
  return time.replace(/(\.\d+)?Z$/, (_, fraction: string = '.') => `${fraction}0000001Z`);
}

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
    deliveryId: 'header.idempotency-key',
    // Operation, dataset and project are headers, which nothing signs. A projection can put them into the body.
    type: ['payload._type', 'payload._operation'],
    unsignedType: {
      any: [['payload._type', 'header.sanity-operation'], 'header.sanity-operation', 'payload._type'],
    },
    subject: { any: [['payload._dataset', 'payload._id'], 'payload._id'] },
    // To the second. Equal ones are all applied, and a deletion after them.
    revision: { field: { any: [timeOfDeletion, 'payload._updatedAt'] }, as: 'timestamp' },
    snapshots:
      'The projection that the webhook is set up with is taken of the whole document, at every change.',
    deletes: isDeletion,
  },
  eventHeaders: [
    'sanity-dataset',
    'sanity-document-id',
    'sanity-operation',
    'sanity-project-id',
    'sanity-transaction-time',
  ],
  retries: {
    schedule: '2 retries 30 s apart, on 429 and 5xx',
    timeoutSeconds: 30,
    periodSeconds: 120,
  },
  registration: [
    'sanity.io/manage → API → Webhooks: URL {url}, secret {secret}; let the projection include _id, _type, _updatedAt, "_operation": delta::operation() and "_dataset": sanity::dataset().',
  ],
  samples: [
    {
      type: 'post:update',
      headers: {
        'content-type': 'application/json',
        'sanity-operation': 'update',
        'sanity-dataset': 'production',
      },
      body: (seed) =>
        JSON.stringify({
          _id: `post-${seed}`,
          _type: 'post',
          _updatedAt: '2026-01-01T00:00:00Z',
          title: 'Grüße',
        }),
    },
  ],
};
