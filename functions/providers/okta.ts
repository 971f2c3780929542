import type { HandshakeContext, Provider } from '../pack/provider.ts';

/** One-time verification of the endpoint: the value comes back as JSON. Nothing else is revealed by that. */
function answerVerification({ request }: HandshakeContext) {
  const verification = request.headers['x-okta-verification-challenge'];
  if (!verification) return undefined;
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ verification }),
  };
}

/** Each item in an envelope of its own, as if Okta had sent it alone. */
function split(body: unknown): readonly unknown[] {
  const envelope = (body ?? {}) as { data?: { events?: unknown } | null };
  const events = envelope.data?.events;
  if (!Array.isArray(events)) return [body];
  return events.map((event) => ({ ...envelope, data: { ...envelope.data, events: [event] } }));
}

export const provider: Provider = {
  name: 'okta',
  title: 'Okta event hooks',
  documentation: [
    'https://developer.okta.com/docs/concepts/event-hooks/',
    'https://developer.okta.com/docs/guides/event-hook-implementation/',
  ],
  verification: { kind: 'shared-secret', header: 'authorization' },
  secret: {
    description:
      'The whole value of the Authorization header that you gave the event hook (authentication field and secret).',
    development: 'development-authorization-of-okta',
    check: (secret) =>
      /^[\x20-\x7e]+$/.test(secret) ? undefined : 'A header carries ASCII characters only.',
  },
  events: {
    format: 'json',
    split,
    // Of the entry in the system log; `eventId` is of the request, which may carry several.
    id: 'payload.data.events[0].uuid',
    type: 'payload.data.events[0].eventType',
    // No revision: entries of a log stand for themselves, none replaces another.
    tenant: 'payload.source',
  },
  acknowledge: { status: 200 },
  handshakes: [{ method: 'GET', when: 'before', answer: answerVerification }],
  retries: {
    schedule: 'at most 1 retry, none after 4xx',
    timeoutSeconds: 3,
    periodSeconds: 600,
  },
  registration: [
    'Admin Console → Workflow → Event Hooks → Create Event Hook: URL {url}, authentication field "Authorization", secret: the secret of this source.',
    'Choose the events, save, and press Verify: Inlet answers.',
  ],
  samples: [
    {
      type: 'user.lifecycle.activate',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          eventType: 'com.okta.event_hook',
          eventTypeVersion: '1.0',
          cloudEventsVersion: '0.1',
          eventId: `b5a188b9-5ece-4636-b041-${seed.toString(16).padStart(12, '0')}`,
          eventTime: '2026-01-01T00:00:00.000Z',
          source: 'https://sample.okta.com/api/v1/eventHooks/who8tsqyrhCdmetzx135',
          data: {
            events: [
              {
                uuid: `f790999f-fe87-467a-9880-${seed.toString(16).padStart(12, '0')}`,
                published: '2026-01-01T00:00:00.000Z',
                eventType: 'user.lifecycle.activate',
                target: [{ id: '00u1jxpvnS3pSKgjz5g4', type: 'User' }],
              },
            ],
          },
        }),
    },
  ],
};
