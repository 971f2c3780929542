/** A subject's revision, as an operator lifts it when it is wrong. */

import { type Item, number, numberOf, text, textOf } from '../../aws/dynamodb.ts';
import { compareRevisions } from '../../core/revisions.ts';
import { NO_LIVE_LEASE } from '../lease.ts';
import { getReadable, updateReadable } from '../update-readable.ts';
import type { SubjectItem } from './lease.ts';

/** What a subject says of itself before it is reset. */
export interface Standing {
  /** Decimal text. */
  readonly revision: string;
  /** The event applied last. */
  readonly event: string;
  readonly state: string | undefined;
  /** Epoch milliseconds. */
  readonly updatedAt: number | undefined;
  /** The highest revision that was lifted from it before. */
  readonly liftedBefore: string | undefined;
}

/**
 * Where a subject stands now.
 * @returns undefined when there is no such subject; `none` when it has no revision.
 * @throws NewerFormatError when a newer release has written the subject.
 */
export async function standingOf(subject: SubjectItem): Promise<Standing | 'none' | undefined> {
  const item = await getReadable({ ...subject, what: 'The subject' });
  if (!item) return undefined;
  const [revision, event] = [textOf(item.revision), textOf(item.eventId)];
  if (revision === undefined || event === undefined) return 'none';
  const [state, updatedAt, liftedBefore] = [
    textOf(item.state),
    numberOf(item.updatedAt),
    textOf(item[LIFTED]),
  ];
  return { revision, event, state, updatedAt, liftedBefore };
}

/** The highest revision that was ever lifted from a subject: what was applied or stale below it was so rightly. */
export const LIFTED = 'resetFrom';

/**
 * Lifts the revision of a subject, so that the next event is applied whatever its revision. What it keeps besides stays:
 * its state, until that event; the events applied, so that a copy of the wrong one stays a copy; and the fencing number,
 * which grows, so that a handler whose lease has run out cannot commit any more.
 * @returns `held` while a handler has the subject, `moved` when it has another revision by now.
 * @throws NewerFormatError
 */
export async function liftRevision(
  subject: SubjectItem,
  { revision, event, liftedBefore = revision }: Standing,
  now: number,
): Promise<'lifted' | 'held' | 'moved'> {
  const highest = compareRevisions(liftedBefore, revision) > 0 ? liftedBefore : revision;
  const written = await updateReadable(
    { ...subject, what: 'The subject' },
    {
      UpdateExpression: `SET resetAt = :now, ${LIFTED} = :highest REMOVE revision ADD fence :one`,
      ConditionExpression: `${STANDS_THERE} AND ${NO_LIVE_LEASE}`,
      ExpressionAttributeValues: {
        ':revision': number(revision),
        ':event': text(event),
        ':highest': number(highest),
        ':now': number(now),
        ':one': number(1),
      },
    },
  );
  if ('attributes' in written) return 'lifted';
  return refusalOf(written.old, { revision, event }, now);
}

/** It is what the operator has seen. */
const STANDS_THERE = '(revision = :revision AND eventId = :event)';

function refusalOf(
  item: Item | undefined,
  { revision, event }: Pick<Standing, 'revision' | 'event'>,
  now: number,
): 'lifted' | 'held' | 'moved' {
  const stands = textOf(item?.revision);
  if (textOf(item?.eventId) !== event) return 'moved';
  // It was ours, in a request whose answer was lost, or somebody else's at the same moment.
  if (stands === undefined && numberOf(item?.resetAt) === now) return 'lifted';
  return stands !== undefined && compareRevisions(stands, revision) === 0 ? 'held' : 'moved';
}
