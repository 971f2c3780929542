/** What a webhook of each source of `test/fixtures/inlet.config.ts` costs: handlers, batches and subjects make them differ. */

import { modeOf } from '../../functions/config/mode.ts';
import { optionsOf } from '../../functions/config/sources.ts';
import { providers } from '../../functions/providers/index.ts';
import { localSecrets } from '../../local/development-secrets.ts';
import defaultConfig from '../../test/fixtures/inlet.config.ts';
import type { Cpu } from './cpu.ts';
import { consume } from './metered-run.ts';
import { type Deployment, priceLines, prices, sum } from './price.ts';
import { rounded, table } from './stats.ts';
import { prove, type Webhook } from './webhooks.ts';

const EVENTS = 20;

/** With the samples of the packs, which are small: it is the number of writes that differs. */
export async function sourcesTable(deployment: Deployment, cpu: Cpu): Promise<string> {
  const nowhere = { at: () => undefined, release: () => {} };
  const { config, secrets } = localSecrets(defaultConfig, {}, nowhere);
  const rows: (string | number)[][] = [];
  for (const [name, source] of Object.entries(config.sources)) {
    const pack = providers[source.provider];
    const sample = pack?.samples[0];
    if (!sample) continue;
    const webhooks: Webhook[] = [];
    for (let seed = 1; seed <= EVENTS; seed++) {
      const body = Buffer.from(sample.body(seed));
      const request = { body, headers: sample.headers ?? {}, subpath: sample.subpath ?? '' };
      const named = { name, provider: source.provider, options: optionsOf(source) };
      webhooks.push(await prove(named, request, secrets[name]?.[0]));
    }
    const used = await consume(config, webhooks, secrets, prices.sqsChunkBytes);
    const bodyBytes = webhooks[0]?.body.length ?? 0;
    const lines = priceLines(used, cpu, { ...deployment, bodyBytes });
    const units = [...used.ingest.writes.values(), ...used.worker.writes.values()].reduce((a, b) => a + b, 0);
    rows.push([
      name,
      sample.type,
      bodyBytes,
      source.handler ??
        (modeOf({ provider: pack, config: source }) === 'latest' ? 'newest state' : 'each event'),
      rounded(units / EVENTS, 1),
      rounded(used.worker.calls.dynamodb / EVENTS, 1),
      rounded(sum(lines), 2),
    ]);
  }
  return table(
    ['source', 'sample', 'bytes', 'processing', 'write units', 'worker calls', '$ per million'],
    rows,
  );
}
