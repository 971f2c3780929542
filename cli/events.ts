import type { EventPage, EventSummary } from '../functions/api/types.ts';
import type { Backend, EventFilters } from './backend.ts';
import { InterruptedError } from './cli-error.ts';
import type { Output } from './output.ts';
import { createStatus, type Terminal } from './progress.ts';
import { printRows } from './table.ts';
import { readTime } from './time.ts';

/** Of the API. */
const DEFAULT_LIMIT = 50;

const HEADINGS = ['received', 'source', 'id', 'type', 'subject', 'revision', 'state', 'attempts', 'reason'];

/**
 * `inlet events`, `inlet dead list`: the events that match, newest first.
 * @throws InterruptedError when Ctrl-C has ended the search, after what was found has been printed.
 */
export async function listEvents(
  output: Output,
  backend: Backend,
  filters: EventFilters,
  terminal: Terminal = process.stderr,
): Promise<void> {
  const now = Date.now();
  const times = { after: readTime(filters.after, now), before: readTime(filters.before, now) };
  const { page, isStopped } = await readPage(output, backend, { ...filters, ...times }, terminal);
  printPage(output, page);
  if (isStopped) throw new InterruptedError();
}

function printPage(output: Output, page: EventPage): void {
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
 * an event that is there would be missed. That can take the whole ledger: a person is told how far it is, and ends it
 * with Ctrl-C. Elsewhere, that ends the command, as always: what reads a pipe must not take a part for the whole.
 */
async function readPage(
  output: Output,
  backend: Backend,
  filters: EventFilters,
  terminal: Terminal,
): Promise<{ readonly page: EventPage; readonly isStopped: boolean }> {
  let page = await backend.events(filters);
  const events = [...page.events];
  const limit = Number(filters.limit ?? DEFAULT_LIMIT);
  if (page.cursor === null || events.length >= limit) return { page, isStopped: false };
  const status = createStatus(output.human, terminal);
  const stopping = Promise.withResolvers<undefined>();
  const stop = () => stopping.resolve(undefined);
  if (output.human) process.once('SIGINT', stop);
  try {
    for (let pages = 1; page.cursor !== null && events.length < limit; pages++) {
      const read = `${pages} ${pages === 1 ? 'page' : 'pages'} read`;
      status.show(`Looking further back: ${read}, ${events.length} of ${limit} found. Ctrl-C stops.`);
      const { cursor } = page;
      const asked = backend.events({ ...filters, cursor, limit: String(limit - events.length) });
      const next = await Promise.race([asked, stopping.promise]);
      if (!next) return { page: { ...page, events }, isStopped: true };
      page = next;
      events.push(...page.events);
    }
    return { page: { ...page, events }, isStopped: false };
  } finally {
    process.off('SIGINT', stop);
    status.clear();
  }
}

function whyEmpty({ note, cursor }: EventPage): string {
  if (cursor !== null) return 'None found so far.';
  return note === undefined ? 'No events match.' : 'No events are listed.';
}

function toRow(event: EventSummary) {
  const { receivedAt, source, id, type, subject, revision, state, attempts, reason } = event;
  return [receivedAt, source, id, type, subject, revision, state, attempts, reason];
}
