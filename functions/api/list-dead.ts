import { comparePositions, encodeCursor, NEWEST, type Position } from './cursor.ts';
import { DEAD_STATES, scanDead } from './dead-entries.ts';
import type { Entry } from './entry.ts';
import { type EventQuery, matches } from './event-query.ts';
import type { Reader } from './reader.ts';
import type { ScanPlaces } from './scan.ts';

/** For one page in milliseconds: half of what the console's function has (`infra/console.ts`), AWS's retries aside. */
const SCAN_MS = 15_000;

/**
 * A page of quarantined and dead events, found by a scan: they are few, and whoever mends things must find them,
 * wherever they lie.
 *
 * The ledger has no order, so the newest are known when all of it has been read. Where the time of a page allows that,
 * the page has the newest, and the next one reads all again. Where it does not, the page has what was found until then,
 * and the next one goes on where this one ended: beginning anew, none would ever come further.
 */
export async function listDead(
  reader: Reader,
  query: EventQuery,
): Promise<{ readonly entries: readonly Entry[]; readonly cursor: string | null }> {
  const { from = NEWEST, limit } = query;
  const places: ScanPlaces = [...(query.from?.scan ?? [])];
  const isWhole = places.length === 0;
  const first: Entry[] = [];
  let newest: Entry[] = [];
  let count = 0;
  let placesOfFull: ScanPlaces | undefined;
  const deadline = reader.now() + SCAN_MS;
  await scanDead(
    reader,
    query.states ?? DEAD_STATES,
    (entry) => {
      if (!matches(entry, query) || comparePositions(positionOf(entry), from) <= 0) return;
      count += 1;
      newest.push(entry);
      // In an incident there may be more of them than there is memory.
      if (newest.length > 2 * limit) newest = sorted(newest).slice(0, limit);
      if (first.length === limit) return;
      first.push(entry);
      if (first.length === limit) placesOfFull = [...places];
    },
    { places, goesOn: () => reader.now() < deadline && (isWhole || !placesOfFull) },
  );
  const isDone = places.every((place) => place === null);
  if (isDone && count <= limit) return { entries: sorted(first), cursor: null };
  if (isDone && isWhole) {
    const entries = sorted(newest).slice(0, limit);
    const last = entries.at(-1);
    return { entries, cursor: last ? encodeCursor({ ...positionOf(last), scan: [] }) : null };
  }
  const { receivedAt, id } = from;
  return {
    entries: sorted(first),
    cursor: encodeCursor({ receivedAt, id, scan: placesOfFull ?? places }),
  };
}

function sorted(entries: readonly Entry[]): Entry[] {
  return entries.toSorted((left, right) => comparePositions(positionOf(left), positionOf(right)));
}

function positionOf({ id, receivedAt = 0 }: Entry): Position {
  return { id, receivedAt };
}
