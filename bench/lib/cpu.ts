/** CPU milliseconds of one webhook in the deployed functions, warm, against the ready-made answers. */
import { join } from 'node:path';
import type { InletConfig } from '../../functions/config/config.ts';
import { inletBundle } from './bundles.ts';
import { loadFunction, silenced } from './loaded.ts';
import { median } from './stats.ts';
import { gatewayEvent, message, sqsEvent, type Webhook } from './webhooks.ts';

const BATCH = 10;
/** The first only warms up. */
const ROUNDS = 7;

export interface Cpu {
  readonly ingest: number;
  readonly worker: number;
}

type Handler = (event: unknown) => Promise<unknown>;

/**
 * Medians of several rounds. In each round every configuration takes its turn, so that what else the machine does meets
 * all of them alike. The environment has been set (`functionEnvironment`).
 * @param samples webhooks of each size
 * @param reset makes AWS forget what it has seen: a webhook seen before would be a duplicate, which costs less
 * @returns for each configuration the figures of each size
 */
export async function measureCpu(
  configs: readonly InletConfig[],
  samples: readonly (readonly Webhook[])[],
  folder: string,
  reset: () => Promise<void>,
): Promise<readonly (readonly Cpu[])[]> {
  const load = (config: InletConfig, name: string, into: string): Promise<Handler> =>
    loadFunction(inletBundle(`functions/${name}.lambda.ts`, config, join(into, name)).file);
  const subjects: { readonly ingest: Handler; readonly worker: Handler; readonly rounds: Cpu[][] }[] = [];
  for (const [index, config] of configs.entries()) {
    const own = join(folder, String(index));
    subjects.push({
      ingest: await load(config, 'ingest', own),
      worker: await load(config, 'worker', own),
      rounds: samples.map(() => []),
    });
  }
  const inputs = samples.map((webhooks) => ({
    requests: webhooks.map(gatewayEvent),
    batches: Array.from({ length: webhooks.length / BATCH }, (_, n) =>
      sqsEvent(webhooks.slice(n * BATCH, (n + 1) * BATCH).map((it, k) => message(it, `key-${n}-${k}`))),
    ),
  }));
  return silenced(async () => {
    for (let round = 0; round < ROUNDS; round++)
      for (const { ingest, worker, rounds } of subjects)
        for (const [size, { requests, batches }] of inputs.entries()) {
          await reset();
          rounds[size]?.push({
            ingest: await perEvent(accepting(ingest), requests, 1),
            worker: await perEvent(worker, batches, BATCH),
          });
        }
    return subjects.map(({ rounds }) => rounds.map(([, ...warm]) => middle(warm)));
  });
}

function middle(rounds: readonly Cpu[]): Cpu {
  return {
    ingest: median(rounds.map(({ ingest }) => ingest)),
    worker: median(rounds.map(({ worker }) => worker)),
  };
}

/** @throws Error when a webhook is not accepted: then something else was measured. */
function accepting(ingest: Handler): Handler {
  return async (event) => {
    const answer = (await ingest(event)) as { readonly headers?: Readonly<Record<string, unknown>> };
    const outcome = answer.headers?.['inlet-outcome'];
    if (outcome !== 'accepted') throw new Error(`not accepted: ${outcome}`);
    return answer;
  };
}

async function perEvent(handler: Handler, inputs: readonly unknown[], events: number): Promise<number> {
  const before = process.cpuUsage();
  for (const input of inputs) await handler(input);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / inputs.length / events;
}
