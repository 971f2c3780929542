import type { EventSummary } from '../functions/api/types.ts';
import { readAgo } from './ago.ts';

/** What the list shows. Every part is in the URL under its name. */
export const FILTER_KEYS = ['source', 'state', 'type', 'subject', 'tenant', 'id', 'after', 'before'] as const;
export type FilterKey = (typeof FILTER_KEYS)[number];
export type Filter = Readonly<Partial<Record<FilterKey, string>>>;

export function readFilter(query: URLSearchParams): Filter {
  const pairs = FILTER_KEYS.map((key) => [key, query.get(key) ?? ''] as const);
  return Object.fromEntries(pairs.filter(([, value]) => value !== ''));
}

/** The filter as the API takes it: relative times become absolute. */
export function toQuery(filter: Filter, now: number): Record<string, string> {
  const { after, before, ...rest } = filter;
  const from = readTime(after, now);
  const until = readTime(before, now);
  return {
    ...rest,
    ...(from !== undefined && { after: String(from) }),
    ...(until !== undefined && { before: String(until) }),
  };
}

/** Epoch milliseconds of `15m`, `2h`, `1d` ago, or of a date and time; undefined for anything else. */
export function readTime(text: string | undefined, now: number): number | undefined {
  if (!text) return undefined;
  const ago = readAgo(text);
  if (ago !== undefined) return now - ago;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}

/** The same decision as the server's, for events that come in live. */
export function matchesFilter(event: EventSummary, filter: Filter, now: number): boolean {
  const received = Date.parse(event.receivedAt ?? '');
  const after = readTime(filter.after, now);
  const before = readTime(filter.before, now);
  return (
    same(filter.source, event.source) &&
    (!filter.state || filter.state.split(',').includes(event.state)) &&
    same(filter.type, event.type) &&
    same(filter.subject, event.subject) &&
    same(filter.tenant, event.tenant) &&
    same(filter.id, event.id) &&
    (after === undefined || received >= after) &&
    (before === undefined || received < before)
  );
}

function same(wanted: string | undefined, value: string | null): boolean {
  return !wanted || wanted === value;
}
