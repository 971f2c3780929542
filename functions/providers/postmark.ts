import { hashOf } from '../core/bounds.ts';
import { type Field, readField } from '../pack/fields.ts';
import type { Provider } from '../pack/provider.ts';
import type { EventContext } from '../pack/request.ts';
import { basicAuth, secretProblem } from '../verification/basic.ts';

/** Each kind of record has its own name for when it happened, and for whom. */
const time: Field = {
  any: ['payload.DeliveredAt', 'payload.BouncedAt', 'payload.ReceivedAt', 'payload.ChangedAt'],
};

/** A message is opened and clicked many times: without the time two of them would be one. */
const occasion: Field = {
  any: [
    ['payload.Recipient', 'payload.DeliveredAt'],
    ['payload.Recipient', 'payload.ReceivedAt', 'payload.OriginalLink'],
    ['payload.Recipient', 'payload.ReceivedAt'],
    ['payload.Recipient', 'payload.ChangedAt'],
  ],
};

/** Ids are logged and stand in an answer header. So whose address and link it is shows as a hash. */
function idOf(context: EventContext): string | undefined {
  const message = readField(['payload.RecordType', 'payload.MessageID'], context);
  const told = readField(occasion, context);
  return message && told && `${message}:${hashOf([told])}`;
}

export const provider: Provider = {
  name: 'postmark',
  title: 'Postmark',
  documentation: [
    'https://postmarkapp.com/developer/webhooks/webhooks-overview',
    'https://postmarkapp.com/support/article/understanding-inbound-webhook-retries-in-postmark',
  ],
  unverified: 'The retries of webhooks other than inbound ones were not checked.',
  verification: basicAuth(),
  secret: {
    description: 'User name and password, "user:password", that you choose and enter at Postmark.',
    development: 'inlet:development-password-of-postmark',
    check: secretProblem,
  },
  events: {
    format: 'json',
    id: { any: [['payload.RecordType', 'payload.ID', 'payload.MessageID'], idOf, 'payload.MessageID'] },
    type: { any: ['payload.RecordType', () => 'Inbound'] },
    subject: {
      any: [
        ['payload.MessageID', 'payload.Recipient'],
        ['payload.MessageID', 'payload.Email'],
      ],
    },
    // Whole seconds: two records of one message within one are both applied, in order of arrival.
    revision: { field: time, as: 'timestamp' },
    tenant: 'payload.ServerID',
  },
  acknowledge: { status: 200 },
  retries: {
    schedule:
      'inbound and bounce: 10 retries over 10.5 h; others: 3 retries after 1, 5 and 15 min; none after 403',
    periodSeconds: 38_000,
  },
  registration: [
    'Server → Message Stream → Webhooks → Add webhook: {url}, and under Basic auth the user name and the password of the secret.',
  ],
  samples: [
    {
      type: 'Delivery',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          MessageID: `883953f4-6105-42a2-a16a-${seed.toString(16).padStart(12, '0')}`,
          RecordType: 'Delivery',
          Recipient: 'john@example.com',
          DeliveredAt: '2026-01-01T00:00:00Z',
          ServerID: 23,
          MessageStream: 'outbound',
        }),
    },
  ],
};
