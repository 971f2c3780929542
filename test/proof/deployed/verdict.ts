/** What the tables, the queue and the logs say after everything was driven. */

import { audit } from '../../../functions/api/audit.ts';
import { parseEventQuery } from '../../../functions/api/event-query.ts';
import { listEvents } from '../../../functions/api/list-events.ts';
import { createApiParts } from '../../../functions/api/parts.ts';
import { type TableNames, Tables } from '../../../functions/core/names.ts';
import { providers } from '../../../functions/providers/index.ts';
import type { SecretStore } from '../../../functions/secrets/secret-store.ts';
import { capitalized } from '../../../infra/store.ts';
import type { StackTemplate } from '../../helpers/template.ts';
import type { Cloud } from './cloud.ts';
import { judgeMetrics } from './judge-metrics.ts';
import type { Site } from './site.ts';

/** Notes at the site whatever is not as it has to be. */
export async function verdict(site: Site, template: StackTemplate): Promise<void> {
  const { config, cloud } = site;
  const ref = (id: string) => cloud.created.get(id)?.ref ?? '';
  const parts = createApiParts({
    config,
    dynamodb: cloud.dynamodb,
    sqs: cloud.sqs,
    s3: async () => cloud.s3,
    packs: providers,
    tables: tablesOf(cloud),
    inboxQueueUrl: ref('InboxQueue'),
    bodiesBucket: ref('BodiesBucket'),
    secrets: {} as SecretStore,
    log: { log: () => {} },
    now: Date.now,
    countsSettleMs: 0,
  });
  const { balanced, problems, total } = await audit(parts, { patienceMs: 0 });
  site.expect(balanced, `the audit does not balance: ${JSON.stringify(problems)}`);
  const fates =
    total.dead === 1 && total.quarantined === 1 && total.inFlight === 0 && total.unconfirmed === 0;
  site.expect(fates, `not every event got its fate: ${JSON.stringify(total)}`);
  site.expect(total.applied > 0 && total.stale > 0, 'nothing was applied, or nothing was stale');
  for (const [source, count] of site.accepted) {
    const query = parseEventQuery(new URLSearchParams({ source, limit: '500' }));
    const { events } = await listEvents(parts, query);
    site.expect(events.length === count, `${source}: ${count} events accepted, ${events.length} listed`);
  }
  const logs = Object.fromEntries(site.functions.map(({ logGroup, process }) => [logGroup, process.lines]));
  for (const problem of judgeMetrics(template, logs)) site.expect(false, problem);
}

/** The tables by their role, from the logical ids that never change. */
function tablesOf(cloud: Cloud): TableNames {
  const names = Object.keys(Tables) as (keyof TableNames)[];
  return Object.fromEntries(
    names.map((name) => [name, cloud.created.get(`${capitalized(name)}Table`)?.ref ?? '']),
  ) as TableNames;
}
