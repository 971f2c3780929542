import type { Provider } from '../pack/provider.ts';
import type { EventContext } from '../pack/request.ts';
import type { CustomScheme, HmacScheme } from '../pack/scheme.ts';
import { BODY_ONLY } from '../verification/coverage.ts';
import { digestAlgorithm } from '../verification/hmac.ts';
import { verifyQuerySecret } from '../verification/query-secret.ts';
import { signSigned, verifySigned } from '../verification/signed-request.ts';

const scheme: HmacScheme = {
  kind: 'hmac',
  algorithm: 'sha256',
  encoding: 'hex',
  key: 'utf8',
  signed: '{body}',
  // Twice for a day while the secret is changed.
  signature: { header: 'x-mollie-signature', form: { kind: 'prefix', prefix: 'sha256=', separator: ',' } },
};

/**
 * Next-gen webhooks are signed. Classic ones (`id=tr_…` as a form) are not, so the webhookUrl of a payment has to
 * carry the secret in its query; a request with a signature is judged by that alone.
 */
const verification: CustomScheme = {
  kind: 'custom',
  covers: BODY_ONLY,
  proof: 'HMAC-SHA256 (hex) of `{body}` in `x-mollie-signature`; classic: secret in the query',
  credentials: ['x-mollie-signature'],
  verify: (context) =>
    context.request.headers['x-mollie-signature'] === undefined
      ? verifyQuerySecret('secret', context)
      : verifySigned(scheme, digestAlgorithm(scheme), context),
  sign: (context) => signSigned(scheme, digestAlgorithm(scheme), context),
};

/** The id of a next-gen event. A classic webhook has that of the payment, of which it comes for every change. */
function idOf({ payload }: EventContext): string | undefined {
  const { id, type } = (payload ?? {}) as { id?: unknown; type?: unknown };
  return typeof id === 'string' && typeof type === 'string' ? id : undefined;
}

export const provider: Provider = {
  name: 'mollie',
  title: 'Mollie',
  documentation: [
    'https://docs.mollie.com/reference/webhooks-new',
    'https://docs.mollie.com/reference/webhooks-best-practices',
    'https://docs.mollie.com/reference/webhooks',
  ],
  unverified: 'The retry schedule of next-gen webhooks was not checked.',
  verification,
  secret: {
    description:
      'The signing secret of the webhook (next-gen). For classic webhooks: any long text, in the query of webhookUrl.',
    development: 'development-secret-of-mollie',
  },
  events: {
    format: 'auto',
    id: idOf,
    unsignedId: {
      field: ({ requestId }) => requestId,
      because:
        'A classic webhook says no more than that something about a payment changed: every change looks the same, and so does a retry. So each arrival counts; who knows the secret of the URL can only make you look once more.',
    },
    type: { any: ['payload.type', () => 'classic'] },
    subject: 'payload.entityId',
    // As precise as it is written. Equal times of one entity: all are applied.
    revision: { field: 'payload.createdAt', as: 'timestamp' },
    snapshots: 'Each event names what to fetch, ordered by its time: the newest stands for all before it.',
  },
  acknowledge: { status: 200 },
  retries: {
    schedule: '10 tries over 26 h',
    timeoutSeconds: 15,
    periodSeconds: 26 * 3600,
  },
  registration: [
    'Next-gen: Dashboard → Developers → Webhooks, or POST {"name": "inlet", "url": "{url}", "eventTypes": "*"} to https://api.mollie.com/v2/webhooks; keep the signing secret.',
    'Classic: give each payment the webhookUrl {url}?secret=<the secret of this source>, and fetch the payment when its event is handled.',
  ],
  samples: [
    {
      type: 'payment-link.paid',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          resource: 'event',
          id: `event_sample${seed}`,
          type: 'payment-link.paid',
          entityId: `pl_sample${seed}`,
          createdAt: new Date(1_767_225_600_000 + seed).toISOString(),
        }),
    },
  ],
};
