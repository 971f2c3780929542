import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/** A POST to a source as API Gateway hands it to the function. */
export function gatewayEvent(
  source: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): APIGatewayProxyEventV2 {
  const path = `/webhooks/${source}`;
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: '',
    headers: Object.fromEntries(lower),
    body,
    isBase64Encoded: false,
    requestContext: {
      domainName: 'example.com',
      http: { method: 'POST', path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: '' },
      requestId: 'r',
      stage: '$default',
    },
  } as APIGatewayProxyEventV2;
}
