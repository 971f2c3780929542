import { setTimeout as pause } from 'node:timers/promises';
import type { EventPage, EventSummary } from '../functions/api/types.ts';
import type { FeedPage, Me } from '../functions/console/types.ts';
import { definedOnly } from './backend.ts';
import { CliError, TokenError, UnreachableError } from './cli-error.ts';
import { createCaller } from './http-backend.ts';
import type { Output } from './output.ts';
import { TailView } from './tail-view.ts';
import { findTarget, type Target, type TargetOptions } from './target.ts';
import { readTime } from './time.ts';

export interface TailLocalOptions extends TargetOptions {
  readonly source?: string | undefined;
  /** Several joined by commas. Default: every state in which an event is settled. */
  readonly state?: string | undefined;
  readonly type?: string | undefined;
  readonly id?: string | undefined;
  /** `1h`: shows what has arrived since, first. Default: only what settles from now on. */
  readonly since?: string | undefined;
  /** Ends after so many events. */
  readonly count?: number | undefined;
  readonly follow: boolean;
}

/** Between two attempts to reach a server that has gone. */
const RETRY_MS = 500;
/** The feed finds by itself what arrived so short a time before its cursor. */
const LATE_MS = 12_000;
const PAGE = 500;
/** Pages of the list that are read to catch up: more has nobody read who was away. */
const MAX_PAGES = 10;

/**
 * `inlet tail`: one line for each event as it settles, from the console's feed. Goes on when the server comes back
 * after a restart, and reads the list to catch up where the feed has lost the thread.
 * @param signal ends it, as Ctrl-C does.
 * @param find where the Inlet is now: a restart may change its address and its token.
 * @throws CliError when there is no Inlet at the beginning, or a filter is wrong.
 */
export async function tailLocal(
  output: Output,
  options: TailLocalOptions,
  signal: AbortSignal,
  find: () => Target = () => findTarget(options),
): Promise<void> {
  const view = new TailView(output, options);
  let target = find();
  let { get } = createCaller(target.origin, target.token);
  // The first questions are not repeated: who mistyped an address or a filter wants to know at once.
  const { pollMs } = await get<Me>('/api/me');
  let since: number | undefined;
  if (options.since !== undefined || !options.follow) {
    since = Number(readTime(options.since ?? '1m', Date.now())) || Date.parse(options.since ?? '');
    if (!Number.isFinite(since))
      throw new CliError(`--since ${options.since}: write 15m, 2h, 1d or an ISO 8601 time`);
  }
  // Before the list is read, which may take its time: what settles meanwhile is told by the next answer.
  let { cursor } = await get<FeedPage>('/api/feed');
  let isAway = false;
  // What is in flight already would settle unseen: the feed only looks at what arrives from now on.
  view.watch((await readList({ state: 'queued,retrying' }, 1)).events);
  if (since !== undefined) view.show((await readList({ after: String(since) }, MAX_PAGES)).events);

  while (options.follow && !view.isDone && !signal.aborted) {
    try {
      const watch = view.watched().map(({ source, id }) => [source, id].map(encodeURIComponent).join('/'));
      const query = new URLSearchParams({ cursor, watch: watch.join(',') });
      const page = await get<FeedPage>(`/api/feed?${query}`);
      if (page.missed)
        view.show((await readList({ after: String(Number(cursor) - LATE_MS) }, MAX_PAGES)).events);
      view.show(page.events);
      cursor = page.cursor;
      if (isAway && output.human) process.stderr.write(`${target.origin} is back\n`);
      isAway = false;
      await wait(pollMs, signal);
    } catch (error) {
      if (!(error instanceof UnreachableError || error instanceof TokenError)) throw error;
      const found = find();
      // The same token will not be taken the next time either.
      if (error instanceof TokenError && found.token === target.token) throw error;
      if (!isAway && output.human) process.stderr.write(`${target.origin} does not answer; waiting for it\n`);
      isAway = true;
      target = found;
      ({ get } = createCaller(target.origin, target.token));
      await wait(RETRY_MS, signal);
    }
  }

  /** Events of the list, oldest first, as the feed would have told them. */
  async function readList(filters: Readonly<Record<string, string>>, pages: number): Promise<EventPage> {
    const { source, type, id } = options;
    const asked = { ...definedOnly({ source, type, id }), limit: String(PAGE), ...filters };
    const events: EventSummary[] = [];
    let next: string | null = null;
    for (let n = 0; n < pages; n++) {
      const query = new URLSearchParams(next === null ? asked : { ...asked, cursor: next });
      const page: EventPage = await get<EventPage>(`/api/events?${query}`);
      events.push(...page.events);
      next = page.cursor;
      if (next === null) break;
    }
    return { events: events.reverse(), cursor: next };
  }
}

/** Ends early, and quietly, when the signal comes. */
async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => {});
}
