import type { Provider } from '../pack/provider.ts';
import { parseJson } from '../parsing/json.ts';
import { mandrillSignature } from '../verification/mandrill.ts';
import { mailRevision } from './mail-stages.ts';

/** What Mandrill sends when a webhook is saved, before it has shown the key: no events. */
const EMPTY = /^mandrill_events=(?:\[\]|%5B%5D)$/i;

/** Mandrill (Mailchimp Transactional): a form that carries a JSON list. */
export const provider: Provider = {
  name: 'mandrill',
  title: 'Mandrill (Mailchimp Transactional)',
  documentation: [
    'https://mailchimp.com/developer/transactional/guides/track-respond-activity-webhooks/',
    'https://mailchimp.com/developer/transactional/docs/webhooks/',
  ],
  unverified: 'The retries. That the check of a new URL is signed with another key ("test-webhook").',
  verification: mandrillSignature,
  secret: {
    description: 'The key of the webhook (Settings → Webhooks, column Key).',
    development: 'development-key-of-mandrill',
    check: (secret) =>
      secret === 'test-webhook' ? 'This is the key of the check, which everybody knows.' : undefined,
  },
  events: {
    format: 'form',
    split: (body) => {
      const { mandrill_events: list } = body as { mandrill_events?: unknown };
      const events = typeof list === 'string' ? parseJson(list) : body;
      return Array.isArray(events) ? events : [events];
    },
    // `_id` is the message's: one message has several events, which are known by their content.
    type: 'payload.event',
    subject: 'payload._id',
    revision: {
      field: ({ payload }) => {
        const { ts, event } = (payload ?? {}) as { ts?: unknown; event?: unknown };
        return mailRevision(ts, event);
      },
      as: 'integer',
    },
  },
  acknowledge: { status: 200 },
  handshakes: [
    {
      method: 'POST',
      when: 'before',
      answer: ({ request: { body } }) =>
        body.length < 64 && EMPTY.test(body.toString('latin1')) ? { status: 200 } : undefined,
    },
  ],
  retries: { schedule: 'with growing pauses for up to 3 days', periodSeconds: 3 * 86_400 },
  registration: [
    'Settings → Webhooks → Add a webhook: enter {url} and choose the events.',
    'The URL is part of the signature: enter it exactly so. Copy the key that appears.',
  ],
  samples: ['send', 'delivered', 'open'].map((event, position) => ({
    type: event,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: (seed: number) => {
      const item = {
        event,
        _id: `sample-${seed}`,
        ts: 1_767_225_600 + position,
        msg: { email: 'someone@example.com' },
      };
      return `mandrill_events=${encodeURIComponent(JSON.stringify([item]))}`;
    },
  })),
};
