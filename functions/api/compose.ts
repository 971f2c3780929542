import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { errorName } from '../core/errors.ts';
import { NewerFormatError } from '../core/format.ts';
import { stringifyJson } from '../parsing/json.ts';
import { ApiError } from './api-error.ts';
import { type ApiSetup, createApiParts } from './parts.ts';
import { answerRoute, type Route } from './routes.ts';
import { type Authorize, bearerOf } from './token.ts';

type ApiFunction = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

/**
 * The read API behind API Gateway's payload format 2.0. Everything below `/api` needs the token.
 * @param more routes beside those of the read API.
 */
export function composeApi(setup: ApiSetup, authorize: Authorize, more: readonly Route[] = []): ApiFunction {
  const parts = createApiParts(setup);

  const answer = async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    const path = event.rawPath;
    if (path !== '/api' && !path.startsWith('/api/')) {
      throw new ApiError(404, 'nothing here; the read API is below /api');
    }
    const access = await authorize(bearerOf(event.headers.authorization));
    if (!access) {
      throw new ApiError(
        401,
        'send the header "Authorization: Bearer <token>" with the token of this inlet',
        {
          'www-authenticate': 'Bearer',
        },
      );
    }
    const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8').toString('utf8');
    const { method } = event.requestContext.http;
    const query = new URLSearchParams(event.rawQueryString);
    const origin = originOf(event);
    return json(200, await answerRoute(parts, { method, path, query, body, access, origin }, more));
  };

  return async (event) => {
    try {
      return await answer(event);
    } catch (error) {
      if (error instanceof ApiError) {
        return json(error.status, { code: error.status, message: error.message }, error.headers);
      }
      if (error instanceof NewerFormatError) return json(409, { code: 409, message: error.message });
      setup.log.log('ERROR', { message: 'the read API failed', error: errorName(error) });
      return json(500, { code: 500, message: 'internal error; the log of the API function names it' });
    }
  };
}

/** API Gateway knows only https; the local server says what it speaks. */
function originOf({ headers, requestContext }: APIGatewayProxyEventV2): string {
  return `${headers['x-forwarded-proto'] ?? 'https'}://${requestContext.domainName}`;
}

function json(
  statusCode: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
    body: stringifyJson(value),
  };
}
