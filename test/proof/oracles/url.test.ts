/** SDKs of providers that sign the URL, or the whole request, with the body. */
import { createHash } from 'node:crypto';
import type { WebhookRequest } from '../../../functions/pack/request.ts';
import { bareRequest } from '../../unit/providers/sample-request.ts';
import type { Random } from '../fuzz/random.ts';
import { formBody, jsonBody } from './bodies.ts';
import { against, type Oracle, textOf, withHeaders } from './harness.ts';
import { futureUnchecked, looseTime, strictCase } from './known.ts';
import { load } from './sdks.ts';

const headerOf = ({ headers }: WebhookRequest, name: string) => headers[name] ?? '';

const secret = (random: Random) => random.text(32, '0123456789abcdef');

/** With and without a port. */
function onPort(url: string, random: Random): string {
  return url.replace('example.com', random.pick(['example.com', 'example.com:443', 'example.com:8443']));
}

type Params = Readonly<Record<string, string | readonly string[]>>;

interface Twilio {
  getExpectedTwilioSignature(token: string, url: string, params: Params): string;
  validateRequest(token: string, signature: string, url: string, params: Params): boolean;
  validateRequestWithBody(token: string, signature: string, url: string, body: string): boolean;
}

/** As `express.urlencoded` hands them on: a repeated name has a list. */
function paramsOf(request: WebhookRequest): Params {
  const fields = [...new URLSearchParams(textOf(request))];
  const grouped = Map.groupBy(fields, ([name]) => name);
  return Object.fromEntries(
    [...grouped].map(([name, list]) => {
      const values = list.map(([, value]) => value);
      return [name, values.length > 1 ? values : (values[0] ?? '')];
    }),
  );
}

const isForm = (request: WebhookRequest) => headerOf(request, 'content-type').includes('form');

against('Twilio', () => {
  const { getExpectedTwilioSignature, validateRequest, validateRequestWithBody } = load<Twilio>(
    'twilio/lib/webhooks/webhooks',
  );
  const header = 'x-twilio-signature';
  return {
    provider: 'twilio',
    sdk: 'twilio',
    secret,
    body: (random) => (random.chance(0.6) ? formBody(random) : jsonBody(random)),
    proof: [header],
    prepare: (unsigned, random) => {
      const hash = createHash('sha256').update(unsigned.body).digest('hex');
      const query = isForm(unsigned) ? '' : `${unsigned.url.includes('?') ? '&' : '?'}bodySHA256=${hash}`;
      return { ...unsigned, url: onPort(unsigned.url, random) + query };
    },
    sign: (r, token) => {
      const params = isForm(r) ? paramsOf(r) : {};
      return withHeaders(r, { [header]: getExpectedTwilioSignature(token, r.url, params) });
    },
    verify: (r, token) =>
      isForm(r)
        ? validateRequest(token, headerOf(r, header), r.url, paramsOf(r))
        : validateRequestWithBody(token, headerOf(r, header), r.url, textOf(r)),
  };
});

interface HubSpot {
  readonly Signature: {
    getSignature(method: string, version: string, options: object): string;
    isValid(options: object): boolean;
  };
}

/** What the caller of the SDK has to do, by the documentation: undo these escapes, and no others. */
function undone(url: string): string {
  return url.replace(/%[0-9A-F]{2}/gi, (escaped) => {
    const character = String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
    return ":/?@!$'()*,;".includes(character) ? character : escaped;
  });
}

function hubspot(version: 'v1' | 'v2' | 'v3', more: Partial<Oracle>): Oracle {
  const sdk = '@hubspot/api-client';
  const { Signature } = load<HubSpot>(sdk);
  const header = version === 'v3' ? 'x-hubspot-signature-v3' : 'x-hubspot-signature';
  const time = 'x-hubspot-request-timestamp';
  const given = (r: WebhookRequest, clientSecret: string, timestamp: number) => ({
    clientSecret,
    requestBody: textOf(r),
    url: version === 'v3' ? undone(r.url) : r.url,
    timestamp,
  });
  return {
    provider: `hubspot-${version}`,
    sdk,
    secret,
    proof: version === 'v3' ? [header, time] : [header],
    sign: (r, key, at) => {
      const signature = Signature.getSignature(r.method, version, given(r, key, at));
      return withHeaders(r, { [header]: signature, ...(version === 'v3' && { [time]: String(at) }) });
    },
    verify: (r, key) =>
      Signature.isValid({
        ...given(r, key, Number(r.headers[time])),
        method: r.method,
        signatureVersion: version,
        signature: r.headers[header],
      }),
    ...more,
  };
}

against('HubSpot v1', () => hubspot('v1', { known: [strictCase] }));
against('HubSpot v2', () => hubspot('v2', { known: [strictCase] }));
against('HubSpot v3', () =>
  hubspot('v3', { known: [futureUnchecked(300), looseTime('x-hubspot-request-timestamp')] }),
);

against('Contentful', () => {
  interface Canonical {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  }
  interface Contentful {
    signRequest(secret: string, request: Canonical, at: number): Readonly<Record<string, string>>;
    verifyRequest(secret: string, request: Canonical, ttlSeconds: number): boolean;
  }
  const sdk = '@contentful/node-apps-toolkit';
  const { signRequest, verifyRequest } = load<Contentful>(sdk);
  const [signature, list] = ['x-contentful-signature', 'x-contentful-signed-headers'] as const;
  const time = 'x-contentful-timestamp';
  const canonical = (r: WebhookRequest): Canonical => ({
    method: r.method,
    path: r.url.replace(/^https:\/\/[^/]*/, ''),
    headers: { ...r.headers },
    body: textOf(r),
  });
  return {
    provider: 'contentful',
    sdk,
    secret: (random) => random.text(64, '0123456789abcdefXYZ_-+/='),
    body: jsonBody,
    proof: [signature, time, list, 'x-contentful-topic'],
    offsets: [0, -25, -35, 25, 35, -4_000, 4_000],
    prepare: (unsigned, random) =>
      bareRequest({
        ...unsigned,
        headers: {
          'content-type': 'application/vnd.contentful.management.v1+json',
          'x-contentful-topic': `ContentManagement.Entry.${random.pick(['publish', 'save'])}`,
          'x-contentful-crn': random.pick(['crn:contentful:::a', ' crn with spaces ']),
          'user-agent': 'sample',
        },
      }),
    sign: (r, key, at) => {
      const { 'user-agent': _unsigned, ...headers } = r.headers;
      return withHeaders(r, signRequest(key, { ...canonical(r), headers }, at));
    },
    verify: (r, key) => verifyRequest(key, canonical(r), 30),
    known: [
      strictCase,
      futureUnchecked(30),
      looseTime(time),
      {
        what: 'other list of signed headers, which the SDK writes anew',
        because:
          'the list is itself among the signed headers, as it was sent: this one is not what was signed',
        is: ({ altered, sdk, pack }) => sdk && !pack.ok && altered?.header === list,
      },
    ],
  };
});
