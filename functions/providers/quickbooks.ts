import { isObject } from '../core/is-object.ts';
import { escapePart } from '../pack/fields.ts';
import type { Provider } from '../pack/provider.ts';
import type { EventContext } from '../pack/request.ts';

/** The form until 2026: entities within notifications within the body. Each takes its company along. */
function entities(body: unknown): readonly unknown[] {
  // The form since 2026 is a list of CloudEvents.
  if (!isObject(body) || !Array.isArray(body.eventNotifications)) return Array.isArray(body) ? body : [body];
  return body.eventNotifications.flatMap((notification: unknown) => {
    const { realmId, dataChangeEvent } = isObject(notification) ? notification : {};
    const list = isObject(dataChangeEvent) ? dataChangeEvent.entities : undefined;
    return Array.isArray(list)
      ? list.map((entity: unknown) => (isObject(entity) ? { ...entity, realmId } : entity))
      : [];
  });
}

/** `qbo.invoice.created.v1` → `invoice`, `created`. */
function cloudEvent({ payload }: EventContext): readonly string[] {
  const type = isObject(payload) && payload.specversion !== undefined ? payload.type : undefined;
  return typeof type === 'string' ? type.split('.').slice(1, 3) : [];
}

/** Company, kind of entity and its id, spelt alike in both forms. */
function subjectOf(context: EventContext): string | undefined {
  const fields = isObject(context.payload) ? context.payload : {};
  const [entity] = cloudEvent(context);
  const parts = entity
    ? [fields.intuitaccountid, entity, fields.intuitentityid]
    : [fields.realmId, typeof fields.name === 'string' ? fields.name.toLowerCase() : undefined, fields.id];
  return parts.every((part) => typeof part === 'string') ? parts.map(escapePart).join(':') : undefined;
}

/** QuickBooks Online: thin events, in the old form and as CloudEvents. */
export const provider: Provider = {
  name: 'quickbooks',
  title: 'Intuit QuickBooks Online',
  documentation: [
    'https://developer.intuit.com/app/developer/qbo/docs/develop/webhooks',
    'https://developer.intuit.com/app/developer/qbo/docs/develop/webhooks/managing-webhooks-notifications',
  ],
  unverified: 'The retries (after 20, 30 and 50 min).',
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'base64',
    key: 'utf8',
    signed: '{body}',
    signature: { header: 'intuit-signature', form: { kind: 'bare' } },
  },
  secret: {
    description: 'The verifier token (developer.intuit.com → your app → Webhooks → Show token).',
    development: 'development-verifier-token-of-quickbooks',
  },
  events: {
    format: 'json',
    split: entities,
    id: {
      any: [
        ['payload.realmId', 'payload.name', 'payload.id', 'payload.operation', 'payload.lastUpdated'],
        ['payload.intuitaccountid', 'payload.id'],
      ],
    },
    type: (context) => {
      const { name, operation } = (context.payload ?? {}) as Record<string, unknown>;
      const [entity, change] = cloudEvent(context);
      return entity && change
        ? `${entity}.${change}`
        : `${String(name ?? 'entity')}.${String(operation ?? 'change')}`.toLowerCase();
    },
    subject: subjectOf,
    // To the second in the old form. Equal ones are all applied: the entity is fetched anyway.
    revision: { field: { any: ['payload.lastUpdated', 'payload.time'] }, as: 'timestamp' },
    snapshots:
      'Each event says that its entity has changed and is to be fetched: the newest stands for all before it.',
    deletes: (context) =>
      cloudEvent(context)[1] === 'deleted' ||
      (context.payload as { operation?: unknown } | null)?.operation === 'Delete',
    tenant: { any: ['payload.realmId', 'payload.intuitaccountid'] },
  },
  acknowledge: { status: 200 },
  retries: { schedule: '3 retries, after 20, 30 and 50 min', timeoutSeconds: 3, periodSeconds: 2 * 3600 },
  registration: [
    'developer.intuit.com → your app → Webhooks: enter {url}, choose the entities, and copy the verifier token.',
    'Development and production have different tokens.',
  ],
  samples: ['created', 'updated'].map((change, position) => ({
    type: `invoice.${change}`,
    headers: { 'content-type': 'application/json' },
    body: (seed: number) =>
      JSON.stringify([
        {
          specversion: '1.0',
          id: `00000000-0000-4000-8000-${(seed * 2 + position).toString(16).padStart(12, '0')}`,
          source: 'intuit.sample',
          type: `qbo.invoice.${change}.v1`,
          datacontenttype: 'application/json',
          time: `2026-01-01T00:00:00.00${position}Z`,
          intuitentityid: String(seed),
          intuitaccountid: '310687',
          data: {},
        },
      ]),
  })),
};
