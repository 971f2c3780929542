import { headerName, headerOption, isText, textOption } from '../pack/option-rules.ts';
import type { HandshakeContext, Provider } from '../pack/provider.ts';
import type { EventContext } from '../pack/request.ts';
import { peekJson } from '../parsing/peek.ts';
import { querySecret } from '../verification/query-secret.ts';
import { answerOptions } from './cloudevents.ts';

/** Nothing but 200 passes, and only this body. */
function answerValidation({ request }: HandshakeContext) {
  if (request.headers['aeg-event-type']?.toLowerCase() !== 'subscriptionvalidation') return undefined;
  const events = peekJson(request.body);
  const [event] = Array.isArray(events) ? events : [];
  const { data } = (event ?? {}) as { data?: { validationCode?: unknown } | null };
  const validationResponse = data?.validationCode;
  if (typeof validationResponse !== 'string') return undefined;
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ validationResponse }),
  };
}

/** Event Grid's own schema says `eventType`, CloudEvents `type`. */
function typeOf({ payload }: EventContext): string | undefined {
  const { eventType, type } = (payload ?? {}) as { eventType?: unknown; type?: unknown };
  return [eventType, type].find((value) => typeof value === 'string');
}

export const provider: Provider = {
  name: 'azure-event-grid',
  title: 'Azure Event Grid',
  documentation: [
    'https://learn.microsoft.com/en-us/azure/event-grid/end-point-validation-event-grid-events-schema',
    'https://learn.microsoft.com/en-us/azure/event-grid/delivery-and-retry',
    'https://learn.microsoft.com/en-us/azure/event-grid/delivery-properties',
  ],
  unverified:
    'Whether the validation request carries the delivery properties is not documented, so with options.header it is answered without. Microsoft Entra tokens: use the pack "jwt".',
  verification: (options) =>
    isText(options.header)
      ? { kind: 'shared-secret', header: headerName(options.header, '') }
      : querySecret(isText(options.parameter) ? options.parameter : 'secret'),
  secret: {
    description:
      'A long random text: in the query of the endpoint URL, or the value of a secret delivery property.',
    development: 'development-secret-of-event-grid',
  },
  options: {
    parameter: textOption('Name of the query parameter with the secret. Default: secret.', {
      pattern: /^[A-Za-z0-9_.~-]{1,64}$/,
      advice: 'write letters, digits, "_", "." or "-"',
    }),
    header: headerOption('Name of the delivery property (a header) with the secret, in place of the query.'),
  },
  events: {
    format: 'json',
    split: 'payload',
    id: {
      any: [
        ['payload.topic', 'payload.id'],
        ['payload.source', 'payload.id'],
      ],
    },
    type: typeOf,
    subject: {
      any: [
        ['payload.topic', 'payload.subject'],
        ['payload.source', 'payload.subject'],
      ],
    },
    // Written to a ten-millionth of a second. Equal ones are all applied.
    revision: { field: { any: ['payload.eventTime', 'payload.time'] }, as: 'timestamp' },
    deletes: (context) => /(Deleted|DeleteSuccess)$/.test(typeOf(context) ?? ''),
  },
  eventHeaders: ['aeg-event-type', 'aeg-subscription-name'],
  acknowledge: { status: 200 },
  handshakes: [
    { method: 'POST', when: 'after', answer: answerValidation },
    {
      method: 'POST',
      when: 'before',
      answer: (context) => (isText(context.options.header) ? answerValidation(context) : undefined),
    },
    { method: 'OPTIONS', when: 'before', answer: answerOptions },
  ],
  retries: {
    schedule: '30 tries over 24 h; 400 and 413 are dead-lettered at once',
    timeoutSeconds: 30,
    periodSeconds: 86_400,
  },
  registration: [
    'Event subscription → Endpoint type Web Hook: {url}?secret=<the secret of this source>',
    'Or leave the query away, set options.header, and add the secret as a delivery property of that name, marked as secret.',
    'Inlet answers the validation of either schema (Event Grid, CloudEvents).',
  ],
  samples: [
    {
      type: 'Microsoft.Storage.BlobCreated',
      headers: { 'content-type': 'application/json', 'aeg-event-type': 'Notification' },
      body: (seed) =>
        JSON.stringify([
          {
            topic:
              '/subscriptions/sample/resourceGroups/sample/providers/Microsoft.Storage/storageAccounts/sample',
            subject: `/blobServices/default/containers/sample/blobs/file-${seed}.txt`,
            eventType: 'Microsoft.Storage.BlobCreated',
            id: `831e1650-001e-001b-66ab-${seed.toString(16).padStart(12, '0')}`,
            data: { api: 'PutBlob', contentLength: seed },
            dataVersion: '',
            metadataVersion: '1',
            eventTime: '2026-01-01T00:00:00.1234567Z',
          },
        ]),
    },
  ],
};
