import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { numberOf, text, textOf } from '../aws/dynamodb.ts';
import { keeping } from '../config/config.ts';
import type { Envelope } from '../core/envelope.ts';
import type { Failures } from '../core/failure.ts';
import { requireReadable } from '../core/format.ts';
import { State } from '../core/states.ts';
import { redactBody } from '../facts/redact.ts';
import type { Provider } from '../pack/provider.ts';
import { parseBody } from '../parsing/body.ts';
import { parseJson } from '../parsing/json.ts';
import { formatOf } from '../store/format.ts';
import { ledgerId } from '../store/ledger/entry.ts';
import { ApiError } from './api-error.ts';
import { type Entry, isoTime, newerEntry, toEntry, toSummary } from './entry.ts';
import type { ApiParts } from './parts.ts';
import type { Effect, EventDetail, HistoryStep } from './types.ts';
import { unknownSource } from './unknown-source.ts';

/** One event with everything that is kept of it. @throws ApiError 404 */
export async function getEvent(
  parts: ApiParts,
  source: string,
  id: string,
  /** Also the body as it arrived. */
  show: { readonly body?: boolean } = {},
): Promise<EventDetail> {
  const entry = await requireEntry(parts, source, id);
  const [envelope, failures, effects] = await Promise.all([
    parts.archive.get(source, id),
    parts.failures.get(source, id),
    readEffects(parts, ledgerId(source, id)),
  ]);
  const body = envelope && withoutCredentials(parts, envelope, await parts.inbox.body(envelope));
  return {
    ...toSummary(entry),
    headers: envelope?.headers ?? null,
    payload: envelope && body ? readPayload(parts, envelope, body) : null,
    history: historyOf(entry),
    failures: failuresOf(failures),
    effects,
    batch: entry.batch ?? null,
    repeats: entry.repeats,
    deliveries: entry.deliveries,
    ...(show.body && { body: body?.toString('utf8') ?? null }),
  };
}

function failuresOf({ count, kept }: Failures = { count: 0, kept: [] }): EventDetail['failures'] {
  return {
    count,
    kept: kept.map(({ at, ms, name, message = null, stack = null }) => ({
      at: new Date(at).toISOString(),
      ms,
      name,
      message,
      stack,
    })),
  };
}

/** The ledger's entry of an acknowledged event, read consistently. @throws ApiError 404; NewerFormatError */
export async function requireEntry(parts: ApiParts, source: string, id: string): Promise<Entry> {
  const entry = await readEntry(parts, source, id);
  if (entry.state === State.claimed) {
    const fate = fateOfUnconfirmed(parts, entry);
    throw new ApiError(404, `event ${id} of ${source} is unconfirmed: ${fate}`);
  }
  return entry;
}

/** The same, whether it was acknowledged or not. */
export async function readEntry(parts: ApiParts, source: string, id: string): Promise<Entry> {
  const { Item } = await parts.dynamodb.send(
    new GetItemCommand({
      TableName: parts.tables.ledger,
      Key: { id: text(ledgerId(source, id)) },
      ConsistentRead: true,
    }),
  );
  const entry = Item && toEntry(Item);
  if (!entry) {
    const message = `no event ${id} of ${source}: it never arrived, or its retention has ended`;
    throw new ApiError(404, unknownSource(parts, source) ?? message);
  }
  const newer = newerEntry(entry);
  if (newer) throw newer;
  return entry;
}

/** What may have become of an event that is only claimed: no more than is known. */
function fateOfUnconfirmed({ config }: ApiParts, { source, events, place, reclaimedAt }: Entry): string {
  const reclaimed = isoTime(reclaimedAt);
  if (reclaimed) return `it was reclaimed at ${reclaimed}, and is taken in when the provider sends it again`;
  if (events === 0) return 'it carried no event, and there is nothing to process';
  if (place?.gate === 'entry' && config.sources[source]?.handler !== undefined)
    return 'it waits for its handler, which confirms it, was never acknowledged, or is lost';
  return keeping(config).confirmation
    ? 'it was never acknowledged, and the provider sends it again; or only its confirmation failed, and it is on its way'
    : 'it is in flight, was never acknowledged, or is lost: this stage writes down the outcome only (economy: true)';
}

/** The body as the provider's pack reads it; its text where it cannot be read. */
export function readPayload(parts: Pick<ApiParts, 'sources'>, envelope: Envelope, body: Buffer): unknown {
  const provider = packOf(parts, envelope);
  // An event out of a batch is kept as the JSON text of its item, whatever the batch was.
  const format = envelope.batch === undefined ? (provider?.events.format ?? 'auto') : 'json';
  try {
    return parseBody(format, body);
  } catch {
    return body.toString('utf8');
  }
}

function packOf({ sources }: Pick<ApiParts, 'sources'>, { source }: Envelope): Provider | undefined {
  return sources.get(source)?.provider;
}

/** Release 0.1.0 archived bodies with their credentials. */
function withoutCredentials(parts: ApiParts, envelope: Envelope, body: Buffer): Buffer {
  const provider = envelope.batch === undefined ? packOf(parts, envelope) : undefined;
  return provider ? redactBody(provider, body) : body;
}

/** What is known of the way that the event took. */
function historyOf(entry: Entry): readonly HistoryStep[] {
  const received = isoTime(entry.receivedAt);
  const reclaimed = isoTime(entry.reclaimedAt);
  const settled = isoTime(entry.settledAt);
  const forced = isoTime(entry.forcedAt);
  return [
    ...(received ? [{ at: received, state: 'received' }] : []),
    ...(reclaimed ? [{ at: reclaimed, state: 'reclaimed' }] : []),
    ...(settled ? [{ at: settled, state: entry.state, ...(entry.reason && { reason: entry.reason }) }] : []),
    ...(forced
      ? [{ at: forced, state: 'forced', ...(entry.forcedResult && { reason: entry.forcedResult }) }]
      : []),
  ];
}

/** What a handler has recorded under the event's idempotency key. */
async function readEffects(parts: ApiParts, idempotencyKey: string): Promise<readonly Effect[]> {
  const { Item } = await parts.dynamodb.send(
    new GetItemCommand({ TableName: parts.tables.effects, Key: { id: text(idempotencyKey) } }),
  );
  if (!Item) return [];
  requireReadable(formatOf(Item), `The effect of ${idempotencyKey}`);
  return [
    {
      handler: textOf(Item.handler) ?? null,
      recordedAt: isoTime(numberOf(Item.recordedAt)),
      data: parseData(textOf(Item.data)),
    },
  ];
}

function parseData(data: string | undefined): unknown {
  if (data === undefined) return null;
  try {
    return parseJson(data);
  } catch {
    return data;
  }
}
