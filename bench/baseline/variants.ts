import { join } from 'node:path';
import { defaultBundle } from '../lib/bundles.ts';
import type { Variant } from '../lib/gauge.ts';
import { type LambdaFunction, loadFunction } from '../lib/loaded.ts';
import { gatewayEvent, SECRET, sqsEvent, type Webhook } from '../lib/webhooks.ts';

/** The variables of the baseline's functions, beside those of the SDK. */
export function baselineEnvironment(endpoint: string): Record<string, string> {
  return {
    IDEMPOTENCY_TABLE: 'idempotency',
    STATE_TABLE: 'state',
    QUEUE_URL: `${endpoint}/000000000000/inbox`,
    WEBHOOK_SECRET: SECRET,
    POWERTOOLS_LOG_LEVEL: 'INFO',
  };
}

export function baselineBundle(name: 'ingest' | 'worker', folder: string) {
  const config = { sources: { dotdigital: { provider: 'dotdigital' } } };
  return defaultBundle(`bench/baseline/${name}.lambda.ts`, config, join(folder, `baseline-${name}`));
}

/** The baseline on the same webhooks, for `npm run bench:warm`. */
export async function baselineVariants({
  endpoint,
  folder,
  webhooks,
  batch,
  variant,
}: {
  readonly endpoint: string;
  readonly folder: string;
  readonly webhooks: readonly Webhook[];
  readonly batch: number;
  variant(name: string, handler: LambdaFunction, inputs: readonly unknown[], perRun?: number): Variant;
}): Promise<readonly Variant[]> {
  Object.assign(process.env, baselineEnvironment(endpoint));
  const ingest = await loadFunction(baselineBundle('ingest', folder).file);
  const worker = await loadFunction(baselineBundle('worker', folder).file);
  const events = webhooks.map(gatewayEvent);
  const [first] = events;
  const forged = { ...first, headers: { ...first?.headers, 'x-comapi-signature': '0'.repeat(40) } };
  const batches = Array.from({ length: Math.ceil(webhooks.length / batch) }, (_, n) =>
    sqsEvent(webhooks.slice(n * batch, (n + 1) * batch).map(({ body }) => body.toString())),
  );
  return [
    variant('baseline: accepted', ingest, events),
    variant('baseline: duplicate', ingest, [first]),
    variant('baseline: rejected', ingest, [forged]),
    variant('worker, baseline, per event', worker, batches, batch),
  ];
}
