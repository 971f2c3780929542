/** What the tables, the door and the consoles of both releases say after a story. */

import { getItems } from '../../../functions/api/scan.ts';
import { compareRevisions } from '../../../functions/core/revisions.ts';
import { LOCAL_TABLES } from '../../../local/dynamodb.ts';
import { ask } from './callers.ts';
import type { Ground } from './ground.ts';
import type { Release } from './kept-release.ts';

interface Audit {
  readonly balanced: boolean;
  readonly quarantined: number;
  readonly dead: number;
  readonly inFlight: number;
  readonly unconfirmed: number;
}

export interface Verdict {
  /** Acknowledged, and neither applied nor stale. */
  readonly lost: readonly string[];
  /** Taken by their subject twice, or with an effect that was asked for twice. */
  readonly twice: readonly string[];
  /** Subjects that took a lower revision, or the same event, after the one before. */
  readonly backwards: readonly string[];
  /** By the consoles of both releases, over everything so far. */
  readonly audits: readonly Audit[];
  /** Events that one of the consoles cannot show. */
  readonly unreadable: readonly string[];
}

/** Events of a story that are opened in each console. */
const SHOWN = 20;

export async function judge(
  ground: Ground,
  accepted: ReadonlySet<string>,
  releases: readonly Release[],
): Promise<Verdict> {
  const { applied, effects } = ground.door;
  const entries = await getItems(ground, LOCAL_TABLES.ledger, [...accepted]);
  const stateOf = (id: string) => entries.get(id)?.state?.S ?? 'missing';
  const lost = [...accepted].filter((id) => !['applied', 'stale'].includes(stateOf(id)));
  const subjects = Map.groupBy(applied, ({ subject }) => subject);
  const times = (id: string) => {
    const [source = '', key = ''] = id.split('#');
    const { subject, ownSubject } = entries.get(id) ?? {};
    return (subjects.get(`${source}#${(subject ?? ownSubject)?.S}`) ?? []).filter(
      ({ event }) => event === key,
    ).length;
  };
  /** It has passed by itself: that its own entry is applied is all, and its subject has not taken it. */
  const isByItself = (id: string) => entries.get(id)?.gate?.S === 'entry';
  const isApplied = (id: string) => stateOf(id) === 'applied';
  const isHandled = (id: string) => /^(chargify|orders)#/.test(id);
  const twice = [...accepted].filter(
    (id) =>
      // 0.1.0 passes it by a subject of its own all the same.
      (isByItself(id) ? times(id) > 1 : times(id) !== (isApplied(id) ? 1 : 0)) ||
      (isHandled(id) && (effects.get(id) ?? 0) !== (isApplied(id) ? 1 : 0)),
  );
  const backwards = [...subjects].filter(([, taken]) =>
    taken.some(({ revision, event }, n) => {
      const before = taken[n - 1];
      const order = before ? compareRevisions(revision, before.revision) : 1;
      // Different events of one revision are all applied.
      return order < 0 || (order === 0 && before?.event === event);
    }),
  );
  const audits: Audit[] = [];
  const unreadable: string[] = [];
  for (const release of releases) {
    const console = await ground.running(release, 'console');
    const { balanced, total } = await ask<{ balanced: boolean; total: Audit }>(
      console,
      ground.token,
      'GET /api/audit',
    );
    const { quarantined, dead, inFlight, unconfirmed } = total;
    audits.push({ balanced, quarantined, dead, inFlight, unconfirmed });
    const step = Math.ceil(accepted.size / SHOWN);
    for (const id of [...accepted].filter((_, n) => n % step === 0)) {
      const { payload } = await ask<{ payload: unknown }>(
        console,
        ground.token,
        `GET /api/events/${id.replace('#', '/')}`,
      );
      if (payload === null) unreadable.push(`${release.name}: ${id}`);
    }
  }
  return { lost, twice, backwards: backwards.map(([subject]) => subject), audits, unreadable };
}
