import { createHmac } from 'node:crypto';
import { isObject } from '../core/is-object.ts';
import type { HandshakeContext, Provider } from '../pack/provider.ts';
import type { EventContext } from '../pack/request.ts';
import type { CustomScheme, HmacScheme } from '../pack/scheme.ts';
import { BODY_ONLY } from '../verification/coverage.ts';
import { digestAlgorithm } from '../verification/hmac.ts';
import { queryValues } from '../verification/query-secret.ts';
import { signSigned, verifySigned } from '../verification/signed-request.ts';

const scheme: HmacScheme = {
  kind: 'hmac',
  algorithm: 'sha256',
  encoding: 'base64',
  key: 'utf8',
  signed: '{body}',
  signature: { header: 'x-twitter-webhooks-signature', form: { kind: 'prefix', prefix: 'sha256=' } },
};

/** No JSON object looks like this. */
const CRC_TOKEN = /^[A-Za-z0-9+/=_-]{1,512}$/;

/**
 * The challenge makes us sign what anybody asks for, with the key that signs events. So only tokens that cannot be
 * an event are answered, and only bodies that cannot be a token are events.
 */
const verification: CustomScheme = {
  kind: 'custom',
  covers: BODY_ONLY,
  proof: 'HMAC-SHA256 (base64) of `{body}` in `x-twitter-webhooks-signature`',
  verify: (context) =>
    context.request.body[0] === 0x7b /* { */
      ? verifySigned(scheme, digestAlgorithm(scheme), context)
      : { ok: false, reason: 'signature-malformed', hint: 'the body is not a JSON object' },
  sign: (context) => signSigned(scheme, digestAlgorithm(scheme), context),
};

function answerChallenge({ request, secrets }: HandshakeContext) {
  const [token] = queryValues(request.url, 'crc_token');
  const [secret] = secrets;
  if (token === undefined) return undefined;
  if (!CRC_TOKEN.test(token)) return { status: 400, body: 'This is not a challenge of X.' };
  if (!secret) return { status: 503, body: 'Set the consumer secret of this source first.' };
  const digest = createHmac('sha256', secret).update(token).digest('base64');
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ response_token: `sha256=${digest}` }),
  };
}

type Fields = Readonly<Record<string, unknown>>;

/** `tweet_create_events`, `direct_message_events`, …: the key of the list in an Account Activity body. */
const listKey = (body: Fields) => Object.keys(body).find((key) => /_events?$/.test(key));

/** One body for each item of the list; what stands beside it (users, apps) is part of every one. */
function split(body: unknown): readonly unknown[] {
  const key = isObject(body) ? listKey(body) : undefined;
  const list = key && isObject(body) ? body[key] : undefined;
  if (!key || !Array.isArray(list)) return [body];
  return list.map((item) => ({ ...(body as Fields), [key]: [item] }));
}

/** The id of the object alone is not the event's: a like of a post and the post are two. */
function idOf({ payload }: EventContext): string | undefined {
  if (!isObject(payload)) return undefined;
  const key = listKey(payload);
  const list = key ? payload[key] : undefined;
  const item: unknown = Array.isArray(list) ? list[0] : undefined;
  const id = isObject(item) ? (item.id_str ?? item.id) : undefined;
  return typeof id === 'string' && id !== '' ? [payload.for_user_id, key, id].join(':') : undefined;
}

/** X, formerly Twitter: Account Activity and what else is sent to a webhook of the API version 2. */
export const provider: Provider = {
  name: 'x',
  title: 'X (Twitter)',
  documentation: [
    'https://docs.x.com/x-api/webhooks/introduction',
    'https://docs.x.com/x-api/account-activity/introduction',
  ],
  unverified: 'X documents no retries. Which events carry an id of their own was checked for samples only.',
  verification,
  secret: {
    description: 'The consumer secret (API key secret) of the app, not the bearer token.',
    development: 'development-consumer-secret-of-x',
  },
  events: {
    format: 'json',
    split,
    id: { any: ['payload.data.event_uuid', idOf] },
    type: {
      any: ['payload.data.event_type', ({ payload }) => (isObject(payload) ? listKey(payload) : undefined)],
    },
    tenant: 'payload.for_user_id',
  },
  acknowledge: { status: 200 },
  handshakes: [{ method: 'GET', when: 'before', answer: answerChallenge }],
  retries: {
    schedule: 'none documented; a replay job of the API sends the last 24 h again',
    timeoutSeconds: 10,
    periodSeconds: 86_400,
  },
  registration: [
    'POST {"url": "{url}"} to https://api.x.com/2/webhooks with the bearer token of the app.',
    'X then asks GET {url}?crc_token=…, at once and every hour; Inlet answers with the consumer secret.',
  ],
  samples: [
    {
      type: 'tweet_create_events',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          for_user_id: '2244994945',
          tweet_create_events: [
            { id_str: `18000000000000${10_000 + seed}`, text: 'A sample', user: { id_str: '2244994945' } },
          ],
        }),
    },
  ],
};
