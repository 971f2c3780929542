import type { EventPage, EventSummary } from '../../functions/api/types.ts';
import type { Backend, EventFilters } from './backend.ts';
import type { Output } from './output.ts';
import { printRows } from './table.ts';
import { readTime } from './time.ts';

/** Of the API. */
const DEFAULT_LIMIT = 50;

const HEADINGS = ['received', 'source', 'id', 'type', 'subject', 'revision', 'state', 'attempts', 'reason'];

/** `inlet events`, `inlet dead list`: the events that match, newest first. */
export async function listEvents(output: Output, backend: Backend, filters: EventFilters): Promise<void> {
  const now = Date.now();
  const page = await readPage(backend, {
    ...filters,
    after: readTime(filters.after, now),
    before: readTime(filters.before, now),
  });
  if (output.json) {
    output.line(JSON.stringify(page));
    return;
  }
  if (output.human && page.events.length === 0) output.line(whyEmpty(page));
  else printRows(output, HEADINGS, page.events.map(toRow));
  if (output.human && page.cursor !== null) output.line(`\nOlder ones: --cursor ${page.cursor}`);
  if (page.note === undefined) return;
  if (output.human) output.line(page.note);
  // Whoever reads the rows from a pipe must not take this for one of them.
  else process.stderr.write(`${page.note}\n`);
}

/**
 * A page that is full, unless there are no more events: the API ends one early when a filter lets little through, and
 * an event that is there would be missed.
 */
async function readPage(backend: Backend, filters: EventFilters): Promise<EventPage> {
  let page = await backend.events(filters);
  const events = [...page.events];
  const limit = Number(filters.limit ?? DEFAULT_LIMIT);
  for (let { cursor } = page; cursor !== null && events.length < limit; { cursor } = page) {
    page = await backend.events({ ...filters, cursor, limit: String(limit - events.length) });
    events.push(...page.events);
  }
  return { ...page, events };
}

function whyEmpty({ note }: EventPage): string {
  return note === undefined ? 'No events match.' : 'No events are listed.';
}

function toRow(event: EventSummary) {
  const { receivedAt, source, id, type, subject, revision, state, attempts, reason } = event;
  return [receivedAt, source, id, type, subject, revision, state, attempts, reason];
}
