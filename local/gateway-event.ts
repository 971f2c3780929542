import { isUtf8 } from 'node:buffer';
import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { LOCAL_ACCOUNT } from './sqs.ts';

/**
 * Content types whose bodies arrive as text; all others, also forms and none at all, arrive as base64. Tried on
 * AWS in https://github.com/ministackorg/ministack/pull/766.
 */
const TEXT = /^(?:text\/.*|application\/(?:json|xml|javascript))$/;

/** Headers about one connection, which no gateway passes on. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);

export interface GatewayContext {
  /** Host name (and port) of the gateway. AWS puts its own name here, never the request's `host` header. */
  readonly domainName: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * The event that an HTTP API makes of a request, payload format 2.0
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
 */
export function gatewayEvent(
  request: IncomingMessage,
  body: Buffer,
  { domainName, now }: GatewayContext,
): APIGatewayProxyEventV2 {
  const { path, query } = splitTarget(request.url ?? '/');
  const sourceIp = request.socket.remoteAddress ?? '127.0.0.1';
  const { headers, cookies } = combineHeaders(request.rawHeaders);
  const rawPath = decodePath(path);
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString: query,
    ...(cookies.length > 0 && { cookies }),
    headers: { ...headers, ...forwardingHeaders(headers, sourceIp, domainName, now) },
    ...(query !== '' && { queryStringParameters: queryParameters(query) }),
    requestContext: {
      accountId: LOCAL_ACCOUNT,
      apiId: 'local',
      domainName,
      domainPrefix: 'local',
      http: {
        method: request.method ?? 'GET',
        path: rawPath,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: clfTime(now),
      timeEpoch: now,
    },
    ...bodyFields(body, headers['content-type']),
  };
}

/** Path and query of a request target: `/path?query`, or the absolute form `http://host/path?query`. */
function splitTarget(target: string): { path: string; query: string } {
  const relative = target.replace(/^https?:\/\/[^/?]*/i, '');
  const mark = relative.indexOf('?');
  const path = mark < 0 ? relative : relative.slice(0, mark);
  return { path: path.startsWith('/') ? path : `/${path}`, query: mark < 0 ? '' : relative.slice(mark + 1) };
}

/**
 * `rawPath` is not raw: an HTTP API decodes it and cuts it off at a decoded question mark (recorded on AWS, see
 * https://github.com/middleapi/standard-server/pull/93), while the query stays encoded
 * (https://github.com/ministackorg/ministack/issues/1035). What AWS does with a `%` that begins no escape is
 * not known; here it stays.
 */
export function decodePath(path: string): string {
  const decoded = percentDecode(path);
  const mark = decoded.indexOf('?');
  return mark < 0 ? decoded : decoded.slice(0, mark);
}

/** Once: what is encoded twice stays encoded. */
export function percentDecode(path: string): string {
  return path.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) =>
    Buffer.from(escapes.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}

/** Lower-case names; a repeated header is one value, joined by commas; cookies stand apart. */
function combineHeaders(raw: readonly string[]): { headers: Record<string, string>; cookies: string[] } {
  const headers = new Map<string, string>();
  const cookies: string[] = [];
  for (let index = 0; index < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase();
    const value = raw[index + 1] ?? '';
    if (name === 'cookie') cookies.push(...value.split(';').map((cookie) => cookie.trim()));
    else if (!HOP_BY_HOP.has(name))
      headers.set(name, headers.has(name) ? `${headers.get(name)},${value}` : value);
  }
  // `fromEntries` makes an own property also of a header called `__proto__`, as the JSON parser of Lambda does.
  return { headers: Object.fromEntries(headers), cookies };
}

function forwardingHeaders(
  headers: Readonly<Record<string, string>>,
  sourceIp: string,
  domainName: string,
  now: number,
): Record<string, string> {
  const earlier = headers['x-forwarded-for'];
  const seconds = Math.floor(now / 1000).toString(16);
  return {
    'x-forwarded-for': earlier ? `${earlier}, ${sourceIp}` : sourceIp,
    'x-forwarded-port': domainName.split(':')[1] ?? '80',
    'x-forwarded-proto': 'http',
    'x-amzn-trace-id': headers['x-amzn-trace-id'] ?? `Root=1-${seconds}-${randomBytes(12).toString('hex')}`,
  };
}

function queryParameters(query: string): Record<string, string> {
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const earlier = parameters.get(name);
    parameters.set(name, earlier === undefined ? value : `${earlier},${value}`);
  }
  return Object.fromEntries(parameters);
}

/**
 * A text body that is not UTF-8 is sent as base64. What AWS does with one is not documented and no recording of
 * it was found; decoding it as text would change the bytes that were signed, so the event keeps them instead.
 */
function bodyFields(body: Buffer, contentType = ''): { body?: string; isBase64Encoded: boolean } {
  if (body.length === 0) return { isBase64Encoded: false };
  const mediaType = (contentType.split(';')[0] ?? '').trim().toLowerCase();
  const isText = TEXT.test(mediaType) && isUtf8(body);
  return { body: body.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText };
}

/** `07/Aug/2026:01:37:53 +0000` */
function clfTime(now: number): string {
  const [, day, month, year, time] = new Date(now).toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}
