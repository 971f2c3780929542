/** Contentful signs a canonical form of the request (https://www.contentful.com/developers/docs/extensibility/app-framework/request-verification/). */
import { createHmac } from 'node:crypto';
import { escape as escapeQuery } from 'node:querystring';
import type { WebhookRequest } from '../pack/request.ts';
import type { CustomScheme, TimestampRule } from '../pack/scheme.ts';
import { decodeSignature } from './compare.ts';
import { checkFreshness } from './freshness.ts';
import { matchSecret } from './match-secret.ts';

const SIGNATURE = 'x-contentful-signature';
const SIGNED_HEADERS = 'x-contentful-signed-headers';
const TIMESTAMP = 'x-contentful-timestamp';
const MAX_SIGNED_HEADERS = 64;

const window: TimestampRule = { from: { header: TIMESTAMP }, unit: 'milliseconds', toleranceSeconds: 30 };

export const contentfulSignature: CustomScheme = {
  kind: 'custom',
  covers: {
    headers: [TIMESTAMP],
    // Nothing that proves anything by itself, and stored, so that the worker knows it, too.
    namedHeaders: (headers) => (headers[SIGNED_HEADERS] ?? '').split(',').map((name) => name.trim()),
    url: true,
    body: 'all',
  },
  proof: 'HMAC-SHA256 over method, path, the signed headers and body, in hex',
  credentials: [SIGNATURE],
  verify({ request, secrets, options, now }) {
    const { [SIGNATURE]: encoded, [SIGNED_HEADERS]: list, [TIMESTAMP]: timestamp } = request.headers;
    if (!encoded || !list)
      return { ok: false, reason: 'signature-missing', hint: `${SIGNATURE} and ${SIGNED_HEADERS}` };
    if (!timestamp) return { ok: false, reason: 'timestamp-missing', hint: TIMESTAMP };
    const signature = decodeSignature(encoded, 'hex', 32);
    const names = list.split(',', MAX_SIGNED_HEADERS + 1).map((name) => name.trim());
    // The request says which headers are signed. Without the time among them, the time would be anybody's word.
    const complete = names.includes(TIMESTAMP) && names.includes(SIGNED_HEADERS);
    const content = names.length <= MAX_SIGNED_HEADERS ? canonicalRequest(request, names) : undefined;
    if (!signature || !complete || !content) return { ok: false, reason: 'signature-malformed' };
    const verdict = matchSecret(secrets, [signature], (secret) => [digest(secret, content, request.body)]);
    if (!verdict.ok) return verdict;
    const stale = checkFreshness(timestamp, window, options, now);
    return stale ? { ok: false, ...stale } : verdict;
  },
  sign({ request, secret, now }) {
    const names = [...signable(request.headers), SIGNED_HEADERS, TIMESTAMP].sort();
    const added = { [SIGNED_HEADERS]: names.join(','), [TIMESTAMP]: String(now) };
    const content = canonicalRequest({ ...request, headers: { ...request.headers, ...added } }, names);
    if (!content || secret === '') throw new TypeError('this request cannot be signed');
    return { ...added, [SIGNATURE]: digest(secret, content, request.body).toString('hex') };
  },
};

/** Contentful signs its own headers and the content type. */
function signable(headers: WebhookRequest['headers']): readonly string[] {
  return Object.keys(headers).filter(
    (name) =>
      name === 'content-type' ||
      (name.startsWith('x-contentful-') &&
        name !== SIGNATURE &&
        name !== SIGNED_HEADERS &&
        name !== TIMESTAMP),
  );
}

/** Method, path and signed headers, each on its line; the body follows. Undefined when a header is missing. */
function canonicalRequest(
  { method, url, headers }: WebhookRequest,
  names: readonly string[],
): string | undefined {
  const pairs: string[] = [];
  for (const name of [...new Set(names)].sort()) {
    const value = headers[name];
    if (value === undefined) return undefined;
    pairs.push(`${name}:${value.trim()}`);
  }
  const path = normalisedPath(url);
  return path === undefined ? undefined : `${method}\n${path}\n${pairs.join(';')}\n`;
}

/** The query is escaped as a whole, and then everything is encoded once more: so does Contentful's own library. */
function normalisedPath(url: string): string | undefined {
  const match = /^https?:\/\/[^/?#]*([^?#]*)(?:\?([^?#]*))?/.exec(url);
  if (!match) return undefined;
  const [, path = '', query] = match;
  try {
    return encodeURI((path || '/') + (query ? `?${escapeQuery(query)}` : ''));
  } catch {
    return undefined;
  }
}

function digest(secret: string, content: string, body: Buffer): Buffer {
  return createHmac('sha256', secret).update(content).update(body).digest();
}
