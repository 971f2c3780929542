/**
 * What the signature of a request covers, said once more and apart from the packs: a request that is accepted has
 * to have it as the genuine one had it.
 */
import { crc32 } from 'node:zlib';
import type { ProviderOptions, WebhookRequest } from '../../functions/providers/provider.ts';
import type { Verification } from '../../functions/verification/scheme.ts';
import { headersOf } from '../../functions/verification/several.ts';
import { schemeOf } from '../../functions/verification/verify.ts';
import type { FuzzedSource } from './sources.ts';

type Part = (request: WebhookRequest, options: ProviderOptions) => unknown;

const body: Part = (request) => request.body.toString('latin1');
const url: Part = (request) => request.url;
const header =
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

/** Of schemes that are code. */
const parts: Readonly<Record<string, readonly Part[]>> = {
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
    (request) =>
      isForm(request) && !request.url.includes('bodySHA256=') ? sortedForm(request) : body(request, {}),
  ],
  x: [body],
};

/** The one of several schemes by which a request is signed. */
function schemeOfRequest(scheme: Verification, request: WebhookRequest): Verification {
  if (scheme.kind !== 'any' && scheme.kind !== 'first') return scheme;
  const used = scheme.schemes.find((candidate) =>
    headersOf(candidate).some((name) => request.headers[name] !== undefined),
  );
  return used ? schemeOfRequest(used, request) : scheme;
}

function declaredParts(scheme: Verification, genuine: WebhookRequest): readonly Part[] {
  if (scheme.kind === 'shared-secret') {
    return [({ headers }) => headers[scheme.header]?.slice(scheme.prefix?.length ?? 0)];
  }
  if (!('signed' in scheme)) return [];
  const found: Part[] = [];
  const { signed, timestamp } = scheme;
  if (signed.includes('{body}')) found.push(body);
  if (signed.includes('{url}')) found.push(url);
  if (signed.includes('{method}')) found.push(({ method }) => method);
  for (const [, name = ''] of signed.matchAll(/\{header\.([a-z0-9-]+)\}/g)) found.push(header(name));
  if (!timestamp) return found;
  const { from } = timestamp;
  if ('header' in from) found.push(header(from.header));
  const [signature] = [scheme.signature].flat();
  // Of several times, one has to be the genuine one: it is the one that the signature fits.
  const holdsTime =
    (time: string): Part =>
    ({ headers }) =>
      headers[signature?.header ?? '']?.includes(time);
  const written = genuine.headers[signature?.header ?? ''] ?? '';
  if ('pair' in from)
    found.push(holdsTime(new RegExp(`(?:^|[,;])${from.pair}=[^,;]*`).exec(written)?.[0] ?? '?'));
  if ('position' in from) found.push(holdsTime(written.split(',')[from.position] ?? '?'));
  return found;
}

/** Whether a request that was accepted carries what the genuine one's signature covers. */
export function keepsSignedPart(
  source: FuzzedSource,
  genuine: WebhookRequest,
  accepted: WebhookRequest,
): boolean {
  const scheme = schemeOfRequest(schemeOf(source.pack, source.options), genuine);
  const covered = scheme.kind === 'custom' ? parts[source.pack.name] : declaredParts(scheme, genuine);
  if (!covered || covered.length === 0) throw new TypeError(`what does ${source.pack.name} sign?`);
  const all = (request: WebhookRequest) =>
    JSON.stringify(covered.map((part) => part(request, source.options)));
  return all(genuine) === all(accepted);
}

/** Of packs whose scheme is code, those whose signature holds for a while only. */
const TIMED = [
  'coinbase-cdp',
  'contentful',
  'fortellis',
  'hubspot-v3',
  'jwt',
  'klaviyo',
  'mailgun',
  'paypal',
  'plaid',
  'sendgrid',
  'sns',
];

/** Whether a request that was signed weeks ago, or for the day after tomorrow, has to be refused. */
export function isTimed({ pack, options }: FuzzedSource, genuine: WebhookRequest): boolean {
  const scheme = schemeOfRequest(schemeOf(pack, options), genuine);
  return scheme.kind === 'custom'
    ? TIMED.includes(pack.name)
    : 'timestamp' in scheme && scheme.timestamp !== undefined;
}
