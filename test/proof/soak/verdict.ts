import { type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import type { AuditReport } from '../../../functions/api/types.ts';
import { type Item, textOf } from '../../../functions/aws/dynamodb.ts';
import { compareRevisions } from '../../../functions/core/revisions.ts';
import { FINAL, GIVEN_UP, isOneOf, OUTCOMES, type Outcome } from '../../../functions/core/states.ts';
import { ledgerId } from '../../../functions/store/ledger/entry.ts';
import { LOCAL_TABLES } from '../../../local/dynamodb.ts';
import type { Facts } from './facts.ts';
import type { Asked } from './operator.ts';
import type { Plant } from './plant.ts';
import { wronglyCounted, wronglyListed, wronglyShown } from './reported.ts';
import { readRuns } from './runs.ts';
import type { Sent } from './senders.ts';
import { unfounded } from './unfounded.ts';

export interface Verdict {
  /** Events in webhooks that were answered with success, and what became of them. */
  readonly events: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly lost: readonly string[];
  readonly appliedTwice: readonly string[];
  /** An effect recorded more than once, none where a handler was committed, or more forced runs than were asked for. */
  readonly effectsWrong: readonly string[];
  /** Subjects that went back, or do not stand where they were seen last. */
  readonly backwards: readonly string[];
  /** What API, lists and audit say and is not so. */
  readonly reportedWrong: readonly string[];
  readonly runs: {
    readonly begun: number;
    readonly failed: number;
    readonly hung: number;
    readonly gaveUp: number;
  };
  readonly forcedRuns: number;
}

/** Holds what the providers were told, what handlers did and what was seen before DynamoDB against what is there. */
export async function judge(
  plant: Plant,
  { sent, asked, audit }: { sent: Sent; asked: Asked; audit: AuditReport | undefined },
): Promise<Verdict> {
  const { seen } = plant;
  const runs = readRuns(plant.runsFile);
  const [ledger, subjects, effects] = await readTables(plant.tables());
  const facts: Facts = { events: sent.acknowledged, seen, runs, asked, ledger, subjects, effects };
  const ids = [...facts.events.keys()];
  const stateOf = (id: string) => textOf(ledger.get(id)?.state) ?? 'nowhere';
  const sum = (name: 'begun' | 'failed' | 'hung') =>
    [...runs.values()].reduce((all, one) => all + one[name], 0);
  return {
    events: ids.length,
    outcomes: Object.fromEntries(
      OUTCOMES.map((outcome) => [outcome, ids.filter((id) => stateOf(id) === outcome).length]),
    ) as Record<Outcome, number>,
    lost: ids
      .filter((id) => !isOneOf([...FINAL, ...GIVEN_UP], stateOf(id)))
      .map((id) => `${id} ${stateOf(id)}`),
    appliedTwice: ids.filter((id) => (seen.applied.get(id)?.length ?? 0) > 1),
    effectsWrong: wrongEffects(facts),
    backwards: [...seen.backwards, ...displaced(facts)],
    reportedWrong: [
      ...unfounded(facts),
      ...wronglyCounted(facts, audit),
      ...(await wronglyListed(plant.url, facts)),
      ...(await wronglyShown(plant.url, facts)),
    ],
    runs: {
      begun: sum('begun'),
      failed: sum('failed'),
      hung: sum('hung'),
      gaveUp: [...runs.values()].filter((one) => one.gaveUp).length,
    },
    forcedRuns: [...seen.forced.values()].reduce((all, one) => all + finished(one), 0),
  };
}

async function readTables(
  client: DynamoDBClient,
): Promise<[Map<string, Item>, Map<string, Item>, Map<string, Item>]> {
  const { ledger, subjects, effects } = LOCAL_TABLES;
  try {
    return [await readAll(client, ledger), await readAll(client, subjects), await readAll(client, effects)];
  } finally {
    client.destroy();
  }
}

async function readAll(client: DynamoDBClient, TableName: string): Promise<Map<string, Item>> {
  const items = new Map<string, Item>();
  for await (const page of paginateScan({ client }, { TableName, ConsistentRead: true })) {
    for (const { payload, ...item } of page.Items ?? []) items.set(textOf(item.id) ?? '', item);
  }
  return items;
}

/** Runs that have come to their end, of all requests for one subject. */
function finished(byRequest: ReadonlyMap<string, ReadonlySet<string>>): number {
  return [...byRequest.values()].reduce((all, fences) => all + fences.size, 0);
}

function wrongEffects({ events, seen, runs, asked, effects }: Facts): string[] {
  const wrong: string[] = [];
  const allowed = new Map<string, number>();
  for (const [id, event] of events) {
    const own = runs.get(id);
    if ((own?.effects ?? 0) > 1) wrong.push(`${id} recorded its effect ${own?.effects} times`);
    if (own?.altered) wrong.push(`${id} came to its handler with another body`);
    const application = seen.applied.get(id)?.[0];
    if (application?.by === 'commit' && !effects.has(id))
      wrong.push(`${id} was committed without its effect`);
    const subject = ledgerId(event.source, event.subject ?? event.id);
    // At its subject, or by itself.
    for (const at of new Set([subject, id]))
      allowed.set(at, (allowed.get(at) ?? 0) + (asked.forced.get(id) ?? 0));
  }
  for (const [subject, requests] of seen.forced) {
    const times = finished(requests);
    const most = allowed.get(subject) ?? 0;
    if (times > most) wrong.push(`${subject}: ${times} forced runs, and ${most} were asked for`);
  }
  return wrong;
}

/** Subjects that do not stand at the highest revision that was written to them. */
function displaced({ seen, subjects }: Facts): string[] {
  return [...seen.revisions].flatMap(([subject, highest]) => {
    const { revision } = subjects.get(subject) ?? {};
    return revision?.N !== undefined && compareRevisions(revision.N, highest) === 0
      ? []
      : [`${subject} at ${revision?.N} instead of ${highest}`];
  });
}
