/** CPU milliseconds of one webhook in the deployed functions, warm, against the ready-made answers. */
import { join } from 'node:path';
import type { InletConfig } from '../../functions/shared/config.ts';
import { inletBundle } from './bundles.ts';
import { loadFunction, silenced } from './loaded.ts';
import { gatewayEvent, message, sqsEvent, type Webhook } from './webhooks.ts';

const BATCH = 10;

export interface Cpu {
  readonly ingest: number;
  readonly worker: number;
}

/** The environment has been set (`functionEnvironment`). The second half of the webhooks is measured. */
export async function measureCpu(
  config: InletConfig,
  samples: readonly (readonly Webhook[])[],
  folder: string,
): Promise<readonly Cpu[]> {
  const ingest = await loadFunction(
    inletBundle('functions/ingest.lambda.ts', config, join(folder, 'ingest')).file,
  );
  const worker = await loadFunction(
    inletBundle('functions/worker.lambda.ts', config, join(folder, 'worker')).file,
  );
  return silenced(async () => {
    const measured: Cpu[] = [];
    for (const webhooks of samples) {
      const events = webhooks.map(gatewayEvent);
      const batches = Array.from({ length: webhooks.length / BATCH }, (_, n) =>
        sqsEvent(webhooks.slice(n * BATCH, (n + 1) * BATCH).map((it, k) => message(it, `key-${n}-${k}`))),
      );
      measured.push({
        ingest: await perEvent(ingest, events, 1),
        worker: await perEvent(worker, batches, BATCH),
      });
    }
    return measured;
  });
}

async function perEvent(
  handler: (event: unknown) => Promise<unknown>,
  inputs: readonly unknown[],
  events: number,
): Promise<number> {
  const half = Math.floor(inputs.length / 2);
  for (const input of inputs.slice(0, half)) await handler(input);
  const before = process.cpuUsage();
  for (const input of inputs.slice(half)) await handler(input);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / (inputs.length - half) / events;
}
