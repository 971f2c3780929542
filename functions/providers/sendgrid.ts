import type { Provider } from '../pack/provider.ts';
import { ecPublicKey } from '../verification/asymmetric.ts';
import { sendgridDevelopmentKey, sendgridSignature } from '../verification/sendgrid.ts';
import { mailRevision } from './mail-stages.ts';

/** SendGrid's event webhook: lists of events, signed with ECDSA. */
export const provider: Provider = {
  name: 'sendgrid',
  title: 'Twilio SendGrid',
  documentation: [
    'https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features',
    'https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event',
  ],
  unverified: 'The length of the retries (24 hours), and whether each of them is signed anew.',
  verification: sendgridSignature,
  secret: {
    description:
      'The public verification key: Settings → Mail Settings → Event Webhook → Signed Event Webhook.',
    // Derived when it is asked for: most sources never need it.
    get development() {
      return sendgridDevelopmentKey();
    },
    check: (secret) =>
      ecPublicKey(secret)
        ? undefined
        : 'It is not a P-256 public key. Paste the verification key as SendGrid shows it (base64, "MFkw…").',
  },
  events: {
    format: 'json',
    split: 'payload',
    // Per event. A batch has no id, and a retry may be cut into other batches.
    id: 'payload.sg_event_id',
    type: 'payload.event',
    subject: ['payload.sg_message_id', 'payload.email'],
    revision: {
      field: ({ payload }) => {
        const { timestamp, event } = (payload ?? {}) as { timestamp?: unknown; event?: unknown };
        return mailRevision(timestamp, event);
      },
      as: 'integer',
    },
  },
  retries: { schedule: 'for 24 hours', periodSeconds: 86_400 },
  registration: [
    'Settings → Mail Settings → Event Webhooks: create one with the Post URL {url}, and choose the events.',
    'Turn Signature Verification on, and enter the verification key here as the secret.',
  ],
  samples: ['processed', 'delivered', 'open'].map((event, position) => ({
    type: event,
    headers: { 'content-type': 'application/json' },
    body: (seed: number) =>
      // The line breaks are SendGrid's own, and signed.
      `${JSON.stringify([
        {
          email: 'someone@example.com',
          event,
          sg_event_id: `sample-${seed}-${event}`,
          sg_message_id: `sample-${seed}.filter`,
          timestamp: 1_767_225_600 + position,
        },
      ])}\r\n`,
  })),
};
