import type { ServerResponse } from 'node:http';
import type { APIGatewayProxyResultV2 } from 'aws-lambda';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: Buffer;
}

/** The gateway's own answers: `{"message": …}`. */
export function gatewayMessage(
  status: number,
  message: string,
  more: HttpAnswer['headers'] = {},
): HttpAnswer {
  const headers = { 'content-type': 'application/json', ...more };
  return { status, headers, cookies: [], body: Buffer.from(JSON.stringify({ message })) };
}

/**
 * What an HTTP API makes of a function's result in format 2.0: a result without `statusCode` is the JSON body
 * of a 200.
 */
export function httpAnswer(result: APIGatewayProxyResultV2 | undefined): HttpAnswer {
  if (typeof result !== 'object' || result === null || !('statusCode' in result)) {
    const text = typeof result === 'string' ? result : JSON.stringify(result ?? null);
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      cookies: [],
      body: Buffer.from(text),
    };
  }
  const { statusCode = 200, headers = {}, cookies = [], body = '', isBase64Encoded = false } = result;
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return {
    status: statusCode,
    headers: { 'content-type': 'text/plain;charset=UTF-8', ...Object.fromEntries(named) },
    cookies,
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  };
}

/**
 * Writes an answer and ends the response. Node leaves the body out for HEAD.
 * @throws TypeError when the function gave a status or a header that HTTP does not allow; nothing is sent then.
 */
export function sendAnswer(response: ServerResponse, { status, headers, cookies, body }: HttpAnswer): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (cookies.length > 0) response.setHeader('set-cookie', cookies);
  response.setHeader('content-length', body.length);
  response.writeHead(status);
  response.end(body);
}
