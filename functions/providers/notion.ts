import type { HandshakeContext, Provider } from '../pack/provider.ts';
import { peekObject } from '../parsing/peek.ts';

/** The first request hands the key over, unsigned, and is nothing else. */
async function answerVerification({ request, actions }: HandshakeContext) {
  if (request.headers['x-notion-signature'] !== undefined) return undefined;
  const body = peekObject(request.body);
  const token = body?.verification_token;
  if (typeof token !== 'string' || body?.type !== undefined || !/^[\x21-\x7e]{16,256}$/.test(token)) {
    return undefined;
  }
  if ((await actions.learnSecret(token)) === 'closed') {
    const message =
      'No registration is open for this source: run "inlet register <source> --open 10m", then press Resend token in Notion.';
    return { status: 403, body: message };
  }
  return { status: 200 };
}

export const provider: Provider = {
  name: 'notion',
  title: 'Notion',
  documentation: [
    'https://developers.notion.com/reference/webhooks',
    'https://developers.notion.com/reference/webhooks-events-delivery',
  ],
  unverified: 'That the id stays over retries, and how long Notion retries, was not checked.',
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'hex',
    key: 'utf8',
    signed: '{body}',
    signature: { header: 'x-notion-signature', form: { kind: 'prefix', prefix: 'sha256=' } },
  },
  secret: {
    description:
      'The verification token (`secret_…`) of the subscription. Inlet stores it while a registration is open.',
    development: 'secret_development-token-of-notion',
    check: (secret) =>
      secret.startsWith('secret_')
        ? undefined
        : 'It does not begin with "secret_": use the verification token of the webhook, not a token of the API.',
    handedOver: true,
  },
  events: {
    format: 'json',
    // The body also counts `attempt_number`, so its hash would not do.
    id: 'payload.id',
    type: 'payload.type',
    subject: ['payload.entity.type', 'payload.entity.id'],
    // Milliseconds; equal ones are all applied, and the page has to be fetched either way.
    revision: { field: 'payload.timestamp', as: 'timestamp' },
    snapshots:
      'Each event says that its entity has changed and is to be fetched: the newest stands for all before it.',
    deletes: ({ payload }) => String((payload as { type?: unknown } | null)?.type).endsWith('.deleted'),
    tenant: 'payload.workspace_id',
  },
  acknowledge: { status: 200 },
  handshakes: [{ method: 'POST', when: 'before', answer: answerVerification }],
  retries: { schedule: '8 retries over 24 h', periodSeconds: 86_400 },
  registration: [
    'First open a window for the token: inlet register <source> --open 10m',
    'Notion → Settings → Integrations → yours → Webhooks → Create a subscription: {url}',
    'Notion sends the token; show it with: inlet register <source> --received. Paste it where Notion asks for it (Verify).',
  ],
  samples: [
    {
      type: 'page.content_updated',
      headers: { 'content-type': 'application/json' },
      body: (seed) => {
        const hex = seed.toString(16).padStart(12, '0');
        return JSON.stringify({
          id: `367cba44-b6f3-4c92-81e7-${hex}`,
          timestamp: new Date(1_767_225_600_000 + seed).toISOString(),
          workspace_id: '13950b26-c203-4f3b-b97d-93ec06319565',
          type: 'page.content_updated',
          attempt_number: 1,
          entity: { id: `153104cd-477e-809d-8dc4-${hex}`, type: 'page' },
          data: { updated_blocks: [] },
        });
      },
    },
  ],
};
