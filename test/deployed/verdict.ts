/** What the tables, the queue and the log say after everything was driven: empty when all is well. */
import { audit } from '../../functions/api/audit.ts';
import { parseEventQuery } from '../../functions/api/event-query.ts';
import { listEvents } from '../../functions/api/list-events.ts';
import { createReader } from '../../functions/api/reader.ts';
import type { InletConfig } from '../../functions/shared/config.ts';
import { type TableNames, Tables } from '../../functions/shared/names.ts';
import type { SecretStore } from '../../functions/shared/setup.ts';
import { capitalized } from '../../infra/store.ts';
import type { Cloud } from './cloud.ts';
import { type DeployedFunction, ROLES } from './deployment.ts';

/** @param expected how many events of each source were accepted. */
export async function verdict(
  config: InletConfig,
  cloud: Cloud,
  functions: readonly DeployedFunction[],
  expected: ReadonlyMap<string, number>,
): Promise<readonly string[]> {
  const problems: string[] = [];
  const queue = (id: string) => cloud.created.get(id)?.ref;
  const reader = createReader({
    config,
    dynamodb: cloud.dynamodb,
    sqs: cloud.sqs,
    s3: async () => cloud.s3,
    tables: tablesOf(cloud),
    inboxQueueUrl: queue('InboxQueue') ?? '',
    bodiesBucket: queue('BodiesBucket') ?? '',
    secrets: {} as SecretStore,
    log: { log: () => {} },
    now: Date.now,
    countsSettleMs: 0,
  });
  const report = await audit(reader, { patienceMs: 0 });
  if (!report.balanced) problems.push(`the audit does not balance: ${JSON.stringify(report.problems)}`);
  if (report.total.dead !== 2 || report.total.quarantined !== 0 || report.total.inFlight !== 0)
    problems.push(`not every event got its fate: ${JSON.stringify(report.total)}`);
  if (!report.total.applied || !report.total.stale)
    problems.push('nothing was applied, or nothing was stale');
  for (const [source, count] of expected) {
    const { events } = await listEvents(
      reader,
      parseEventQuery(new URLSearchParams({ source, limit: '500' })),
    );
    if (events.length !== count)
      problems.push(`${source}: ${count} events accepted, ${events.length} listed`);
  }
  for (const { id, process } of functions)
    if (!process.lines.some((line) => line.includes('"_aws"')))
      problems.push(`${ROLES.exec(id)?.[1]} writes no metrics`);
  return problems;
}

/** The tables by their role, from the logical ids that never change. */
function tablesOf(cloud: Cloud): TableNames {
  const names = Object.keys(Tables) as (keyof TableNames)[];
  return Object.fromEntries(
    names.map((name) => [name, cloud.created.get(`${capitalized(name)}Table`)?.ref ?? '']),
  ) as TableNames;
}
