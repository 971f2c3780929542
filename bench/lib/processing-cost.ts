/** What a webhook costs by what is done with it: kept as state or by itself, or given to a handler. */
import type { InletConfig, SourceConfig } from '../../functions/config/config.ts';
import type { Cpu } from './cpu.ts';
import { consume } from './metered-run.ts';
import { type Deployment, priceLines, prices, sum } from './price.ts';
import { rounded, table } from './stats.ts';
import type { Webhook } from './webhooks.ts';

const PROCESSING: Readonly<Record<string, Partial<SourceConfig>>> = {
  'newest state': {},
  'each kept': { mode: 'each' },
  'each handled, by nothing': { mode: 'each', handler: 'nothing' },
  'each handled, with its effect recorded': { mode: 'each', handler: 'recorded' },
  'each handled, its subject kept besides': { mode: 'each', handler: 'nothing', keepState: true },
  'each handled, one at a time for a subject': { mode: 'each', handler: 'nothing', serial: true },
  'newest handled, by nothing': { mode: 'latest', handler: 'nothing' },
};

const handlers = {
  nothing: { name: 'nothing', description: 'Does nothing.', handle: async () => {} },
  recorded: {
    name: 'recorded',
    description: 'Records its effect, as fulfil-order does.',
    handle: async (_event, { effects, idempotencyKey }) => {
      await effects.record(idempotencyKey, 'recorded', { customerId: '1' });
    },
  },
} as const satisfies Parameters<typeof consume>[5];

/** @param webhooks of a source `dotdigital`. @param cpu of the newest state: what a handler itself takes is not Inlet's. */
export async function processingTable(
  webhooks: readonly Webhook[],
  secrets: Readonly<Record<string, readonly string[]>>,
  deployment: Deployment,
  cpu: Cpu,
): Promise<string> {
  const rows: (string | number)[][] = [];
  for (const [name, processing] of Object.entries(PROCESSING)) {
    const config: InletConfig = { sources: { dotdigital: { provider: 'dotdigital', ...processing } } };
    const totals: string[] = [];
    let units = 0;
    for (const batch of [deployment.batch, 1]) {
      const used = await consume(config, webhooks, secrets, prices.sqsChunkBytes, batch, handlers);
      const writes = [...used.ingest.writes.values(), ...used.worker.writes.values()];
      units = writes.reduce((a, b) => a + b, 0) / webhooks.length;
      totals.push(rounded(sum(priceLines(used, cpu, { ...deployment, batch })), 2));
    }
    rows.push([name, rounded(units, 1), ...totals]);
  }
  return table(['processing', 'write units', '$ per million', 'one event a batch'], rows);
}
