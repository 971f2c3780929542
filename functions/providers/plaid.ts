import { namedByProof } from '../pack/fields.ts';
import type { Provider } from '../pack/provider.ts';
import { plaidToken } from '../verification/plaid.ts';

/** Plaid: a JWT in a header carries the hash of the body. Nobody else can sign a sample. */
export const provider: Provider = {
  name: 'plaid',
  title: 'Plaid',
  documentation: [
    'https://plaid.com/docs/api/webhooks/',
    'https://plaid.com/docs/api/webhooks/webhook-verification/',
  ],
  unverified:
    'The retries, and whether each carries a token of its own. No pair of a printed token and its key exists to test against.',
  verification: plaidToken,
  secret: { description: 'None: tokens are verified with the keys of options.jwks.', development: '' },
  options: {
    jwks: {
      description:
        'Keys as /webhook_verification_key/get returns them: { keys: [ … ] }. Plaid gives them only to who logs in ' +
        'with the client id and secret, so Inlet does not fetch them; add a new one when Plaid announces it.',
      required: true,
      example: { keys: [] },
      check: (value) =>
        Array.isArray((value as { keys?: unknown } | null)?.keys)
          ? undefined
          : 'give a key set: { keys: [ … ] }',
    },
  },
  events: {
    format: 'json',
    // No id, and "there is something new for this item" reads the same every time: without the time of the token
    // each but the first would count as a repeat. A retry may carry another time; it is then seen once more.
    id: namedByProof,
    type: ({ payload }) => {
      const { webhook_type: type, webhook_code: code } = (payload ?? {}) as Record<string, unknown>;
      return typeof type === 'string' && typeof code === 'string' ? `${type}.${code}` : undefined;
    },
  },
  acknowledge: { status: 200 },
  retries: {
    schedule: 'up to 6 times within 24 hours, from 30 s on, each pause four times the last',
    timeoutSeconds: 10,
    periodSeconds: 86_400,
  },
  registration: [
    'Give {url} as "webhook" to /link/token/create, or set it by /item/webhook/update.',
    'Call /webhook_verification_key/get with the key id of a first request and put the key into options.jwks.',
  ],
  samples: [],
};
