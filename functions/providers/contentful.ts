import { escapePart } from '../pack/fields.ts';
import type { Provider } from '../pack/provider.ts';
import type { EventContext } from '../pack/request.ts';
import { contentfulSignature } from '../verification/canonical-contentful.ts';

interface Sys {
  readonly type?: unknown;
  readonly id?: unknown;
  readonly version?: unknown;
  readonly updatedAt?: unknown;
  readonly space?: { readonly sys?: { readonly id?: unknown } };
  readonly environment?: { readonly sys?: { readonly id?: unknown } };
}

function sysOf({ payload }: EventContext): Sys {
  return (payload as { sys?: Sys } | null)?.sys ?? {};
}

/**
 * Drafts carry `version`, which every change raises. What is published or deleted carries `revision`, which
 * unpublishing does not raise: there, the time of the change orders. The two lines are apart.
 */
function subjectOf(context: EventContext): string | undefined {
  const sys = sysOf(context);
  const parts = [sys.space?.sys?.id, sys.environment?.sys?.id, sys.type, sys.id];
  const [space, environment, type, id] = parts.map((part) => (typeof part === 'string' ? part : undefined));
  if (!space || !type || !id) return undefined;
  const line = sys.version === undefined ? ['published'] : [];
  return [space, environment ?? 'master', type.replace(/^Deleted/, ''), id, ...line]
    .map(escapePart)
    .join(':');
}

function revisionOf(context: EventContext): string | number | undefined {
  const { version, updatedAt } = sysOf(context);
  if (version !== undefined) return typeof version === 'number' ? version : undefined;
  const time = typeof updatedAt === 'string' ? Date.parse(updatedAt) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

/** Contentful: HMAC over a canonical form of the whole request. */
export const provider: Provider = {
  name: 'contentful',
  title: 'Contentful',
  documentation: [
    'https://www.contentful.com/developers/docs/webhooks/request-verification/',
    'https://www.contentful.com/developers/docs/extensibility/app-framework/request-verification/',
    'https://www.contentful.com/developers/docs/webhooks/headers/',
  ],
  unverified: 'The retries (30 s and 60 s later), and that the idempotency key is among the signed headers.',
  verification: contentfulSignature,
  secret: {
    description: 'The signing secret of the space (Settings → Webhooks → Settings): 64 characters.',
    development: 'development-signing-secret-of-contentful-0123456789abcdef0123456',
    check: (secret) =>
      /^[0-9a-zA-Z+/=_-]{64}$/.test(secret) ? undefined : 'It is not 64 characters of 0-9 a-z A-Z + / = _ -.',
  },
  events: {
    format: 'json',
    // The key of the event where Contentful sends one, else the event is known by its content.
    id: 'header.x-contentful-idempotency-key',
    type: { any: ['header.x-contentful-topic', 'payload.sys.type'] },
    subject: subjectOf,
    // Equal ones are all applied.
    revision: { field: revisionOf, as: 'integer' },
    snapshots: 'Each webhook carries the whole entity, whose version or revision counts every change.',
    deletes: (context) => {
      const { type } = sysOf(context);
      return typeof type === 'string' && type.startsWith('Deleted');
    },
  },
  // The list of what is signed, so that the worker knows it, too.
  eventHeaders: ['x-contentful-signed-headers', 'x-contentful-timestamp', 'x-contentful-webhook-name'],
  acknowledge: { status: 200 },
  retries: { schedule: '2 retries, after 30 s and 60 s', timeoutSeconds: 30, periodSeconds: 90 },
  registration: [
    'Settings → Webhooks → Add webhook: enter POST {url} and choose the triggers.',
    'Settings → Webhooks → Settings → Enable request verification: copy the secret, it is shown once.',
    'The path is part of the signature; the host is not.',
  ],
  samples: ['save', 'publish'].map((action, position) => ({
    type: `ContentManagement.Entry.${action}`,
    headers: {
      'content-type': 'application/vnd.contentful.management.v1+json',
      'x-contentful-topic': `ContentManagement.Entry.${action}`,
    },
    body: (seed: number) =>
      JSON.stringify({
        sys: {
          type: 'Entry',
          id: `entry-${seed}`,
          space: { sys: { type: 'Link', linkType: 'Space', id: 'sample' } },
          environment: { sys: { type: 'Link', linkType: 'Environment', id: 'master' } },
          ...(action === 'save' ? { version: 2 } : { revision: 1 }),
          updatedAt: `2026-01-01T00:00:00.00${position}Z`,
        },
        fields: { title: { 'en-US': `Sample ${seed}` } },
      }),
  })),
};
