import { encodeCursor, NEWEST_FIRST, type Order, type Position, type Start } from './cursor.ts';
import { DEAD_STATES, scanDead } from './dead-entries.ts';
import type { Entry } from './entry.ts';
import { type EventQuery, matches } from './event-query.ts';
import type { ApiParts } from './parts.ts';
import type { ScanPlaces } from './scan.ts';

/** For one page in milliseconds: half of what the console's function has (`infra/console.ts`), AWS's retries aside. */
const SCAN_MS = 15_000;

export interface DeadQuery {
  /** Default: both. */
  readonly states?: readonly string[] | undefined;
  readonly isWanted: (entry: Entry) => boolean;
  readonly order: Order;
  readonly limit: number;
  /** Default: at the beginning. */
  readonly from?: Start | undefined;
}

export interface DeadPage {
  readonly entries: readonly Entry[];
  /** How many this call has found: those of the page, and others that the next pages have. */
  readonly found: number;
  readonly cursor: string | null;
}

/** A page of the list of quarantined and dead events, newest first. */
export function listDead(parts: ApiParts, query: EventQuery): Promise<DeadPage> {
  const { states, limit, from } = query;
  return readDead(parts, {
    isWanted: (entry) => matches(entry, query),
    order: NEWEST_FIRST,
    states,
    limit,
    from,
  });
}

/**
 * A page of quarantined and dead events, found by a scan: they are few, and whoever mends things must find them,
 * wherever they lie.
 *
 * The ledger has no order, so which come first is known when all of it has been read. Where the time of a page allows
 * that, the page has the first, and the next one reads all again. Where it does not, the page has what was found until
 * then, and the next one goes on where this one ended: beginning anew, none would ever come further.
 */
export async function readDead(
  parts: ApiParts,
  { states = DEAD_STATES, isWanted, order, limit, ...query }: DeadQuery,
): Promise<DeadPage> {
  const { from = order.start } = query;
  const places: ScanPlaces = [...(query.from?.scan ?? [])];
  const isWhole = places.length === 0;
  const sorted = (entries: readonly Entry[]) =>
    entries.toSorted((left, right) => order.compare(positionOf(left), positionOf(right)));
  const found: Entry[] = [];
  let inOrder: Entry[] = [];
  let count = 0;
  let placesOfFull: ScanPlaces | undefined;
  const deadline = parts.now() + SCAN_MS;
  await scanDead(
    parts,
    states,
    (entry) => {
      if (!isWanted(entry) || order.compare(positionOf(entry), from) <= 0) return;
      count += 1;
      inOrder.push(entry);
      // In an incident there may be more of them than there is memory.
      if (inOrder.length > 2 * limit) inOrder = sorted(inOrder).slice(0, limit);
      if (found.length === limit) return;
      found.push(entry);
      if (found.length === limit) placesOfFull = [...places];
    },
    { places, goesOn: () => parts.now() < deadline && (isWhole || !placesOfFull) },
  );
  const isDone = places.every((place) => place === null);
  if (isDone && count <= limit) return { entries: sorted(found), found: count, cursor: null };
  if (isDone && isWhole) {
    const entries = sorted(inOrder).slice(0, limit);
    const last = entries.at(-1);
    return { entries, found: count, cursor: last ? encodeCursor({ ...positionOf(last), scan: [] }) : null };
  }
  const { receivedAt, id } = from;
  return {
    entries: sorted(found),
    found: count,
    cursor: encodeCursor({ receivedAt, id, scan: placesOfFull ?? places }),
  };
}

function positionOf({ itemId, receivedAt = 0 }: Entry): Position {
  return { id: itemId, receivedAt };
}
