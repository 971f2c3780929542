import { readFileSync } from 'node:fs';
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import type { AuditReport } from '../../functions/api/types.ts';
import { type Item, textOf } from '../../functions/shared/dynamodb.ts';
import { LOCAL_TABLES } from '../../infra/local/dynamodb.ts';
import type { Sent } from './senders.ts';

export interface Verdict {
  /** Events in webhooks that were answered with success. */
  readonly acknowledged: number;
  readonly applied: number;
  readonly stale: number;
  readonly quarantined: number;
  readonly dead: number;
  readonly lost: readonly string[];
  readonly appliedTwice: readonly string[];
  /** Applied by the ledger, but no write to the subject was seen: the witness would be blind. */
  readonly unseen: readonly string[];
  /** Subjects that do not stand at the highest revision acknowledged for them. */
  readonly behind: readonly string[];
  /** Events applied by the handler without exactly one effect on record. */
  readonly effectsMissing: readonly string[];
  readonly balanced: boolean;
}

const SETTLED = ['applied', 'stale', 'quarantined', 'dead'];

/** Holds what the providers were told against the tables, without the code that filled them. */
export async function judge(
  tables: string,
  appliedFile: string,
  sent: Sent,
  report: AuditReport,
): Promise<Verdict> {
  const client = new DynamoDBClient({
    region: 'us-east-1',
    endpoint: tables,
    credentials: { accessKeyId: 'soak', secretAccessKey: 'soak' },
  });
  const [ledger, subjects, effects] = await Promise.all(
    [LOCAL_TABLES.ledger, LOCAL_TABLES.subjects, LOCAL_TABLES.effects].map((table) => readAll(client, table)),
  );
  client.destroy();
  const stateOf = (id: string) => textOf(ledger?.get(id)?.state) ?? 'nowhere';
  const events = [...sent.acknowledged].flatMap(({ source, events }) =>
    events.map((event) => ({ ...event, source, ledgerId: `${source}#${event.id}` })),
  );
  const ids = [...new Set(events.map(({ ledgerId }) => ledgerId))];
  const writes = readFileSync(appliedFile, 'utf8').split('\n').filter(Boolean);
  const seen = new Set(writes);
  const count = (state: string) => ids.filter((id) => stateOf(id) === state).length;
  const highest = new Map<string, number>();
  for (const { source, subject, revision = 1 } of events) {
    if (subject === undefined) continue;
    const id = `${source}#${subject}`;
    highest.set(id, Math.max(highest.get(id) ?? 0, revision));
  }
  return {
    acknowledged: ids.length,
    applied: count('applied'),
    stale: count('stale'),
    quarantined: count('quarantined'),
    dead: count('dead'),
    lost: ids.filter((id) => !SETTLED.includes(stateOf(id))),
    appliedTwice: repeated(writes),
    unseen: ids.filter((id) => stateOf(id) === 'applied' && !seen.has(id)),
    behind: [...highest]
      .filter(([id, revision]) => textOf(subjects?.get(id)?.revision) !== String(revision))
      .map(([id]) => id),
    effectsMissing: ids.filter(
      (id) => id.startsWith('chargify#') && stateOf(id) === 'applied' && !effects?.has(id),
    ),
    balanced: report.balanced,
  };
}

async function readAll(client: DynamoDBClient, TableName: string): Promise<Map<string, Item>> {
  const items = new Map<string, Item>();
  for await (const page of paginateScan({ client }, { TableName, ConsistentRead: true })) {
    for (const item of page.Items ?? []) items.set(textOf(item.id) ?? '', item);
  }
  return items;
}

function repeated(ids: readonly string[]): string[] {
  const seen = new Set<string>();
  const again = new Set<string>();
  for (const id of ids) (seen.has(id) ? again : seen).add(id);
  return [...again];
}
