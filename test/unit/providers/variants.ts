/** What somebody with a captured request can change: every part of it, one at a time. */
import { isObject } from '../../../functions/core/is-object.ts';
import type { WebhookRequest } from '../../../functions/pack/request.ts';

export interface Variant {
  readonly what: string;
  readonly request: WebhookRequest;
}

/** Headers that a pack reads, or has read, and those that the transport brings along. */
const NAMES = [
  'content-type',
  'host',
  'x-amzn-trace-id',
  'x-forwarded-for',
  'x-request-id',
  'idempotency-key',
  'request-id',
  'webhook-id',
  'svix-id',
  'x-event-id',
  'x-hook0-id',
  'x-event-type',
  'x-event-key',
  'x-request-uuid',
  'x-github-event',
  'x-github-delivery',
  'x-gitlab-event',
  'x-buildkite-event',
  'x-atlassian-webhook-identifier',
  'x-razorpay-event-id',
  'recurly-notification-id',
  'sentry-hook-resource',
  'sanity-operation',
  'sanity-dataset',
  'sanity-project-id',
  'sanity-transaction-time',
  'x-shopify-topic',
  'x-shopify-event-id',
  'x-shopify-webhook-id',
  'x-shopify-shop-domain',
  'x-shopify-triggered-at',
  'shopify-topic',
  'shopify-shop-domain',
  'x-wc-webhook-topic',
  'x-wc-webhook-resource',
  'x-wc-webhook-delivery-id',
  'x-contentful-topic',
  'x-contentful-idempotency-key',
  'x-zendesk-webhook-invocation-id',
  'i-twilio-idempotency-token',
  'twitch-eventsub-message-type',
  'twitch-eventsub-subscription-type',
  'fortellis-event-id',
  'data-owner-id',
];

const FORM = 'application/x-www-form-urlencoded';

/** Values that would mean something, and one that means nothing. */
function valuesFor(name: string, present: string | undefined): readonly (string | undefined)[] {
  if (name === 'content-type') return [undefined, FORM, 'application/json', 'text/plain'];
  if (name.endsWith('-topic')) return ['orders/delete', 'changed'];
  if (name === 'sanity-operation') return ['delete'];
  if (/triggered-at|-time/.test(name)) return ['2099-01-01T00:00:00Z'];
  return [present === undefined ? 'added' : `${present}x`, ...(present === undefined ? [] : [undefined])];
}

function withHeader(request: WebhookRequest, name: string, value: string | undefined): WebhookRequest {
  const headers: Record<string, string> = Object.assign(Object.create(null), request.headers);
  if (value === undefined) delete headers[name];
  else headers[name] = value;
  return { ...request, headers };
}

export function headerVariants(request: WebhookRequest): readonly Variant[] {
  const names = [...new Set([...Object.keys(request.headers), ...NAMES])];
  return names.flatMap((name) =>
    valuesFor(name, request.headers[name]).map((value) => ({
      what: `${name}: ${value}`,
      request: withHeader(request, name, value),
    })),
  );
}

export function urlVariants(request: WebhookRequest): readonly Variant[] {
  const [path = '', query] = request.url.split('?');
  const behind = query === undefined ? '' : `?${query}`;
  const longer = (suffix: string) => ({
    what: `path ${suffix}`,
    request: { ...request, url: path + suffix + behind, subpath: request.subpath + suffix },
  });
  const asked = { ...request, url: `${request.url}${query === undefined ? '?' : '&'}attempt=2` };
  return [longer('/1'), longer('/event/other'), { what: 'query', request: asked }];
}

/** Bodies that a signature over a part of them may not tell from the true one. */
export function bodyVariants(request: WebhookRequest): readonly Variant[] {
  const text = request.body.toString();
  const variant = (what: string, body: string) => ({
    what,
    request: { ...request, body: Buffer.from(body) },
  });
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    const [field = ''] = text.split('&');
    const reversed = text.split('&').reverse().join('&');
    return [
      variant('field sent twice', `${text}&${field}`),
      variant('another field', `${text}&added=1`),
      ...(reversed === text ? [] : [variant('another order', reversed)]),
    ];
  }
  return [
    variant('a space', `${text} `),
    ...(isObject(parsed) ? [variant('another key', JSON.stringify({ ...parsed, added: 1 }))] : []),
    ...leavesOf(parsed).map((path) =>
      variant(`value at ${path.join('.')}`, JSON.stringify(changedAt(parsed, path))),
    ),
  ];
}

function leavesOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, item]) => leavesOf(item, [...path, key]));
}

function changedAt(value: unknown, path: readonly string[]): unknown {
  const copy: unknown = structuredClone(value);
  let node = copy as Record<string, unknown>;
  for (const key of path.slice(0, -1)) node = node[key] as Record<string, unknown>;
  const last = path.at(-1) ?? '';
  const old = node[last];
  node[last] = /^\d{4}-\d{2}-\d{2}T/.test(String(old)) ? '2099-01-01T00:00:00Z' : `${String(old)}1`;
  return copy;
}
