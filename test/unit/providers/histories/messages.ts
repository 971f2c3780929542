/** Messages and their profiles. */
import { type History, history } from './history.ts';

const ID = '0f8fad5b-d9cb-469f-a165-70867728950e';

const comapiMessage = (state: string, revision: number) => ({
  eventId: `00000000-0000-4000-8000-00000000000${revision}`,
  accountId: 1,
  apiSpaceId: ID,
  name: `message.${state}`,
  payload: { id: 'message-1', details: { channel: 'sms' } },
  revision,
  // All within one second: only the revision tells.
  timestamp: '2026-01-01T09:00:00.000Z',
});
const comapiMessages = history(
  'read',
  comapiMessage('sent', 0),
  comapiMessage('delivered', 1),
  comapiMessage('read', 2),
);

const comapiProfile = (change: string, revision: number) => ({
  ...comapiMessage('', revision),
  name: `profile.${change}`,
  payload: { id: 'ada', email: `ada+${revision}@example.com` },
});

const whatsAppStatus = (status: string, timestamp: number) => ({
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
            statuses: [{ id: 'wamid.1', status, timestamp: String(timestamp), recipient_id: '16505551234' }],
          },
        },
      ],
    },
  ],
});

/** By pack. */
export const messages: Readonly<Record<string, readonly History[]>> = {
  dotdigital: [
    comapiMessages,
    history('deleted', ...['create', 'update', 'delete'].map((change, at) => comapiProfile(change, at + 9))),
  ],
  'enterprise-communications': [comapiMessages],
  meta: [
    // The last two within one second.
    history(
      'read',
      whatsAppStatus('sent', 1_767_258_000),
      whatsAppStatus('delivered', 1_767_258_009),
      whatsAppStatus('read', 1_767_258_009),
    ),
    history('failed', whatsAppStatus('sent', 1_767_258_000), whatsAppStatus('failed', 1_767_258_000)),
  ],
};
