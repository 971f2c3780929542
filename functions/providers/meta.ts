import { isObject } from '../core/is-object.ts';
import type { Field } from '../pack/fields.ts';
import { textOption } from '../pack/option-rules.ts';
import type { HandshakeContext, Provider } from '../pack/provider.ts';
import type { EventContext } from '../pack/request.ts';
import { equalText } from '../verification/compare.ts';
import { queryValues } from '../verification/query-secret.ts';
import { splitEntries } from './meta-items.ts';

function answerSubscription({ request, options }: HandshakeContext) {
  const one = (name: string) => queryValues(request.url, name)[0];
  const challenge = one('hub.challenge');
  if (one('hub.mode') !== 'subscribe' || challenge === undefined) return undefined;
  const expected = options.verifyToken;
  if (typeof expected !== 'string' || expected === '') {
    return {
      status: 403,
      body: 'This source has no options.verifyToken: set one and enter the same at Meta.',
    };
  }
  if (!equalText(expected, one('hub.verify_token') ?? '')) return { status: 403 };
  const headers = { 'content-type': 'text/plain', 'x-content-type-options': 'nosniff' };
  return { status: 200, headers, body: challenge };
}

/** A message passes through these; times are whole seconds, so the order within one comes from here. */
const RANKS: Readonly<Record<string, number>> = {
  sent: 1,
  delivered: 2,
  read: 3,
  played: 4,
  failed: 5,
  deleted: 6,
};

function statusRevision({ payload }: EventContext): string | undefined {
  const status = isObject(payload) && isObject(payload.status) ? payload.status : {};
  const rank = Object.hasOwn(RANKS, String(status.status)) ? RANKS[String(status.status)] : 0;
  return /^\d{1,12}$/.test(String(status.timestamp)) ? `${status.timestamp}${rank}` : undefined;
}

/** A message to a WhatsApp group has a status for each participant; the second id comes where the number is hidden. */
function ofParticipant(...paths: readonly string[]): Field {
  const participant = ['recipient_participant_id', 'recipient_participant_user_id'];
  return { any: [...participant.map((id) => [...paths, `payload.status.${id}`]), paths] };
}

function typeOf({ payload }: EventContext): string | undefined {
  if (!isObject(payload)) return undefined;
  const kinds = ['status', 'message', 'messaging', 'standby'].filter((kind) => payload[kind] !== undefined);
  return [payload.object, payload.field, ...kinds].filter((part) => typeof part === 'string').join('.');
}

/** Facebook pages, Instagram and WhatsApp: one form of webhook for all products of Meta. */
export const provider: Provider = {
  name: 'meta',
  title: 'Meta (Facebook, Instagram, WhatsApp)',
  documentation: [
    'https://developers.facebook.com/docs/graph-api/webhooks/getting-started',
    'https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components',
    'https://developers.facebook.com/docs/messenger-platform/webhooks',
  ],
  unverified:
    'Changes outside of WhatsApp and Messenger have no id; whether their entry keeps its `time` over retries is not documented.',
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'hex',
    key: 'utf8',
    signed: '{body}',
    signature: { header: 'x-hub-signature-256', form: { kind: 'prefix', prefix: 'sha256=' } },
  },
  secret: {
    description: 'The App Secret: App Dashboard → App settings → Basic.',
    development: 'development-app-secret-of-meta',
  },
  options: {
    verifyToken: textOption(
      'The text that you also enter as "Verify token" at Meta; it guards the subscription only.',
    ),
  },
  events: {
    format: 'json',
    split: splitEntries,
    // Without an id the item's content is the key, the time of its entry included: a change that is taken twice
    // does less harm than one that is taken for a repeat of an earlier one.
    id: {
      any: [
        ofParticipant('payload.status.id', 'payload.status.status', 'payload.status.timestamp'),
        'payload.message.id',
        'payload.messaging.message.mid',
      ],
    },
    type: typeOf,
    subject: ofParticipant('payload.object', 'payload.status.id'),
    // Second and state of a WhatsApp status. Equal: the same status.
    revision: { field: statusRevision, as: 'integer' },
    snapshots:
      'A status of a WhatsApp message replaces the one before: it goes from sent over delivered to read, and back never.',
    state: 'payload.status.status',
    tenant: 'payload.entry.id',
  },
  acknowledge: { status: 200 },
  handshakes: [{ method: 'GET', when: 'before', answer: answerSubscription }],
  retries: {
    schedule: 'at once and a few times more, with growing pauses, over 36 h (WhatsApp: 7 days)',
    timeoutSeconds: 10,
    periodSeconds: 7 * 86_400,
  },
  registration: [
    'App Dashboard → Webhooks: Callback URL {url}, Verify token: the options.verifyToken of this source.',
    'Then subscribe to the fields that you want. Inlet answers the request that checks the token.',
  ],
  samples: [
    {
      type: 'whatsapp_business_account.messages.status',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          object: 'whatsapp_business_account',
          entry: [
            {
              id: '102290129340398',
              changes: [
                {
                  field: 'messages',
                  value: {
                    messaging_product: 'whatsapp',
                    metadata: { phone_number_id: '106540352242922' },
                    statuses: [
                      {
                        id: `wamid.sample${seed}`,
                        status: 'delivered',
                        timestamp: String(1_767_225_600 + seed),
                      },
                    ],
                  },
                },
              ],
            },
          ],
        }),
    },
  ],
};
