/** Ways to alter a genuine request on its way to the gateway. Whether it then has to be refused, others say. */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { WebhookRequest } from '../../../functions/pack/request.ts';
import { BODIES, handshakeQuery, longText, WORDS } from './payloads.ts';
import type { Random } from './random.ts';
import { ORIGIN } from './sources.ts';

/** A request as the gateway takes it, before it becomes an event. */
export interface Sent {
  method: string;
  path: string;
  query: string;
  headers: Record<string, string | undefined>;
  body: Buffer;
  /** What of the event is inconsistent: its flag says base64 and its body is none, or the other way round. */
  encoding: 'base64' | 'text' | 'text called base64' | 'base64 called text' | 'none';
}

export function sentOf({ method, url, headers, body }: WebhookRequest): Sent {
  const [path = '', ...query] = url.slice(ORIGIN.length).split('?');
  return { method, path, query: query.join('?'), headers: { ...headers }, body, encoding: 'base64' };
}

/** An event of the gateway, format 2.0. */
export function eventOf({ method, path, query, headers, body, encoding }: Sent): APIGatewayProxyEventV2 {
  const isBase64Encoded = encoding === 'base64' || encoding === 'text called base64';
  const text = body.toString(encoding === 'base64' || encoding === 'base64 called text' ? 'base64' : 'utf8');
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    headers,
    requestContext: { domainName: 'hooks.example.com', requestId: 'request-1', http: { method, path } },
    isBase64Encoded,
    ...(encoding !== 'none' && { body: text }),
  } as APIGatewayProxyEventV2;
}

type Mutation = (sent: Sent, random: Random) => void;

const PROOF =
  /signature|hmac|verification|authorization|token|digest|transmission|secret|webhook|timestamp|content-mac/;

function proofHeader({ headers }: Sent, random: Random): string | undefined {
  const names = Object.keys(headers).filter((name) => PROOF.test(name));
  return names.length > 0 ? random.pick(names) : undefined;
}

const changeProof =
  (change: (value: string, random: Random) => string | undefined): Mutation =>
  (sent, random) => {
    const name = proofHeader(sent, random);
    if (name !== undefined) sent.headers[name] = change(sent.headers[name] ?? '', random);
    else mutations.body?.(sent, random);
  };

function splice(text: string, random: Random, put: string): string {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + put + text.slice(at + random.below(2));
}

export const mutations: Readonly<Record<string, Mutation>> = {
  body(sent, random) {
    const bytes = Buffer.from(sent.body);
    const at = random.below(bytes.length || 1);
    if (random.chance(0.5) && bytes.length > 0) bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
    const put = random.pick([
      Buffer.alloc(0),
      Buffer.alloc(0),
      Buffer.from(' '),
      Buffer.from([0]),
      random.bytes(3),
    ]);
    sent.body = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + random.below(2))]);
  },
  'body cut': (sent, random) => {
    sent.body = sent.body.subarray(0, random.below(sent.body.length || 1));
  },
  'body twice': (sent) => {
    sent.body = Buffer.concat([sent.body, sent.body]);
  },
  'body text': (sent, random) => {
    // Inside of the text, so that JSON stays JSON more often.
    sent.body = Buffer.from(
      sent.body
        .toString('utf8')
        .replace(/[a-z0-9]{3,}/gi, (word) => (random.chance(0.2) ? random.pick(WORDS) : word)),
    );
  },
  'other body': (sent, random) => {
    sent.body = Buffer.from(random.pick(BODIES)(random));
  },
  'proof character': changeProof((value, random) =>
    splice(value, random, random.text(1, 'abcdef0123456789+/=-_,.;| é')),
  ),
  'proof cut': changeProof((value, random) => value.slice(0, random.below(value.length || 1))),
  'proof doubled': changeProof(
    (value, random) => value + random.pick(['', ',', ', ', ' ', ';', '&']) + value,
  ),
  'proof gone': changeProof(() => undefined),
  'proof case': changeProof((value, random) =>
    random.chance(0.5) ? value.toUpperCase() : value.toLowerCase(),
  ),
  'proof word': changeProof((value, random) =>
    random.chance(0.5) ? random.pick(WORDS) : splice(value, random, random.pick(WORDS)),
  ),
  'proof long': changeProof((value, random) =>
    random.chance(0.5) ? longText(random) : value + longText(random),
  ),
  'proof time': changeProof((value, random) =>
    value.replace(/\d{10,}/, (time) =>
      String(Number(time) + random.pick([-1e6, -301, -1, 1, 301, 1e6, 1e15])),
    ),
  ),
  'proof swapped': (sent, random) => {
    const [one, other] = [proofHeader(sent, random), proofHeader(sent, random)];
    if (one === undefined || other === undefined || one === other)
      return mutations['proof cut']?.(sent, random);
    [sent.headers[one], sent.headers[other]] = [sent.headers[other], sent.headers[one]];
  },
  'content type': (sent, random) => {
    sent.headers['content-type'] = random.pick([
      ...[
        'application/json',
        'application/x-www-form-urlencoded',
        'text/plain',
        'multipart/form-data; boundary=x',
        '',
      ],
      ...['APPLICATION/X-WWW-FORM-URLENCODED;;', 'application/cloudevents-batch+json', longText(random)],
    ]);
  },
  header: (sent, random) => {
    const name = random.pick([
      ...[
        '__proto__',
        'constructor',
        'x-hub-signature',
        'x-github-event',
        'webhook-id',
        'svix-id',
        'x-hook-secret',
      ],
      ...[
        'aeg-event-type',
        'webhook-request-origin',
        'x-okta-verification-challenge',
        'x-docusign-signature-2',
      ],
      ...['twitch-eventsub-message-type', 'x-amz-sns-message-type', 'x-request-id', 'X-Odd-Case', ''],
    ]);
    Object.defineProperty(sent.headers, name, {
      value: random.chance(0.5) ? random.pick(WORDS) : longText(random),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  },
  method: (sent, random) => {
    sent.method = random.pick([
      'GET',
      'HEAD',
      'OPTIONS',
      'PUT',
      'PATCH',
      'DELETE',
      'post',
      'TRACE',
      '',
      '__proto__',
    ]);
  },
  path: (sent, random) => {
    const tail = random.pick([
      '/',
      '//',
      '/event',
      '/event/a%20b',
      '/%',
      '/%00',
      '/..',
      '/../../health',
      longText(random),
    ]);
    sent.path = random.chance(0.8)
      ? sent.path + tail
      : `/webhooks/${random.pick(['__proto__', 'toString', '%', '', 'none', '%67ithub'])}`;
  },
  query: (sent, random) => {
    const more = handshakeQuery(random);
    sent.query = sent.query && random.chance(0.7) ? `${sent.query}&${more}` : more;
    if (random.chance(0.4)) sent.method = 'GET';
  },
  encoding: (sent, random) => {
    sent.encoding = random.pick(['text', 'text called base64', 'base64 called text', 'none']);
  },
};
