import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/** A file of the built page. */
export interface Asset {
  readonly type: string;
  /** Base64. */
  readonly body: string;
  /** True when the name holds a hash of the content, so that it may be kept for ever. */
  readonly immutable: boolean;
}

/** The built page: files by name, `index.html` among them. */
export type Assets = Readonly<Record<string, Asset>>;

/** How somebody logs in. Public: the page reads it before anybody has. */
export type Login =
  | { readonly kind: 'token' }
  | {
      readonly kind: 'cognito';
      /** Host of the login page and of the token endpoint. */
      readonly domain: string;
      readonly clientId: string;
      /** Who makes the tokens, as they say. */
      readonly issuer: string;
    };

export interface PageOptions {
  readonly assets: () => Promise<Assets>;
  readonly login: Login;
}

/**
 * `/console` and everything below it: the page's files, `login.json`, and for any other path the page itself,
 * which finds its way by its URL.
 */
export async function servePage(
  { assets, login }: PageOptions,
  event: APIGatewayProxyEventV2,
): Promise<APIGatewayProxyStructuredResultV2> {
  const { method } = event.requestContext.http;
  if (method !== 'GET' && method !== 'HEAD') {
    return { statusCode: 405, headers: { ...securityHeaders(login), allow: 'GET, HEAD' }, body: 'use GET' };
  }
  const name = event.rawPath.replace(/^\/console\/?/, '');
  if (name === 'login.json') {
    const headers = {
      ...securityHeaders(login),
      'content-type': 'application/json',
      'cache-control': 'no-store',
    };
    return { statusCode: 200, headers, body: JSON.stringify(login) };
  }
  const files = await assets();
  const asset = Object.hasOwn(files, name) ? files[name] : undefined;
  // A file of an older build must not be answered with the page: a browser would take it for a script.
  if (!asset && name.startsWith('assets/')) {
    return { statusCode: 404, headers: securityHeaders(login), body: 'no such file; reload the page' };
  }
  const found = asset ?? files['index.html'];
  return {
    statusCode: 200,
    headers: {
      ...securityHeaders(login),
      'content-type': found?.type ?? 'text/html; charset=utf-8',
      'cache-control': asset?.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    },
    body: found?.body ?? '',
    isBase64Encoded: true,
  };
}

/** Nothing runs, loads or frames the page but what comes from here; payloads are hostile input. */
function securityHeaders(login: Login): Record<string, string> {
  const connect = login.kind === 'cognito' ? `'self' https://${login.domain}` : `'self'`;
  return {
    'content-security-policy': [
      `default-src 'none'`,
      `script-src 'self'`,
      `style-src 'self'`,
      `img-src 'self' data:`,
      `connect-src ${connect}`,
      `base-uri 'none'`,
      `form-action 'none'`,
      `frame-ancestors 'none'`,
      `require-trusted-types-for 'script'`,
      `trusted-types 'none'`,
    ].join('; '),
    // Not for subdomains: the host name is the deployment's, theirs need not be. By http browsers pass over it.
    'strict-transport-security': 'max-age=31536000',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  };
}
