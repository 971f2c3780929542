import { namedByProof } from '../pack/fields.ts';
import type { Provider } from '../pack/provider.ts';
import type { EventContext } from '../pack/request.ts';
import { twilioSignature } from '../verification/twilio.ts';

/** Parameters of a form or fields of a JSON body. */
function parameter({ payload }: EventContext, ...names: readonly string[]): string | undefined {
  const fields = payload as Readonly<Record<string, unknown>> | null;
  for (const name of names) {
    const value =
      typeof fields === 'object' && fields && Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

function streamedId({ payload }: EventContext): string | undefined {
  const { id, specversion } = (payload ?? {}) as { id?: unknown; specversion?: unknown };
  return typeof id === 'string' && specversion !== undefined ? id : undefined;
}

const messageSid = (context: EventContext) => parameter(context, 'MessageSid', 'SmsSid');
const messageStatus = (context: EventContext) => parameter(context, 'MessageStatus', 'SmsStatus');

/** A message passes through these; callbacks arrive in any order, and nothing in them says when. */
const stages: Readonly<Record<string, number>> = {
  accepted: 1,
  scheduled: 1,
  queued: 2,
  sending: 3,
  receiving: 3,
  sent: 4,
  received: 5,
  delivered: 5,
  undelivered: 5,
  failed: 5,
  canceled: 5,
  read: 6,
};

/** Twilio: messages, calls, and the event streams (JSON). Signed with the URL as Twilio knows it. */
export const provider: Provider = {
  name: 'twilio',
  title: 'Twilio',
  documentation: [
    'https://www.twilio.com/docs/usage/webhooks/webhooks-security',
    'https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides',
  ],
  unverified:
    'That a retry says the same as the first attempt. Parameters are signed without marks between name and value, so a ' +
    'letter that moves from one to the other is not noticed, but it makes no other event. Two callbacks that say the same ' +
    '(the same digit pressed again) are one.',
  verification: twilioSignature,
  secret: {
    description: 'The auth token of the account (Console → Account → API keys & tokens).',
    development: '00000000000000000000000000000000',
    check: (secret) =>
      /^(AC|SK)[0-9a-f]{32}$/.test(secret)
        ? 'This is an account or key SID. Paste the auth token.'
        : undefined,
  },
  events: {
    format: 'json-or-form',
    // The event streams send a list. A form is never one, whatever its fields are called.
    split: 'payload',
    // Of a form all that is signed is the key, whatever its fields say, because names and values can be cut otherwise; the
    // token in a header (I-Twilio-Idempotency-Token) is signed by nobody. An event of a stream is signed byte for byte, so
    // that its proof has no name, and has an id.
    id: { any: [namedByProof, streamedId] },
    type: (context) => {
      const status = messageStatus(context);
      if (messageSid(context) && status) return `message.${status}`;
      const call = parameter(context, 'CallStatus');
      return call ? `call.${call}` : parameter(context, 'type', 'EventType');
    },
    subject: (context) => messageSid(context) ?? parameter(context, 'CallSid'),
    // Calls count their callbacks. Two final states of a message tie: both are applied.
    revision: {
      field: (context) =>
        messageSid(context) ? stages[messageStatus(context) ?? ''] : parameter(context, 'SequenceNumber'),
      as: 'integer',
    },
  },
  acknowledge: { status: 200, headers: { 'content-type': 'text/xml' }, body: '<Response/>' },
  retries: {
    schedule: 'one more attempt when no connection came about; #rc= and #rp= behind the URL ask for more',
    timeoutSeconds: 15,
    periodSeconds: 300,
  },
  registration: [
    'Console → phone number, messaging service or application: enter {url} with HTTP POST.',
    'The URL is part of the signature: enter it exactly so, and set publicUrl when Inlet is behind another name.',
  ],
  samples: ['queued', 'sent', 'delivered'].map((status) => ({
    type: `message.${status}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: (seed: number) =>
      new URLSearchParams({
        AccountSid: `AC${'1'.repeat(32)}`,
        From: '+15017122661',
        MessageSid: `SM${seed.toString(16).padStart(32, '0')}`,
        MessageStatus: status,
        To: '+15558675310',
      }).toString(),
  })),
};
