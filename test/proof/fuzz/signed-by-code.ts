/** What the signature covers where the scheme is code, said once more and apart from it. */
import { crc32 } from 'node:zlib';
import type { ProviderOptions, WebhookRequest } from '../../../functions/pack/request.ts';

export type Part = (request: WebhookRequest, options: ProviderOptions) => unknown;

export const body: Part = (request) => request.body.toString('latin1');
export const url: Part = (request) => request.url;
export const header =
  (name: string): Part =>
  ({ headers }) =>
    headers[name];
/** Names of authentication schemes may be written in either case (RFC 9110, section 11.1). */
const credentials =
  (name: string): Part =>
  ({ headers }) =>
    headers[name]?.replace(/^(basic|bearer) +/i, '');
const query =
  (name: string): Part =>
  (request) =>
    new URLSearchParams(request.url.split('?').slice(1).join('?')).getAll(name);

const json = ({ body: bytes }: WebhookRequest) => JSON.parse(bytes.toString('utf8')) as Record<string, never>;
const form = ({ body: bytes }: WebhookRequest) => [...new URLSearchParams(bytes.toString('utf8'))];
const isForm = ({ headers }: WebhookRequest) =>
  /^\s*application\/x-www-form/i.test(headers['content-type'] ?? '');

/** Sorted, a repeated value counting once, name and value with nothing between them. */
const sortedForm = (request: WebhookRequest) => {
  const distinct = new Map(
    form(request).map(([name, value]) => [JSON.stringify([name, value]), [name, value]]),
  );
  const order = (a: readonly (string | undefined)[], b: readonly (string | undefined)[]) =>
    a[0] === b[0] ? ((a[1] ?? '') < (b[1] ?? '') ? -1 : 1) : (a[0] ?? '') < (b[0] ?? '') ? -1 : 1;
  return [...distinct.values()].sort(order).flat().join('');
};

const adyenFields = [
  'pspReference',
  'originalReference',
  'merchantAccountCode',
  'merchantReference',
  'eventCode',
  'success',
];
const snsFields = [
  'Message',
  'MessageId',
  'Subject',
  'Timestamp',
  'TopicArn',
  'Type',
  'SubscribeURL',
  'Token',
];

/** By pack. */
export const parts: Readonly<Record<string, readonly Part[]>> = {
  adyen: [
    (request) => {
      const { notificationItems } = json(request) as Record<
        string,
        Record<string, Record<string, Record<string, unknown>>>[]
      >;
      return notificationItems?.map(({ NotificationRequestItem: item = {} }) => [
        ...adyenFields.map((name) => String(item[name] ?? '')),
        String(item.amount?.value ?? ''),
        String(item.amount?.currency ?? ''),
      ]);
    },
  ],
  'azure-event-grid': [query('secret')],
  basic: [credentials('authorization')],
  braintree: [
    (request) =>
      form(request)
        .find(([name]) => name === 'bt_payload')?.[1]
        ?.replace(/\n$/, ''),
  ],
  chargebee: [credentials('authorization')],
  cloudevents: [credentials('authorization')],
  'coinbase-cdp': [body, header('content-type')],
  contentful: [
    body,
    url,
    ({ method }) => method,
    header('x-contentful-timestamp'),
    header('x-contentful-topic'),
    header('content-type'),
  ],
  fortellis: [credentials('authorization')],
  'hubspot-v3': [
    body,
    (request) => decodeURI(request.url),
    ({ method }) => method,
    header('x-hubspot-request-timestamp'),
  ],
  jwt: [credentials('authorization')],
  klaviyo: [body, header('klaviyo-timestamp')],
  mailgun: [
    (request) => {
      const { timestamp, token } = isForm(request)
        ? Object.fromEntries(form(request))
        : (json(request).signature ?? {});
      return [String(timestamp), token];
    },
  ],
  mandrill: [url, sortedForm],
  'microsoft-graph': [
    (request) =>
      new Set(
        (json(request) as Record<string, { clientState?: string }[]>).value?.map((item) => item.clientState),
      ).size,
  ],
  mollie: [body],
  paypal: [
    (request) => crc32(request.body),
    header('paypal-transmission-id'),
    header('paypal-transmission-time'),
  ],
  plaid: [body, header('plaid-verification')],
  postmark: [credentials('authorization')],
  'query-secret': [(request, options) => query(String(options.parameter ?? 'secret'))(request, options)],
  sendgrid: [body, header('x-twilio-email-event-webhook-timestamp')],
  sns: [(request) => snsFields.map((name) => json(request)[name])],
  // The SDK, too, takes the URL with and without a port.
  twilio: [
    (request) => request.url.replace(/:\d+(?=\/)/, ''),
    (request) => (isForm(request) ? sortedForm(request) : body(request, {})),
  ],
  x: [body],
};
