/** What HubSpot's three versions of signatures share: the events. */
import { escapePart } from '../pack/fields.ts';
import type { EventShape, Provider, Sample } from '../pack/provider.ts';
import type { EventContext } from '../pack/request.ts';

interface Item {
  readonly subscriptionType?: unknown;
  readonly propertyName?: unknown;
  readonly portalId?: unknown;
  readonly objectId?: unknown;
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint'
    ? String(value)
    : undefined;

/** One property of one object: two properties that change in the same millisecond are apart. */
function subjectOf({ payload }: EventContext): string | undefined {
  const { subscriptionType, propertyName, portalId, objectId } = (payload ?? {}) as Item;
  const [kind, change] = (text(subscriptionType) ?? '').split('.');
  const ids = [text(portalId), kind, text(objectId)];
  if (!ids.every((id) => id !== undefined && id !== '')) return undefined;
  const property = change === 'propertyChange' ? [text(propertyName) ?? ''] : [];
  return [...ids, ...property].map((part) => escapePart(part ?? '')).join(':');
}

export const hubspotEvents: EventShape = {
  format: 'json',
  split: 'payload',
  // The documentation says that eventId alone is not unique. attemptNumber is signed, but counts attempts.
  id: ['payload.eventId', 'payload.subscriptionId', 'payload.occurredAt', 'payload.objectId'],
  volatile: ['payload.attemptNumber'],
  // A workflow sends the object itself, without saying why.
  type: { any: ['payload.subscriptionType', 'payload.eventTypeId', 'payload.objectType'] },
  subject: subjectOf,
  // Milliseconds. Equal ones are all applied.
  revision: { field: 'payload.occurredAt', as: 'milliseconds' },
  deletes: ({ payload }) => text((payload as Item | null)?.subscriptionType)?.endsWith('.deletion') ?? false,
  tenant: 'payload.portalId',
};

function sample(type: string, position: number): Sample {
  return {
    type,
    headers: { 'content-type': 'application/json' },
    body: (seed) =>
      JSON.stringify([
        {
          eventId: seed * 10 + position,
          subscriptionId: 12345,
          portalId: 62515,
          appId: 54321,
          occurredAt: 1_767_225_600_000 + position,
          subscriptionType: type,
          attemptNumber: 0,
          objectId: 1000 + seed,
          changeSource: 'CRM',
        },
      ]),
  };
}

/** A pack for one version of the signature. */
export function hubspotProvider(
  version: 'v1' | 'v2' | 'v3',
  verification: Provider['verification'],
): Provider {
  return {
    name: `hubspot-${version}`,
    title: `HubSpot (signature ${version})`,
    documentation: [
      'https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation',
      'https://developers.hubspot.com/docs/api-reference/webhooks-webhooks-v3/guide',
    ],
    unverified: 'The retries (10 in 24 hours), and how far eventId is from being unique.',
    verification,
    secret: {
      description: 'The client secret of the app (Auth tab of the app in your developer account).',
      development: '00000000-0000-4000-8000-000000000001',
    },
    events: hubspotEvents,
    eventHeaders: ['x-hubspot-correlation-id', 'x-hubspot-request-timestamp'],
    acknowledge: { status: 200 },
    retries: { schedule: '10 retries over 24 hours', timeoutSeconds: 5, periodSeconds: 86_400 },
    registration: [
      'Developer account → your app → Webhooks: set the target URL {url}, then create and activate subscriptions.',
      ...(version === 'v1' ? [] : ['The URL is part of the signature: enter it exactly so.']),
      ...(version === 'v3' ? [] : ['HubSpot sends the signature v3 as well: prefer the pack hubspot-v3.']),
    ],
    samples: ['contact.creation', 'contact.deletion'].map(sample),
  };
}
