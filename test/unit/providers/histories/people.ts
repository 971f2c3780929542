/** Users and directories. */
import { type History, history, START, sent } from './history.ts';

const clerkUser = (type: string, after: number, data: object) =>
  sent(
    {
      data: { id: 'user_29w83', object: 'user', ...data },
      object: 'event',
      timestamp: START + after,
      type: `user.${type}`,
    },
    { 'svix-id': `msg_${after}` },
  );

const workosUser = (change: string, createdAt: string, state: string) => ({
  id: `event_${change}`,
  event: `dsync.user.${change}`,
  created_at: createdAt,
  data: { id: 'directory_user_01E1JG7J09H96KYP8HM9B0G5SJ', organization_id: 'org_1', state },
});

/** By pack. */
export const people: Readonly<Record<string, readonly History[]>> = {
  clerk: [
    history(
      'user.updated',
      clerkUser('created', 1, { first_name: null }),
      clerkUser('updated', 2, { first_name: 'Zo' }),
      clerkUser('updated', 3, { first_name: 'Zoë' }),
    ),
    history(
      'deleted',
      clerkUser('created', 1, { first_name: null }),
      clerkUser('updated', 2, { first_name: 'Zoë' }),
      clerkUser('deleted', 3, { deleted: true }),
    ),
  ],
  workos: [
    history(
      'deleted',
      workosUser('created', '2026-01-01T09:00:00.000Z', 'active'),
      workosUser('updated', '2026-01-01T09:00:00.001Z', 'inactive'),
      workosUser('deleted', '2026-01-01T09:00:00.010Z', 'inactive'),
    ),
  ],
};
