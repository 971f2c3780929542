import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type Authorize, bearerOf } from '../functions/api/token.ts';
import type { GatewayHandler } from './http.ts';
import type { LocalShelf } from './secret-shelf.ts';

export interface RegistrationApiOptions {
  readonly sources: readonly string[];
  readonly shelf: LocalShelf;
  readonly authorize: Authorize;
  /** Answers everything else. */
  readonly api: GatewayHandler;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Longer than any registration takes by hand. */
const LONGEST_SECONDS = 3_600;

/**
 * `GET` and `POST /api/registration/{source}` of the local server: looks at a source's registration window, or
 * opens it (`{"seconds": 600}`). On AWS the window is an SSM parameter, and the operator's own rights guard it.
 */
export function withRegistration(options: RegistrationApiOptions): GatewayHandler {
  return async (event) => {
    const source = /^\/api\/registration\/([^/]+)$/.exec(event.rawPath)?.[1];
    if (source === undefined) return options.api(event);
    if (!(await options.authorize(bearerOf(event.headers.authorization)))) {
      return json(401, { code: 401, message: 'send the bearer token of this inlet' });
    }
    if (!options.sources.includes(source)) {
      const message = `there is no source "${source}"; the sources are ${options.sources.join(', ')}`;
      return json(404, { code: 404, message });
    }
    const { method } = event.requestContext.http;
    if (method === 'POST') {
      const seconds = secondsOf(event);
      if (seconds === undefined) {
        const message = `send {"seconds": <1 to ${LONGEST_SECONDS}>}`;
        return json(400, { code: 400, message });
      }
      options.shelf.open(source, options.now() + seconds * 1000);
    } else if (method !== 'GET') return json(405, { code: 405, message: 'use GET or POST' });
    return json(200, { source, ...options.shelf.status(source) });
  };
}

function secondsOf({ body = '', isBase64Encoded }: APIGatewayProxyEventV2): number | undefined {
  try {
    const value: unknown = JSON.parse(
      Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8').toString('utf8'),
    );
    const { seconds } = value as { seconds?: unknown };
    return typeof seconds === 'number' && seconds >= 1 && seconds <= LONGEST_SECONDS ? seconds : undefined;
  } catch {
    return undefined;
  }
}

function json(statusCode: number, value: unknown): APIGatewayProxyStructuredResultV2 {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  return { statusCode, headers, body: JSON.stringify(value) };
}
