import type { HandshakeContext, Provider } from '../pack/provider.ts';
import {
  BRAINTREE_CHALLENGE,
  braintreeDigest,
  braintreeKeys,
  braintreeSignature,
} from '../verification/braintree.ts';
import { readNotification } from './braintree-xml.ts';

/** Signs the challenge of Braintree's URL check with the current keys. */
function answerChallenge({ request, secrets }: HandshakeContext) {
  const challenge = URL.canParse(request.url) ? new URL(request.url).searchParams.get('bt_challenge') : null;
  const keys = secrets.map(braintreeKeys).find((pair) => pair !== undefined);
  // Nothing but a challenge is signed: the answer proves requests, too.
  if (challenge === null || !BRAINTREE_CHALLENGE.test(challenge) || !keys) return undefined;
  return {
    status: 200,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: `${keys.publicKey}|${braintreeDigest(keys.privateKey, challenge).toString('hex')}`,
  };
}

/** Braintree: a form that carries XML in base64. */
export const provider: Provider = {
  name: 'braintree',
  title: 'Braintree',
  documentation: [
    'https://developer.paypal.com/braintree/docs/guides/webhooks/overview',
    'https://developer.paypal.com/braintree/docs/guides/webhooks/parse',
  ],
  unverified: 'The retries (hourly, 24 hours), and that they carry the same timestamp.',
  verification: braintreeSignature,
  secret: {
    description: 'Public and private key of the API, with a bar between them: "public_key|private_key".',
    development: 'development_public_key|development_private_key',
    check: (secret) =>
      braintreeKeys(secret)
        ? undefined
        : 'Write it as "public_key|private_key": both keys, one bar between them.',
  },
  events: {
    format: 'form',
    // The event is what the payload says: kind, timestamp, subject and the whole XML.
    split: (body) => [readNotification((body as { bt_payload?: unknown }).bt_payload)],
    // No id. Two events of one kind and subject in one second would be one; Braintree tells no more.
    id: ['payload.kind', 'payload.subjectId', 'payload.timestamp'],
    type: 'payload.kind',
    // Each kind apart: an event of another kind in the same second must not be taken for older.
    subject: ['payload.kind', 'payload.subjectId'],
    // To the second. Equal ones are all applied.
    revision: { field: 'payload.timestamp', as: 'timestamp' },
    snapshots:
      'Each notification of one kind carries its subject as it is then, and no other kind is compared with it.',
  },
  bodyCredentials: ['bt_signature'],
  acknowledge: { status: 200 },
  handshakes: [{ method: 'GET', when: 'before', answer: answerChallenge }],
  retries: { schedule: 'hourly for up to 24 hours', timeoutSeconds: 30, periodSeconds: 86_400 },
  registration: [
    'Control Panel → Settings → API → Webhooks: create one with the URL {url} and choose the kinds.',
    'Settings → API → Keys shows the public and the private key: enter both here as "public_key|private_key".',
  ],
  samples: [
    {
      type: 'subscription_charged_successfully',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: (seed) =>
        '<notification>\n  <kind>subscription_charged_successfully</kind>\n' +
        '  <timestamp type="datetime">2026-01-01T00:00:00Z</timestamp>\n' +
        `  <subject>\n    <subscription>\n      <id>sample-${seed}</id>\n    </subscription>\n  </subject>\n</notification>\n`,
    },
  ],
};
