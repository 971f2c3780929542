import type { EventSummary } from '../../functions/api/types.ts';
import type { Backend, EventFilters } from './backend.ts';
import type { Output } from './output.ts';
import { printRows } from './table.ts';
import { readTime } from './time.ts';

const HEADINGS = ['received', 'source', 'id', 'type', 'subject', 'revision', 'state', 'attempts', 'reason'];

/** `inlet events`, `inlet dead list`: the events that match, newest first. */
export async function listEvents(output: Output, backend: Backend, filters: EventFilters): Promise<void> {
  const now = Date.now();
  const page = await backend.events({
    ...filters,
    after: readTime(filters.after, now),
    before: readTime(filters.before, now),
  });
  if (output.json) {
    output.line(JSON.stringify(page));
    return;
  }
  if (output.human && page.events.length === 0) {
    output.line(page.cursor === null ? 'No events match.' : 'No events match so far.');
  } else {
    printRows(output, HEADINGS, page.events.map(toRow));
  }
  if (output.human && page.cursor !== null) output.line(`\nOlder ones: --cursor ${page.cursor}`);
}

function toRow(event: EventSummary) {
  const { receivedAt, source, id, type, subject, revision, state, attempts, reason } = event;
  return [receivedAt, source, id, type, subject, revision, state, attempts, reason];
}
