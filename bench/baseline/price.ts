/** What the baseline costs per million, on the same prices: its writes by item size, its log lines as written. */
import { marshall } from '@aws-sdk/util-dynamodb';
import { temporaryFolder } from '../lib/bundles.ts';
import { itemBytes, writeUnits } from '../lib/item-size.ts';
import { loadFunction, silenced } from '../lib/loaded.ts';
import { prices } from '../lib/price.ts';
import { gatewayEvent, sqsEvent, type Webhook } from '../lib/webhooks.ts';
import type { MessageEvent } from './schema.ts';
import { baselineBundle, baselineEnvironment } from './variants.ts';

const BATCH = 10;
const MILLION = 1_000_000;
/** Lambda's own START, END and REPORT of an invocation in text form, which is the default. */
const PLATFORM_LINES = { count: 3, bytes: 330 };

/**
 * Dollars per million by line, without Lambda's time, which is about Inlet's. The gateway logs nothing by default.
 * The environment points at the ready-made answers.
 */
export async function baselineLines(
  endpoint: string,
  webhooks: readonly Webhook[],
): Promise<ReadonlyMap<string, number>> {
  Object.assign(process.env, baselineEnvironment(endpoint));
  const folder = temporaryFolder();
  const ingest = await loadFunction(baselineBundle('ingest', folder).file);
  const worker = await loadFunction(baselineBundle('worker', folder).file);
  const bodies = webhooks.map(({ body }) => body.toString());
  const bytes = await silenced(async (written) => {
    for (const webhook of webhooks) await ingest(gatewayEvent(webhook));
    for (let at = 0; at < bodies.length; at += BATCH) await worker(sqsEvent(bodies.slice(at, at + BATCH)));
    return written();
  });
  const units = bodies.map((body) => {
    const event = JSON.parse(body) as MessageEvent;
    const id = `${event.apiSpaceId}:${event.payload.id}`;
    const item = { id, eventId: event.eventId, state: event.name, revision: event.revision, payload: event };
    return writeUnits(itemBytes(marshall(item)));
  });
  const invocations = 1 + 1 / BATCH;
  const logged =
    bytes / webhooks.length +
    2 * prices.logEventOverheadBytes +
    invocations * (PLATFORM_LINES.bytes + PLATFORM_LINES.count * prices.logEventOverheadBytes);
  const state = units.reduce((sum, count) => sum + count, 0) / units.length;
  return new Map([
    ['HTTP API', prices.httpApiRequest * MILLION],
    ['Lambda requests', prices.lambdaRequest * invocations * MILLION],
    ['idempotency record, twice', 2 * prices.dynamodbWriteUnit * MILLION],
    ['state', state * prices.dynamodbWriteUnit * MILLION],
    ['SQS', prices.sqsRequest * (1 + 2 / BATCH) * MILLION],
    ['logs', (logged / 1e9) * prices.logsGB * MILLION],
  ]);
}
