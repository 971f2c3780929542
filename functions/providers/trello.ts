import { escapePart } from '../pack/fields.ts';
import type { Provider } from '../pack/provider.ts';
import type { EventContext } from '../pack/request.ts';

/** From the narrowest thing that an action can be about to the widest. */
const kinds = ['card', 'list', 'board', 'organization'] as const;

function subjectOf({ payload }: EventContext): string | undefined {
  const data = (
    payload as { action?: { data?: Record<string, { id?: unknown } | null> | null } | null } | null
  )?.action?.data;
  for (const kind of kinds) {
    const id = data?.[kind]?.id;
    if (typeof id === 'string') return `${kind}:${escapePart(id)}`;
  }
  return undefined;
}

/** Trello: HMAC over the body and the callback URL. */
export const provider: Provider = {
  name: 'trello',
  title: 'Trello',
  documentation: ['https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks/'],
  unverified: 'The retries (after 30, 60 and 120 s).',
  verification: {
    kind: 'hmac',
    algorithm: 'sha1',
    encoding: 'base64',
    key: 'utf8',
    signed: '{body}{url}',
    signature: { header: 'x-trello-webhook', form: { kind: 'bare' } },
  },
  secret: {
    description: 'The secret of the API key (https://trello.com/power-ups/admin → your Power-Up → API key).',
    development: 'development-secret-of-trello',
  },
  events: {
    format: 'json',
    id: 'payload.action.id',
    type: 'payload.action.type',
    subject: subjectOf,
    // Milliseconds. Equal ones are all applied.
    revision: { field: 'payload.action.date', as: 'timestamp' },
    deletes: ({ payload }) =>
      (payload as { action?: { type?: unknown } } | null)?.action?.type === 'deleteCard',
  },
  acknowledge: { status: 200 },
  // Trello creates no webhook whose URL does not answer this with exactly 200.
  handshakes: [{ method: 'HEAD', when: 'before', answer: () => ({ status: 200 }) }],
  retries: { schedule: '3 retries, after 30, 60 and 120 s', periodSeconds: 210 },
  registration: [
    'POST https://api.trello.com/1/webhooks/?key=…&token=… with {"callbackURL": "{url}", "idModel": "<board or card id>"}.',
    'The URL is part of the signature: enter it exactly so.',
  ],
  samples: ['createCard', 'updateCard'].map((type, position) => ({
    type,
    headers: { 'content-type': 'application/json' },
    body: (seed: number) =>
      JSON.stringify({
        action: {
          id: `${position}${seed.toString(16).padStart(23, '0')}`,
          type,
          date: `2026-01-01T00:00:00.00${position}Z`,
          data: { board: { id: 'board' }, card: { id: `card-${seed}`, name: `Sample ${seed}` } },
        },
        model: { id: 'board' },
      }),
  })),
};
