import { ApiError } from '../api/api-error.ts';
import { readPayload } from '../api/get-event.ts';
import type { ApiParts } from '../api/parts.ts';
import { getItems } from '../api/scan.ts';
import { isNewer } from '../core/format.ts';
import { isObject } from '../core/is-object.ts';
import { valueAt } from '../pack/fields.ts';
import { unpackEnvelope } from '../store/archive/pack.ts';
import { formatOf } from '../store/format.ts';
import { ledgerId } from '../store/ledger/entry.ts';
import type { Values } from './types.ts';

const MAX_EVENTS = 100;
const MAX_FIELD = 200;
const MAX_VALUE = 80;
const MAX_PATHS = 60;
const MAX_DEPTH = 4;

export interface ValuesRequest {
  /** Path into the payload: `priority`, `payload.details.channel`. Empty: only say which fields there are. */
  readonly field: string;
  readonly events: readonly { readonly source: string; readonly id: string }[];
}

/** Reads the body of `POST /api/values`. @throws ApiError 400 */
export function parseValuesRequest(body: unknown): ValuesRequest {
  const { field, events } = (body ?? {}) as Partial<Record<keyof ValuesRequest, unknown>>;
  if (typeof field !== 'string' || field.length > MAX_FIELD) {
    throw new ApiError(400, `field: write a path into the payload, at most ${MAX_FIELD} characters`);
  }
  if (!Array.isArray(events) || events.length > MAX_EVENTS || !events.every(isEventId)) {
    throw new ApiError(400, `events: write a list of at most ${MAX_EVENTS} {"source","id"}`);
  }
  return { field, events };
}

function isEventId(value: unknown): value is ValuesRequest['events'][number] {
  const { source, id } = (value ?? {}) as { source?: unknown; id?: unknown };
  return typeof source === 'string' && typeof id === 'string';
}

/** One field of many payloads, for the chart: the archive is read in one go, and only single values leave. */
export async function readValues(parts: ApiParts, { field, events }: ValuesRequest): Promise<Values> {
  const ids = events.map(({ source, id }) => ledgerId(source, id));
  const items = await getItems(parts, parts.tables.archive, ids);
  const fields = new Set<string>();
  const values = ids.map((id) => {
    const item = items.get(id);
    const bytes = item && !isNewer(formatOf(item)) ? item.envelope?.B : undefined;
    const payload = bytes && readArchived(parts, id, bytes);
    collectFields(payload, '', 0, fields);
    return field === '' ? null : singleValue(valueAt(payload, field.split('.')));
  });
  return { values, fields: [...fields].sort() };
}

/** Undefined where the body was too large for the archive: a chart is not worth a read from S3. */
function readArchived(parts: ApiParts, id: string, bytes: Uint8Array): unknown {
  const envelope = unpackEnvelope(id, bytes);
  if (envelope.body === undefined) return undefined;
  return readPayload(parts, envelope, Buffer.from(envelope.body, 'base64'));
}

function singleValue(value: unknown): string | null {
  if (value === undefined || typeof value === 'object') return null;
  return String(value).slice(0, MAX_VALUE).toWellFormed();
}

function collectFields(value: unknown, at: string, depth: number, into: Set<string>): void {
  if (!isObject(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    if (into.size >= MAX_PATHS) return;
    // A key that contains the separator could not be asked for.
    if (key.includes('.') || key === '') continue;
    const path = at === '' ? key : `${at}.${key}`;
    if (singleValue(inner) !== null && path.length <= MAX_FIELD) into.add(path);
    else if (depth < MAX_DEPTH) collectFields(inner, path, depth + 1, into);
  }
}
