import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { FRONT_HEADER } from '../core/names.ts';
import type { WebhookRequest } from '../pack/request.ts';

/** The parts of a gateway event, format 2.0, with names and bytes as Inlet uses them. */
export interface GatewayRequest extends Omit<WebhookRequest, 'subpath'> {
  /** As the gateway gives it (an HTTP API decodes it), without the query. */
  readonly path: string;
  /** The gateway's id of the request. */
  readonly requestId: string;
  /** What the request says in `FRONT_HEADER`. It is a secret, so it is not among the headers. */
  readonly frontSecret: string | undefined;
}

/**
 * Reads a gateway event
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).
 *
 * The body is the exact bytes received: most content types arrive as base64. The URL is built on the configured
 * public origin, or on the gateway's own domain name; the `Host` header is the sender's word and is not used.
 */
export function readGatewayEvent(
  event: APIGatewayProxyEventV2,
  publicUrl: string | undefined,
  now: number,
): GatewayRequest {
  const headers: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(event.headers ?? {})) {
    if (value !== undefined) headers[name.toLowerCase()] = value;
  }
  const frontSecret = headers[FRONT_HEADER];
  delete headers[FRONT_HEADER];
  const origin = publicUrl?.replace(/\/+$/, '') ?? `https://${event.requestContext.domainName}`;
  const query = event.rawQueryString ? `?${event.rawQueryString}` : '';
  return {
    method: event.requestContext.http.method.toUpperCase(),
    url: `${origin}${event.rawPath}${query}`,
    path: event.rawPath,
    headers,
    body: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
    receivedAt: now,
    requestId: event.requestContext.requestId,
    frontSecret,
  };
}

/**
 * Source and rest of a path `/webhooks/{source}/…`, or undefined. Taken as it is: the gateway has decoded it, and the
 * names of sources need no encoding. Decoded once more, a path would mean a source here that the firewall does not see in it.
 */
export function matchWebhookPath(
  path: string,
): { readonly source: string; readonly subpath: string } | undefined {
  const match = /^\/webhooks\/([^/]+)(\/.*)?$/.exec(path);
  return match?.[1] === undefined
    ? undefined
    : { source: match[1], subpath: withoutSlashesAtEnd(match[2] ?? '') };
}

/** Not by `/\/+$/`: that looks at every slash of a long row again for each slash before it. */
function withoutSlashesAtEnd(path: string): string {
  let end = path.length;
  while (path[end - 1] === '/') end--;
  return path.slice(0, end);
}
