import { createHmac } from 'node:crypto';
import { escapePart } from '../pack/fields.ts';
import type { HandshakeContext, Provider } from '../pack/provider.ts';
import type { EventContext } from '../pack/request.ts';
import { peekObject } from '../parsing/peek.ts';

type Fields = Readonly<Record<string, unknown> | undefined>;
const fields = (value: unknown) =>
  (typeof value === 'object' && value !== null ? value : undefined) as Fields;
const text = (value: unknown) =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;

/** A meeting, a user, … and within a meeting each participant: one's leaving must not make another's stale. */
function subjectOf({ payload }: EventContext): string | undefined {
  const event = fields(payload);
  const object = fields(fields(event?.payload)?.object);
  const id = text(object?.uuid) ?? text(object?.id);
  const kind = text(event?.event)?.split('.')[0];
  if (!kind || !id) return undefined;
  const participant = fields(object?.participant);
  const person = participant && (text(participant.participant_uuid) ?? text(participant.user_id) ?? '');
  return [kind, id, ...(participant ? [person ?? ''] : [])].map(escapePart).join(':');
}

/**
 * Answered only when signed, as Zoom's own sample does: the answer is an HMAC of whatever is asked, so an
 * unsigned answer would sign any event for anybody.
 */
function answerValidation({ request, secret }: HandshakeContext) {
  const body = peekObject(request.body);
  const plainToken = fields(body?.payload)?.plainToken;
  if (body?.event !== 'endpoint.url_validation' || typeof plainToken !== 'string' || !secret)
    return undefined;
  const encryptedToken = createHmac('sha256', secret).update(plainToken).digest('hex');
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ plainToken, encryptedToken }),
  };
}

export const provider: Provider = {
  name: 'zoom',
  title: 'Zoom',
  documentation: [
    'https://developers.zoom.us/docs/api/webhooks/',
    'https://github.com/zoom/webhook-sample',
    'https://developers.zoom.us/changelog/platform/webhook-url-validation/',
  ],
  unverified: 'The window of five minutes is our choice; the retry schedule was not checked.',
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'hex',
    key: 'utf8',
    signed: 'v0:{timestamp}:{body}',
    signature: { header: 'x-zm-signature', form: { kind: 'prefix', prefix: 'v0=' } },
    timestamp: { from: { header: 'x-zm-request-timestamp' }, unit: 'seconds', toleranceSeconds: 300 },
  },
  secret: {
    description: 'The Secret Token of the app: Features → Access → Event Subscriptions.',
    development: 'development-secret-token-of-zoom',
  },
  events: {
    format: 'json',
    // No id anywhere, and two people may join a meeting in the same millisecond: the content is the key.
    type: 'payload.event',
    subject: subjectOf,
    // Equal times of one subject: all are applied.
    revision: { field: 'payload.event_ts', as: 'milliseconds' },
    deletes: ({ payload }) => text(fields(payload)?.event)?.endsWith('.deleted') ?? false,
    tenant: 'payload.payload.account_id',
  },
  acknowledge: { status: 200 },
  handshakes: [{ method: 'POST', when: 'after', answer: answerValidation }],
  retries: {
    schedule:
      '3 retries after 5, 30 and 90 min, for 5xx and timeouts; the endpoint is validated again every 72 h',
    timeoutSeconds: 3,
    periodSeconds: 2 * 3600,
  },
  registration: [
    'App Marketplace → Manage → your app → Features → Access → Event Subscriptions: Event notification endpoint URL {url}',
    'Copy the Secret Token of that page first; then press Validate, which Inlet answers.',
  ],
  samples: [
    {
      type: 'meeting.started',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          event: 'meeting.started',
          event_ts: 1_767_225_600_000 + seed,
          payload: {
            account_id: 'AAAAAABBBB',
            object: { id: String(1_234_567_000 + seed), uuid: `uuid-${seed}==`, topic: 'Sample', type: 2 },
          },
        }),
    },
  ],
};
