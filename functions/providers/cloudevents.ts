import type { HandshakeContext, Provider } from '../pack/provider.ts';
import type { Answer, EventContext } from '../pack/request.ts';
import type { CustomScheme, SharedSecretScheme } from '../pack/scheme.ts';
import { parseBody } from '../parsing/body.ts';
import { EVERYTHING } from '../verification/coverage.ts';
import { verifyQuerySecret } from '../verification/query-secret.ts';
import { signSharedSecret, verifySharedSecret } from '../verification/shared-secret.ts';

const bearer: SharedSecretScheme = { kind: 'shared-secret', header: 'authorization', prefix: 'Bearer ' };

/** Section 3 of the webhook specification: the token in the header, or in the query; the header decides. */
const verification: CustomScheme = {
  kind: 'custom',
  covers: EVERYTHING,
  proof: 'token in `authorization`, or in the query as `access_token`',
  credentials: ['authorization'],
  verify: (context) =>
    context.request.headers.authorization === undefined
      ? verifyQuerySecret('access_token', context)
      : verifySharedSecret(bearer, context),
  sign: (context) => signSharedSecret(bearer, context),
};

/**
 * Section 4: the sender asks whether it may send here. The answer grants no more than that: whatever arrives still has
 * to carry the token. The callback address that a request may name is never called.
 */
export function answerOptions({ request }: HandshakeContext): Answer | undefined {
  const origin = request.headers['webhook-request-origin'];
  if (!origin || !/^[A-Za-z0-9.*:-]{1,255}$/.test(origin)) return undefined;
  const headers = { allow: 'POST', 'webhook-allowed-origin': origin };
  const asked = request.headers['webhook-request-rate'] !== undefined;
  return { status: 200, headers: asked ? { ...headers, 'webhook-allowed-rate': '*' } : headers };
}

/** Attributes of the binary mode are headers `ce-…`, percent-encoded (HTTP binding, section 3.1.3.2). */
function attributes(headers: EventContext['headers']): Readonly<Record<string, string>> {
  const found = Object.entries(headers).filter(([name]) => name.startsWith('ce-'));
  return Object.fromEntries(found.map(([name, value]) => [name.slice(3), decode(value)]));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Every mode becomes the structured one: attributes beside `data`. */
function split(body: unknown, headers: EventContext['headers']): readonly unknown[] {
  const text = String(body);
  const contentType = headers['content-type'] ?? '';
  const json = () => parseBody('json', Buffer.from(text));
  if (/^\s*application\/cloudevents-batch\b/i.test(contentType)) {
    const events = json();
    return Array.isArray(events) ? events : [events];
  }
  if (/^\s*application\/cloudevents\b/i.test(contentType) || headers['ce-specversion'] === undefined)
    return [json()];
  const isJson = /^\s*[\w.+-]+\/([\w.-]+\+)?json\b/i.test(contentType) && text !== '';
  return [{ ...attributes(headers), datacontenttype: contentType, data: isJson ? json() : text }];
}

export const provider: Provider = {
  name: 'cloudevents',
  title: 'CloudEvents over HTTP',
  documentation: [
    'https://github.com/cloudevents/spec/blob/main/cloudevents/http-webhook.md',
    'https://github.com/cloudevents/spec/blob/main/cloudevents/bindings/http-protocol-binding.md',
  ],
  unverified: 'Data of the binary mode that is not UTF-8 text cannot be carried and is quarantined.',
  verification,
  secret: {
    description:
      'The access token that the sender puts after "Authorization: Bearer". Senders with JWTs: use the pack "jwt".',
    development: 'development-token-of-cloudevents',
  },
  // The specification leaves the token to both sides.
  mayBeUnsigned: true,
  events: {
    format: 'text',
    split,
    // Unique together, by the specification.
    id: ['payload.source', 'payload.id'],
    type: 'payload.type',
    subject: ['payload.source', 'payload.subject'],
    // As precise as it is written; equal ones are all applied. For the sequence extension configure
    // `revision: 'payload.sequence'`.
    revision: { field: 'payload.time', as: 'timestamp' },
  },
  eventHeaders: ['ce-*'],
  handshakes: [{ method: 'OPTIONS', when: 'before', answer: answerOptions }],
  retries: {
    schedule: 'up to the sender; 429 slows it down, 410 ends the deliveries',
    periodSeconds: 86_400,
  },
  registration: ['Give the sender the URL {url} and the access token. Inlet answers its OPTIONS request.'],
  samples: [
    {
      type: 'com.example.sample',
      headers: { 'content-type': 'application/cloudevents+json' },
      body: (seed) =>
        JSON.stringify({
          specversion: '1.0',
          id: `A234-${seed}`,
          source: '/sample',
          type: 'com.example.sample',
          subject: String(seed),
          time: new Date(1_767_225_600_000 + seed).toISOString(),
          datacontenttype: 'application/json',
          data: { number: seed },
        }),
    },
  ],
};
