import { setTimeout as pause } from 'node:timers/promises';
import { textOf } from '../shared/dynamodb.ts';
import { type Entry, isoTime, toEntry } from './entry.ts';
import { createGateCheck } from './gate-check.ts';
import { queueDepth } from './queue-depth.ts';
import type { Reader } from './reader.ts';
import { getItems, scanTable } from './scan.ts';
import { createTallier, holds, type Tally, totalOf } from './tally.ts';
import type { AuditReport, Problem } from './types.ts';

/** How long the audit looks again before it says that something is missing, in milliseconds. */
const PATIENCE = 5_000;
const MAX_PROBLEMS = 100;

const PROJECTED = ['source', 'key', 'state', 'kind', 'events', 'batch', 'subject', 'revision', 'receivedAt'];

export interface AuditOptions {
  readonly patienceMs?: number;
}

/**
 * Proves that nothing accepted is lost from sight: every event of the ledger is settled or in flight, and what is
 * in flight is found on a queue. The counts are those of one pass over the ledger; more messages than events in
 * flight is fine, because deliveries repeat.
 */
export async function audit(reader: Reader, options: AuditOptions = {}): Promise<AuditReport> {
  const deadline = performance.now() + (options.patienceMs ?? PATIENCE);
  const gate = createGateCheck(reader);
  const tally = await readLedger(reader, (entry) => gate.see(entry));
  const lost = await findMissing(reader, tally.inFlight, deadline);
  return report(tally, lost, await gate.run());
}

/** One pass over the ledger. */
async function readLedger(reader: Reader, see: (entry: Entry) => void): Promise<Tally> {
  const tallier = createTallier(Object.keys(reader.config.sources));
  await scanTable(
    reader,
    {
      TableName: reader.tables.ledger,
      ProjectionExpression: ['id', ...PROJECTED.map((name) => `#${name}`)].join(', '),
      ExpressionAttributeNames: Object.fromEntries(PROJECTED.map((name) => [`#${name}`, name])),
    },
    (item) => {
      const entry = toEntry(item);
      see(entry);
      tallier.add(entry);
    },
  );
  const parents = await getItems(reader, reader.tables.ledger, tallier.parentsToRead());
  return tallier.finish(new Map([...parents].map(([id, item]) => [id, toEntry(item).state])));
}

interface Missing {
  /** Entries in flight that have no message, at least. */
  readonly count: number;
  readonly inFlight: ReadonlyMap<string, Entry>;
}

/**
 * Compares the entries in flight with the messages. The order makes it safe beside live traffic: a message is
 * deleted only after its entry is settled, so whatever is in flight both before and after the queues are counted
 * was among the counted messages. Looks again until `deadline`, because SQS's counts are approximate.
 */
async function findMissing(
  reader: Reader,
  before: ReadonlyMap<string, Entry>,
  deadline: number,
): Promise<Missing> {
  let inFlight = before;
  for (let wait = 25; inFlight.size > 0; wait = Math.min(wait * 2, 1_000)) {
    const depth = await queueDepth(reader);
    if (inFlight.size > depth) inFlight = await stillInFlight(reader, inFlight);
    const count = Math.max(0, inFlight.size - depth);
    if (count === 0 || performance.now() >= deadline) return { count, inFlight };
    await pause(wait);
  }
  return { count: 0, inFlight };
}

async function stillInFlight(
  reader: Reader,
  entries: ReadonlyMap<string, Entry>,
): Promise<ReadonlyMap<string, Entry>> {
  const items = await getItems(reader, reader.tables.ledger, [...entries.keys()]);
  const unsettled = ['queued', 'retrying', 'claimed'];
  return new Map(
    [...entries].filter(([id]) => unsettled.includes(textOf(items.get(id)?.state) ?? 'expired')),
  );
}

function report(tally: Tally, missing: Missing, violations: readonly Problem[]): AuditReport {
  const sources = Object.fromEntries([...tally.counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  const total = totalOf(tally.counts.values());
  const problems = [...violations, ...describeUnknown(tally), ...describeMissing(missing)];
  return {
    balanced: missing.count === 0 && problems.length === 0 && [total, ...tally.counts.values()].every(holds),
    total,
    sources,
    problems: problems.slice(0, MAX_PROBLEMS),
  };
}

function describeUnknown(tally: Tally): Problem[] {
  return tally.unknown.map(({ source, key, state }) => ({
    source,
    id: key,
    problem: `in the state ${JSON.stringify(state)}, which nothing writes`,
  }));
}

/** The queue does not say whose messages are missing; the entries that have waited longest are the likely ones. */
function describeMissing({ count, inFlight }: Missing): Problem[] {
  const oldest = [...inFlight.values()].sort((a, b) => (a.receivedAt ?? 0) - (b.receivedAt ?? 0));
  return oldest.slice(0, Math.min(count, MAX_PROBLEMS)).map(({ source, key, state, receivedAt }) => ({
    source,
    id: key,
    problem: `${state} since ${isoTime(receivedAt) ?? 'an unknown time'}; the queues hold ${count} message(s) fewer than there are entries in flight`,
  }));
}
