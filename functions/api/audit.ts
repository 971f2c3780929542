import { type Entry, newerEntry, toEntry } from './entry.ts';
import { createGateCheck } from './gate-check.ts';
import {
  claimsWithoutMessage,
  compareWithQueues,
  describeMissing,
  describeRedrives,
  type InFlight,
  likelyMissing,
  overdueOf,
} from './in-flight.ts';
import { createKeptCount, type Window } from './kept.ts';
import type { ApiParts } from './parts.ts';
import { getItems, scanTable } from './scan.ts';
import { createTallier, holds, type Tally, totalOf } from './tally.ts';
import type { AuditReport, EventId, Problem } from './types.ts';

/** How long the audit looks again before it says that something is missing, in milliseconds. */
const PATIENCE = 5_000;
const MAX_PROBLEMS = 100;

const PROJECTED = [
  'source',
  'key',
  'state',
  'kind',
  'events',
  'batch',
  'subject',
  'revision',
  'gate',
  'receivedAt',
  'seenAt',
  'redriving',
  'reclaimedAt',
  'format',
];

export interface AuditOptions {
  readonly patienceMs?: number;
  /** For the report to say as well what the ledger holds of the deliveries of this time. */
  readonly window?: Window | undefined;
}

/**
 * Proves that nothing accepted is lost from sight: every event of the ledger is settled or in flight, and what is
 * in flight is found on a queue. The counts are those of one pass over the ledger; more messages than events in
 * flight is fine, because deliveries repeat. `docs/audit.md` says what this proves and what it cannot.
 */
export async function audit(parts: ApiParts, options: AuditOptions = {}): Promise<AuditReport> {
  const deadline = performance.now() + (options.patienceMs ?? PATIENCE);
  const gate = createGateCheck(parts);
  const kept = options.window && createKeptCount(options.window);
  const tally = await readLedger(parts, (entry) => {
    gate.see(entry);
    kept?.see(entry);
  });
  const inFlight = await compareWithQueues(parts, tally.inFlight, deadline);
  const found = report(parts, tally, inFlight, await gate.run());
  const withoutMessage = named(await claimsWithoutMessage(parts, tally.unconfirmed, inFlight));
  return { ...found, withoutMessage, ...(kept && { kept: kept.result() }) };
}

/** One pass over the ledger. */
async function readLedger(parts: ApiParts, see: (entry: Entry) => void): Promise<Tally> {
  const tallier = createTallier(Object.keys(parts.config.sources));
  await scanTable(
    parts,
    {
      TableName: parts.tables.ledger,
      ProjectionExpression: ['id', ...PROJECTED.map((name) => `#${name}`)].join(', '),
      ExpressionAttributeNames: Object.fromEntries(PROJECTED.map((name) => [`#${name}`, name])),
    },
    (item) => {
      const entry = toEntry(item);
      see(entry);
      tallier.add(entry);
    },
  );
  const parents = await getItems(parts, parts.tables.ledger, tallier.parentsToRead());
  return tallier.finish(new Map([...parents].map(([id, item]) => [id, toEntry(item).state])));
}

function report(
  parts: ApiParts,
  tally: Tally,
  inFlight: InFlight,
  violations: readonly Problem[],
): Omit<AuditReport, 'withoutMessage' | 'kept'> {
  const sources = Object.fromEntries([...tally.counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  const total = totalOf(tally.counts.values());
  const likely = likelyMissing(inFlight).slice(0, MAX_PROBLEMS);
  const problems = [
    ...violations,
    ...describeUnknown(tally),
    ...describeRedrives(parts, inFlight),
    ...describeMissing(inFlight, likely),
  ];
  return {
    balanced:
      inFlight.missing === 0 && problems.length === 0 && [total, ...tally.counts.values()].every(holds),
    total,
    sources,
    problems: problems.slice(0, MAX_PROBLEMS),
    queues: inFlight.depth,
    missing: { ...named(likely), count: inFlight.missing },
    overdue: named(overdueOf(parts, inFlight)),
  };
}

/** How many, and the first of them. */
function named(entries: readonly Entry[]): { readonly count: number; readonly ids: readonly EventId[] } {
  const ids = entries.slice(0, MAX_PROBLEMS).map(({ source, id }) => ({ source, id }));
  return { count: entries.length, ids };
}

function describeUnknown(tally: Tally): Problem[] {
  return tally.unknown.map((entry) => ({
    source: entry.source,
    id: entry.id,
    problem:
      newerEntry(entry)?.message ?? `in the state ${JSON.stringify(entry.state)}, which nothing writes`,
  }));
}
