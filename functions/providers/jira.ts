import type { Provider } from '../pack/provider.ts';
import type { EventContext } from '../pack/request.ts';

interface JiraEvent {
  readonly webhookEvent?: unknown;
  readonly [kind: string]: unknown;
}

/** `jira:issue_updated` is about an issue, `comment_created` about a comment. */
function subjectOf({ payload }: EventContext): string | undefined {
  const event = payload as JiraEvent | null;
  const kind = /^(?:jira:)?([a-z]+)_/.exec(String(event?.webhookEvent))?.[1];
  const thing = kind && event && Object.hasOwn(event, kind) ? (event[kind] as { id?: unknown } | null) : null;
  return typeof thing?.id === 'string' || typeof thing?.id === 'number' ? `${kind}:${thing.id}` : undefined;
}

/** Jira Cloud. */
export const provider: Provider = {
  name: 'jira',
  title: 'Jira Cloud',
  documentation: ['https://developer.atlassian.com/cloud/jira/platform/webhooks/'],
  unverified: 'The retry schedule was not checked.',
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'hex',
    key: 'utf8',
    signed: '{body}',
    // `method=signature`; SHA-256 is the only method in use.
    signature: { header: 'x-hub-signature', form: { kind: 'prefix', prefix: 'sha256=' } },
  },
  secret: {
    description: 'The secret of the webhook. Without one, Jira sends no signature.',
    development: 'development-secret-of-jira',
  },
  events: {
    format: 'json',
    // Unique within a tenant and the same over retries. The body has the time in milliseconds.
    deliveryId: 'header.x-atlassian-webhook-identifier',
    type: 'payload.webhookEvent',
    subject: subjectOf,
    // Milliseconds. Equal ones are all applied.
    revision: { field: 'payload.timestamp', as: 'milliseconds' },
    snapshots: 'Each event carries the whole issue or entity as it is then, with its time in milliseconds.',
    deletes: ({ payload }) => String((payload as JiraEvent | null)?.webhookEvent).endsWith('_deleted'),
  },
  eventHeaders: ['x-atlassian-webhook-retry'],
  retries: { schedule: '5 retries, each after 5 to 15 min', timeoutSeconds: 30, periodSeconds: 75 * 60 },
  registration: ['System → WebHooks: URL {url}, secret {secret}, and the events that you want.'],
  samples: [
    {
      type: 'jira:issue_updated',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          timestamp: 1_767_225_600_000 + seed,
          webhookEvent: 'jira:issue_updated',
          issue: { id: String(10_000 + seed), key: `INBOX-${seed}`, fields: { summary: 'Überschrift' } },
        }),
    },
  ],
};
