import { isObject } from '../core/is-object.ts';
import type { HandshakeContext, Provider } from '../pack/provider.ts';
import type { EventContext } from '../pack/request.ts';
import type { CustomScheme, SigningContext, Verdict, VerificationContext } from '../pack/scheme.ts';
import { stringifyJson } from '../parsing/json.ts';
import { equalText } from '../verification/compare.ts';
import { EVERYTHING } from '../verification/coverage.ts';
import { queryValues } from '../verification/query-secret.ts';
import { readUnverifiedJson } from '../verification/unverified.ts';

const verification: CustomScheme = {
  kind: 'custom',
  covers: EVERYTHING,
  proof: '`clientState` of every item in the body',
  verify,
  sign: () => ({}),
  prepare: withClientState,
};

/**
 * Nothing is signed: every item carries the `clientState` of its subscription. All have to be known, because one
 * request mixes subscriptions, and a true item must not bring a false one in. A list without items proves nothing.
 */
function verify({ request, secrets }: VerificationContext): Verdict {
  const items = readUnverifiedJson(request.body)?.value;
  if (!Array.isArray(items))
    return { ok: false, reason: 'signature-malformed', hint: 'expected {"value": […]}' };
  if (items.length === 0)
    return { ok: false, reason: 'signature-missing', hint: 'no item with a clientState' };
  if (secrets.length === 0) return { ok: false, reason: 'secret-missing' };
  const matches = items.map((item: unknown) => {
    const state = isObject(item) && Object.hasOwn(item, 'clientState') ? item.clientState : undefined;
    if (typeof state !== 'string') return -1;
    return secrets.findIndex((secret) => secret !== '' && equalText(secret, state));
  });
  if (matches.includes(-1))
    return { ok: false, reason: 'signature-mismatch', hint: 'clientState of an item' };
  return { ok: true, secret: matches[0] ?? 0 };
}

/** For samples: puts the secret where the provider would. */
function withClientState({ request, secret }: SigningContext) {
  const value = readUnverifiedJson(request.body)?.value;
  if (!Array.isArray(value)) throw new TypeError('a notification of Microsoft Graph is {"value": […]}');
  const items = value.map((item: unknown) => (isObject(item) ? { ...item, clientState: secret } : item));
  return { body: Buffer.from(stringifyJson({ value: items })) };
}

/** The token comes back decoded and as plain text; answered to anybody, because Graph sends no proof with it. */
function answerValidation({ request }: HandshakeContext) {
  const [token] = queryValues(request.url, 'validationToken');
  if (token === undefined) return undefined;
  const headers = { 'content-type': 'text/plain', 'x-content-type-options': 'nosniff' };
  return { status: 200, headers, body: token };
}

/** Items without the `clientState`, which is the secret and has done its work. */
function split(body: unknown): readonly unknown[] {
  const { value } = (body ?? {}) as { value?: unknown };
  if (!Array.isArray(value)) return [body];
  return value.map((item: unknown) => {
    if (!isObject(item)) return item;
    const { clientState: _, ...rest } = item;
    return rest;
  });
}

/** The state that a change left behind names the change: `id` is missing for many resources. */
function idOf({ payload }: EventContext): string | undefined {
  if (!isObject(payload)) return undefined;
  const { subscriptionId, changeType, resource, resourceData, id } = payload;
  const etag = isObject(resourceData) ? resourceData['@odata.etag'] : undefined;
  if (typeof etag === 'string') return [subscriptionId, changeType, resource, etag].join('|');
  return typeof id === 'string' ? id : undefined;
}

export const provider: Provider = {
  name: 'microsoft-graph',
  title: 'Microsoft Graph change notifications',
  documentation: [
    'https://learn.microsoft.com/en-us/graph/change-notifications-delivery-webhooks',
    'https://learn.microsoft.com/en-us/graph/api/resources/changenotification',
    'https://learn.microsoft.com/en-us/graph/change-notifications-lifecycle-events',
  ],
  unverified:
    'The tokens (`validationTokens`) of notifications with resource data are not checked, only the clientState. That an etag names one change was not found in the documentation.',
  verification,
  secret: {
    description: 'The clientState that you give each subscription: at most 128 characters, long and random.',
    development: 'development-client-state-of-graph',
    check: (secret) => (secret.length <= 128 ? undefined : 'A clientState has at most 128 characters.'),
  },
  events: {
    format: 'json',
    split,
    id: idOf,
    unsignedId: {
      field: ({ payload, requestId }) =>
        isObject(payload) && payload.lifecycleEvent !== undefined ? requestId : undefined,
      because:
        'A warning about the subscription itself has nothing of its own: taken for a repeat, a second `missed` would be lost. So each arrival counts, a retry as well.',
    },
    type: { any: ['payload.changeType', 'payload.lifecycleEvent'] },
    // No revision: an etag tells versions apart but does not order them. Fetch the resource.
    tenant: 'payload.tenantId',
  },
  // The tokens prove a notification to every endpoint of the same app.
  bodyCredentials: ['value.*.clientState', 'validationTokens'],
  handshakes: [{ method: 'POST', when: 'before', answer: answerValidation }],
  retries: {
    schedule:
      'with growing pauses for up to 4 h; a slow endpoint is throttled, then its notifications are dropped',
    timeoutSeconds: 3,
    periodSeconds: 4 * 3600,
  },
  registration: [
    'POST {"changeType": "created,updated", "notificationUrl": "{url}", "lifecycleNotificationUrl": "{url}", "resource": "…", "expirationDateTime": "…", "clientState": "<the secret of this source>"} to https://graph.microsoft.com/v1.0/subscriptions',
    'Inlet answers the validation that follows. Subscriptions expire: renew them.',
  ],
  samples: [
    {
      type: 'updated',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          value: [
            {
              id: `lsgTZMr9KwAAA-${seed}`,
              subscriptionId: '76222963-cc7b-42d2-882d-8aaa69cb2ba3',
              subscriptionExpirationDateTime: '2026-06-01T00:00:00Z',
              changeType: 'updated',
              tenantId: '84bd8158-6d4d-4958-8b9f-9d6445542f95',
              resource: `Users/sample/Messages/${seed}`,
              resourceData: {
                '@odata.type': '#Microsoft.Graph.Message',
                '@odata.etag': `W/"sample${seed}"`,
                id: String(seed),
              },
            },
          ],
        }),
    },
  ],
};
