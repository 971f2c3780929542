import type { HandshakeContext, Provider } from '../pack/provider.ts';

const MAX_CHALLENGE_LENGTH = 512;

/** Dropbox wants its challenge back, as text that no browser takes for a page. */
function echoChallenge({ request }: HandshakeContext) {
  const challenge = URL.canParse(request.url) ? new URL(request.url).searchParams.get('challenge') : null;
  if (!challenge || challenge.length > MAX_CHALLENGE_LENGTH) return undefined;
  return {
    status: 200,
    headers: { 'content-type': 'text/plain', 'x-content-type-options': 'nosniff' },
    body: challenge,
  };
}

/** Dropbox: "something changed in these accounts". What changed is fetched by cursor. */
export const provider: Provider = {
  name: 'dropbox',
  title: 'Dropbox',
  documentation: ['https://www.dropbox.com/developers/reference/webhooks'],
  unverified: 'The retries.',
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'hex',
    key: 'utf8',
    signed: '{body}',
    signature: { header: 'x-dropbox-signature', form: { kind: 'bare' } },
  },
  secret: {
    description: 'The app secret (App Console → your app → Settings).',
    development: 'development-app-secret-of-dropbox',
  },
  events: {
    format: 'json',
    unsignedId: {
      field: ({ requestId }) => requestId,
      because:
        'Two notices about one account are the same to the letter, and both count: the second one means "look again". So each arrival is an event, a retry and a captured notice as well: they cause one more look.',
    },
    type: () => 'change',
  },
  acknowledge: { status: 200 },
  handshakes: [{ method: 'GET', when: 'before', answer: echoChallenge }],
  retries: { schedule: 'with growing pauses', timeoutSeconds: 10, periodSeconds: 86_400 },
  registration: ['App Console → your app → Settings → Webhooks: add {url}. Dropbox checks it at once.'],
  samples: [
    {
      type: 'change',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          list_folder: { accounts: [`dbid:sample-${seed}`] },
          delta: { users: [12_345_678 + seed] },
        }),
    },
  ],
};
