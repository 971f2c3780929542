/**
 * `npm run bench:warm`: CPU of one webhook and one worker event in the deployed bundles, against the same SDK calls
 * bare and against the HMAC alone, all in one interleaved run; and the AWS calls that each outcome makes.
 * `WARM_ROUNDS` (default 24) sets its length.
 */
import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import type { InletConfig } from '../functions/config/config.ts';
import { baselineVariants } from './baseline/variants.ts';
import { inletBundle, temporaryFolder } from './lib/bundles.ts';
import { type CannedAws, functionEnvironment, startCannedAws } from './lib/canned-process.ts';
import { gauge, type Measured, ratio, type Variant } from './lib/gauge.ts';
import { type LambdaFunction, loadFunction, silenced } from './lib/loaded.ts';
import { recordAccepts, recordBatches } from './lib/recorded.ts';
import { heading, rounded, table } from './lib/stats.ts';
import {
  gatewayEvent,
  message,
  messageEvent,
  prove,
  SECRET,
  sqsEvent,
  type Webhook,
} from './lib/webhooks.ts';

const ROUNDS = Number(process.env.WARM_ROUNDS ?? 24);
const TIMES = 100;
const WARM_UP = 600;
const BATCH = 10;
const BYTES = Number(process.env.WARM_BYTES ?? 2_048);

const source = { name: 'dotdigital', provider: 'dotdigital' } as const;
const config: InletConfig = { sources: { dotdigital: { provider: 'dotdigital' } } };

const aws = await startCannedAws(SECRET);
Object.assign(process.env, functionEnvironment(aws.endpoint));
const folder = temporaryFolder();
const load = (entry: string, name: string) =>
  loadFunction(inletBundle(entry, config, join(folder, name)).file);

/** One more for each run than are measured: the last is for counting calls. */
const total = WARM_UP + ROUNDS * TIMES + BATCH;
const webhooks: Webhook[] = [];
for (let seed = 1; seed <= total; seed++)
  webhooks.push(await prove(source, { body: messageEvent(seed, BYTES) }));
const events = webhooks.map(gatewayEvent);
const batches = Array.from({ length: Math.ceil(total / BATCH) }, (_, n) =>
  sqsEvent(webhooks.slice(n * BATCH, (n + 1) * BATCH).map((it, k) => message(it, `key-${n}-${k}`))),
);
const [first] = events;
if (!first) throw new Error('no webhooks');

/** Hands a function one of its inputs after the other. */
function variant(name: string, handler: LambdaFunction, inputs: readonly unknown[], perRun = 1): Variant {
  let next = 0;
  return {
    name,
    events: perRun,
    run: async (times) => {
      for (let n = 0; n < times; n += perRun) await handler(inputs[next++ % inputs.length]);
    },
  };
}

const ingest = await load('functions/ingest.lambda.ts', 'ingest');
const worker = await load('functions/worker.lambda.ts', 'worker');
const bareIngest = await load('bench/entries/three-calls.lambda.ts', 'three-calls');
const bareWorker = await load('bench/entries/worker-calls.lambda.ts', 'worker-calls');
const forged = { ...first, headers: { ...first.headers, 'x-comapi-signature': '0'.repeat(40) } };
const hmac: LambdaFunction = async (event) =>
  createHmac('sha1', SECRET)
    .update((event as typeof first).body ?? '')
    .digest('hex');

const variants: readonly Variant[] = [
  variant('accepted', ingest, events),
  variant('three bare SDK calls', bareIngest, await recordAccepts(config, webhooks)),
  variant('duplicate', ingest, [first]),
  variant('rejected', ingest, [forged]),
  variant('raw HMAC', hmac, events),
  variant('worker, per event', worker, batches, BATCH),
  variant('worker calls bare, per event', bareWorker, await recordBatches(config, batches), BATCH),
  ...(await baselineVariants({ endpoint: aws.endpoint, folder, webhooks, batch: BATCH, variant })),
];

/** AWS calls of one warm run. */
async function countCalls(server: CannedAws, one: Variant): Promise<string> {
  const before = await server.calls();
  await one.run(one.events ?? 1);
  const after = await server.calls();
  const made = Object.entries(after).flatMap(([name, count]) => {
    const times = count - (before[name] ?? 0);
    return times > 0 ? [`${times} ${name}`] : [];
  });
  return made.join(', ') || 'none';
}

const measured = await silenced(() => gauge(variants, { rounds: ROUNDS, times: TIMES, warmUp: WARM_UP }));
const calls = await silenced(async () => {
  const counted = new Map<string, string>();
  await aws.reset();
  for (const one of variants) {
    // A duplicate needs somebody who was there before.
    if (one.name.endsWith('duplicate')) await one.run(1);
    counted.set(one.name, await countCalls(aws, one));
  }
  return counted;
});

const named = (name: string): Measured => {
  const found = measured.find((it) => it.name === name);
  if (!found) throw new Error(`not measured: ${name}`);
  return found;
};
process.stdout.write(`${heading(`Warm: ${BYTES} bytes, ${ROUNDS} rounds of ${TIMES}`)}\n`);
const rows = measured.map((it) => {
  const floor = named(it.name.startsWith('worker') ? 'worker calls bare, per event' : 'three bare SDK calls');
  return [it.name, Math.round(it.micros), rounded(ratio(it, floor)), calls.get(it.name) ?? ''];
});
process.stdout.write(`${table(['what', 'CPU µs', '× bare calls', 'AWS calls of one run'], rows)}\n\n`);
const reached = ratio(named('accepted'), named('three bare SDK calls'));
process.stdout.write(`Budget: accepted ≤ 1.25 × three bare SDK calls; reached ${rounded(reached)} ×\n`);
aws.stop();
