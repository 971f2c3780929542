import type { HandshakeContext, Provider } from '../pack/provider.ts';

/** What a key of Asana's may look like; also what a response header can carry. */
const HOOK_SECRET = /^[A-Za-z0-9+/=_-]{16,256}$/;

/** Asana hands the key over with the first request and wants it echoed: it is never sent again. */
async function answerHandshake({ request, actions }: HandshakeContext) {
  const secret = request.headers['x-hook-secret'];
  if (secret === undefined) return undefined;
  if (!HOOK_SECRET.test(secret)) return { status: 400, body: 'X-Hook-Secret does not look like a key.' };
  if ((await actions.learnSecret(secret)) === 'closed') {
    const body =
      'No registration is open for this source: run "inlet register <source> --open 10m", then create the webhook.';
    return { status: 403, body };
  }
  return { status: 200, headers: { 'x-hook-secret': secret } };
}

export const provider: Provider = {
  name: 'asana',
  title: 'Asana',
  documentation: [
    'https://developers.asana.com/docs/webhooks-guide',
    'https://developers.asana.com/reference/webhooks',
  ],
  unverified: 'That a repeated delivery carries the same items, byte for byte, is not documented.',
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'hex',
    key: 'utf8',
    signed: '{body}',
    signature: { header: 'x-hook-signature', form: { kind: 'bare' } },
  },
  secret: {
    description:
      'The X-Hook-Secret of the handshake, one for each webhook. Inlet stores it while a registration is open.',
    development: 'development0hook0secret0of0asana',
    handedOver: true,
  },
  events: {
    format: 'json',
    // An empty list is the heartbeat. Items have no id: their content, time included, is the key.
    split: 'payload.events',
    type: ['payload.resource.resource_type', 'payload.action'],
    subject: 'payload.resource.gid',
    // Milliseconds. One change may give several items of one time: all are applied, and say no more than
    // that the resource has to be fetched again.
    revision: { field: 'payload.created_at', as: 'timestamp' },
    deletes: ({ payload }) => (payload as { action?: unknown } | null)?.action === 'deleted',
  },
  acknowledge: { status: 200 },
  handshakes: [{ method: 'POST', when: 'before', answer: answerHandshake }],
  retries: {
    schedule: 'with growing pauses for 24 h, then the webhook is deleted',
    timeoutSeconds: 10,
    periodSeconds: 86_400,
  },
  registration: [
    'First open a window for the key: inlet register <source> --open 10m',
    'POST {"data": {"resource": "<gid>", "target": "{url}"}} to https://app.asana.com/api/1.0/webhooks',
    'Asana calls the URL while that request runs; the key is then stored, and the window closes. Each further webhook needs a window of its own.',
  ],
  samples: [
    {
      type: 'task:changed',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          events: [
            {
              user: { gid: '1200000000000001', resource_type: 'user' },
              created_at: new Date(1_767_225_600_000 + seed).toISOString(),
              action: 'changed',
              resource: { gid: String(1_200_000_000_000 + seed), resource_type: 'task' },
              parent: null,
              change: { field: 'completed', action: 'changed' },
            },
          ],
        }),
    },
  ],
};
