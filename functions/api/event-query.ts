import { boundKey, boundText } from '../core/bounds.ts';
import { EVENT_STATES } from '../core/states.ts';
import { ApiError } from './api-error.ts';
import { decodeCursor, type Start } from './cursor.ts';
import type { Entry } from './entry.ts';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 500;
const PARAMETERS = [
  'source',
  'state',
  'type',
  'subject',
  'tenant',
  'id',
  'after',
  'before',
  'limit',
  'cursor',
];

/** What an event must be like. Times are epoch milliseconds: `after` is included, `before` is not. */
export interface EventFilter {
  readonly source?: string;
  /** Any of these. */
  readonly states?: readonly string[];
  readonly type?: string;
  readonly subject?: string;
  readonly tenant?: string;
  /** Within any source, unless `source` names one. */
  readonly id?: string;
  readonly after?: number;
  readonly before?: number;
}

export interface EventQuery extends EventFilter {
  readonly limit: number;
  readonly from?: Start;
}

/**
 * Reads the parameters of `GET /api/events`. Empty ones count as absent.
 * @throws ApiError 400 that says what to write.
 */
export function parseEventQuery(parameters: URLSearchParams): EventQuery {
  for (const name of parameters.keys()) {
    if (!PARAMETERS.includes(name)) {
      throw new ApiError(400, `unknown parameter "${name}"; the parameters are ${PARAMETERS.join(', ')}`);
    }
  }
  const values = Object.fromEntries([...parameters].filter(([, value]) => value !== ''));
  const cursor = values.cursor;
  return {
    ...parseFilter(values),
    limit: parseLimit(values.limit),
    ...(cursor !== undefined && { from: decodeCursor(cursor) }),
  };
}

/** Reads the part that the list and the redrive share. @throws ApiError 400 */
export function parseFilter(values: Readonly<Record<string, unknown>>): EventFilter {
  const source = parseName('source', values.source);
  const states = parseText('state', values.state)?.split(',');
  const type = parseShown('type', values.type);
  const subject = parseName('subject', values.subject);
  const tenant = parseShown('tenant', values.tenant);
  const id = parseName('id', values.id);
  const after = parseTime('after', values.after);
  const before = parseTime('before', values.before);
  for (const state of states ?? []) {
    if (!(EVENT_STATES as readonly string[]).includes(state)) {
      throw new ApiError(400, `state: write one of ${EVENT_STATES.join(', ')}, or several joined by commas`);
    }
  }
  return {
    ...(source !== undefined && { source }),
    ...(states && { states }),
    ...(type !== undefined && { type }),
    ...(subject !== undefined && { subject }),
    ...(tenant !== undefined && { tenant }),
    ...(id !== undefined && { id }),
    ...(after !== undefined && { after }),
    ...(before !== undefined && { before }),
  };
}

function parseText(name: string, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string' || value === '') throw new ApiError(400, `${name}: write a text`);
  return value;
}

/** What keys are built from, as long as it may be: it is compared with what is stored. */
function parseName(name: string, value: unknown): string | undefined {
  const text = parseText(name, value);
  return text && boundKey(text);
}

/** What no key is built from is stored cut, so the filter is cut in the same way. */
function parseShown(name: string, value: unknown): string | undefined {
  const text = parseText(name, value);
  return text && boundText(text);
}

/** Epoch milliseconds, or a date and time of ISO 8601; a date alone begins at 0:00 UTC. */
function parseTime(name: string, value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  const written = String(value);
  const time = /^\d+$/.test(written)
    ? Number(written)
    : /^\d{4}-\d\d/.test(written)
      ? Date.parse(written)
      : NaN;
  if (Number.isNaN(new Date(time).getTime())) {
    throw new ApiError(
      400,
      `${name}: write epoch milliseconds (1767225600000) or an ISO 8601 time (2026-01-01T00:00:00Z)`,
    );
  }
  return time;
}

function parseLimit(value: string | undefined): number {
  if (value === undefined) return DEFAULT_LIMIT;
  const limit = Number(value);
  if (!/^\d+$/.test(value) || limit < 1 || limit > MAX_LIMIT) {
    throw new ApiError(400, `limit: write a whole number from 1 to ${MAX_LIMIT}`);
  }
  return limit;
}

/** Whether people see this entry at all, and the filter lets it through. */
export function matches(entry: Entry, filter: EventFilter): boolean {
  const { receivedAt = 0 } = entry;
  return (
    (filter.states ?? EVENT_STATES).some((state) => state === entry.state) &&
    (filter.source === undefined || filter.source === entry.source) &&
    (filter.type === undefined || filter.type === entry.type) &&
    (filter.subject === undefined || filter.subject === entry.subject) &&
    (filter.tenant === undefined || filter.tenant === entry.tenant) &&
    (filter.id === undefined || filter.id === entry.id) &&
    (filter.after === undefined || receivedAt >= filter.after) &&
    (filter.before === undefined || receivedAt < filter.before)
  );
}
