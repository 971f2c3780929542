import { isObject } from '../functions/core/is-object.ts';
import { matchWebhookPath } from '../functions/ingest/gateway-request.ts';
import type { WebhookRequest } from '../functions/pack/request.ts';

/** One question of `inlet verify`: a captured request and what it is to be checked with. */
export interface Row {
  readonly provider: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly secrets: readonly string[];
  readonly request: WebhookRequest;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** A row that cannot be read. The message says what to write. */
export class MalformedRow extends Error {}

/**
 * Reads a row of the contract: `{"provider", "options", "secrets", "method", "url", "headers", "body" or
 * "bodyBase64", "now"}`. Other keys are ignored.
 * @param clock epoch milliseconds, for rows without `now`.
 * @throws MalformedRow
 */
export function readRow(value: unknown, clock: number): Row {
  if (!isObject(value))
    throw new MalformedRow('each row is a JSON object with "provider", "headers", "body", …');
  const { provider, options = {}, secrets = [], method = 'POST', url = 'https://localhost/', now } = value;
  if (typeof provider !== 'string' || provider === '')
    throw new MalformedRow('provider: write the name of a pack');
  if (!isObject(options)) throw new MalformedRow('options: write an object');
  if (!isTextList(secrets)) throw new MalformedRow('secrets: write a list of texts');
  if (typeof method !== 'string') throw new MalformedRow('method: write a text, such as "POST"');
  if (typeof url !== 'string' || !URL.canParse(url)) {
    throw new MalformedRow(
      'url: write the whole public URL with its query, such as "https://example.com/hook?a=b"',
    );
  }
  if (now !== undefined && now !== null && (typeof now !== 'number' || !Number.isFinite(now))) {
    throw new MalformedRow('now: write epoch seconds as a number');
  }
  const time = typeof now === 'number' ? now * 1000 : clock;
  const request = {
    method: method.toUpperCase(),
    url,
    subpath: matchWebhookPath(pathOf(url))?.subpath ?? '',
    headers: readHeaders(value.headers),
    body: readBody(value),
    receivedAt: time,
  };
  return { provider, options, secrets, request, now: time };
}

/** The path as it is written: `URL` would resolve and re-encode it. */
function pathOf(url: string): string {
  return /^[^:]+:\/\/[^/?#]*([^?#]*)/.exec(url)?.[1] ?? '';
}

/** Names in lower case; a repeated header is joined by a comma, as API Gateway does. */
function readHeaders(headers: unknown): Record<string, string> {
  const result: Record<string, string> = Object.create(null);
  if (headers === undefined) return result;
  if (!isObject(headers)) throw new MalformedRow('headers: write an object of names and values');
  for (const [name, value] of Object.entries(headers)) {
    const values = Array.isArray(value) ? value : [value];
    if (!values.every((one) => typeof one === 'string' || typeof one === 'number')) {
      throw new MalformedRow(`headers: the value of ${name} is neither text nor a list of texts`);
    }
    const key = name.toLowerCase();
    result[key] = [...(result[key] === undefined ? [] : [result[key]]), ...values].join(',');
  }
  return result;
}

function readBody({ body, bodyBase64 }: Readonly<Record<string, unknown>>): Buffer {
  const [hasText, hasBytes] = [
    body !== undefined && body !== null,
    bodyBase64 !== undefined && bodyBase64 !== null,
  ];
  if (hasText && hasBytes) throw new MalformedRow('write either body or bodyBase64, not both');
  if (hasBytes) {
    if (typeof bodyBase64 !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(bodyBase64)) {
      throw new MalformedRow('bodyBase64: write the bytes of the body in base64');
    }
    return Buffer.from(bodyBase64, 'base64');
  }
  if (hasText && typeof body !== 'string') {
    throw new MalformedRow(
      'body: write the raw body as a text (a parsed body has lost the bytes that were signed)',
    );
  }
  return Buffer.from(hasText ? (body as string) : '', 'utf8');
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
