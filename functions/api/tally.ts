import { GIVEN_UP, IN_FLIGHT, isOneOf, OPEN, OUTCOMES, State } from '../core/states.ts';
import { type Entry, newerEntry } from './entry.ts';
import type { Counts } from './types.ts';

/** What one pass over the ledger found. Events are counted, not the deliveries that carried several. */
export interface Tally {
  readonly counts: ReadonlyMap<string, Counts>;
  /** Entries that must have a message on a queue, by id. */
  readonly inFlight: ReadonlyMap<string, Entry>;
  /** Entries whose events count as `unconfirmed`. */
  readonly unconfirmed: readonly Entry[];
  /** Entries that a newer release has written, or in a state that nothing writes. */
  readonly unknown: readonly Entry[];
}

export interface Tallier {
  add(entry: Entry): void;
  /** Ids of batches that `finish` must know the state of. */
  parentsToRead(): string[];
  /** @param parents states of those batches by id; a missing one has expired. */
  finish(parents: ReadonlyMap<string, string>): Tally;
}

const zero = (): Counts => ({
  accepted: 0,
  applied: 0,
  stale: 0,
  quarantined: 0,
  dead: 0,
  inFlight: 0,
  unconfirmed: 0,
});

/** A batch in one of these stands for the events that it carries; once split it stands for nothing. */
const STANDING = [...OPEN, ...GIVEN_UP];

/**
 * Counts ledger entries, which come in any order.
 *
 * A batch that is not split stands for the events that it carries and that have no entry of their own yet: they are
 * unconfirmed, in flight or given up, as it is. An event still `claimed` is unconfirmed, unless a batch carried it:
 * then it is what the batch is. After the split, the event is on the queue and not confirmed, unless an
 * operator took it back to a claim.
 *
 * @param sources appear with zeros when they have no entry.
 */
export function createTallier(sources: readonly string[]): Tallier {
  const counts = new Map<string, Counts>(sources.map((source) => [source, zero()]));
  const inFlight = new Map<string, Entry>();
  /** Batches that are not split. What they stand for is known only when all their events have been seen. */
  const standing = new Map<string, Entry>();
  const confirmedChildren = new Map<string, number>();
  const claimedChildren: Entry[] = [];
  const unconfirmed: Entry[] = [];
  const unknown: Entry[] = [];

  const countsOf = (source: string): Counts => {
    const known = counts.get(source);
    if (known) return known;
    const created = zero();
    counts.set(source, created);
    return created;
  };
  const countInFlight = (entry: Entry, events: number) => {
    const own = countsOf(entry.source);
    own.accepted += events;
    own.inFlight += events;
    if (events > 0) inFlight.set(entry.itemId, entry);
  };
  /** Counts an entry for so many events. A delivery of no events has none to lose. */
  const count = (entry: Entry, events: number) => {
    const { state } = entry;
    const own = countsOf(entry.source);
    if (state === State.claimed) {
      own.unconfirmed += events;
      if (events > 0) unconfirmed.push(entry);
    } else if (isOneOf(IN_FLIGHT, state)) {
      countInFlight(entry, events);
    } else {
      own.accepted += events;
      if (isOneOf(OUTCOMES, state)) own[state] += events;
      else unknown.push(entry);
    }
  };
  const childrenLeft = () => claimedChildren.filter((entry) => !standing.has(parentId(entry) ?? ''));

  return {
    add(entry) {
      const parent = parentId(entry);
      if (parent && entry.state !== State.claimed) {
        confirmedChildren.set(parent, (confirmedChildren.get(parent) ?? 0) + 1);
      }
      if (newerEntry(entry)) {
        countsOf(entry.source).accepted += 1;
        unknown.push(entry);
        return;
      }
      if (entry.state === State.split) return;
      if (entry.kind === 'batch' && isOneOf(STANDING, entry.state)) standing.set(entry.itemId, entry);
      else if (entry.state === State.claimed && parent) claimedChildren.push(entry);
      else count(entry, 1);
    },
    parentsToRead: () => [...new Set(childrenLeft().map((entry) => parentId(entry) ?? ''))],
    finish(parents) {
      for (const batch of standing.values()) {
        count(batch, Math.max(0, batch.events - (confirmedChildren.get(batch.itemId) ?? 0)));
      }
      // The rest are counted with their batch, as the pass saw it: one that was split since stands for them already.
      for (const entry of childrenLeft()) {
        const state = parents.get(parentId(entry) ?? '') ?? '';
        if (state === State.split && entry.reclaimedAt === undefined) countInFlight(entry, 1);
        else if (!isOneOf(STANDING, state)) count(entry, 1);
      }
      return { counts, inFlight, unconfirmed, unknown };
    },
  };
}

function parentId(entry: Entry): string | undefined {
  return entry.batch === undefined ? undefined : `${entry.source}#${entry.batch}`;
}

export function totalOf(counts: Iterable<Counts>): Counts {
  const total = zero();
  for (const own of counts) {
    for (const name of Object.keys(total) as (keyof Counts)[]) total[name] += own[name];
  }
  return total;
}

/** The equation of the promise. */
export function holds(counts: Counts): boolean {
  const settled = OUTCOMES.reduce((sum, outcome) => sum + counts[outcome], 0);
  return counts.accepted === settled + counts.inFlight;
}
