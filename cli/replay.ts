import type { Forecast, ReplayManyResult, ReplayResult } from '../functions/api/types.ts';
import { State } from '../functions/core/states.ts';
import type { Backend, EventFilters, ReplayFlags } from './backend.ts';
import { CliError } from './cli-error.ts';
import { findEvent } from './event-ref.ts';
import { type Output, printable, printDocument } from './output.ts';
import { green, printRows } from './table.ts';
import { readTime } from './time.ts';

export interface ReplayOptions extends ReplayFlags {
  /** One event; empty for all that match the filters. */
  readonly words: readonly string[];
  readonly filters: EventFilters;
  readonly all: boolean;
}

/**
 * `inlet replay`: sends one event, or all that match, through the worker again, past the same gates.
 * @throws CliError with exit code 1 when some could not be sent, 2 when nothing says which.
 */
export async function replay(output: Output, backend: Backend, options: ReplayOptions): Promise<void> {
  const { words, filters, all } = options;
  const hasFilter = Object.values(filters).some((value) => value !== undefined);
  if (words.length > 0 && (hasFilter || all))
    throw new CliError('Say which by an id or by a filter, not both.');
  if (words.length > 0) return replayOne(output, backend, options);
  if (!hasFilter && !all) {
    const names = '--source, --state, --type, --subject, --after, --before';
    throw new CliError(`Say which: an event, a filter (${names}), or --all.`);
  }
  const result = await replayAll(backend, options);
  printDocument(output, result, () => printMany(output, result));
  if (result.failed.length === 0) return;
  const reasons = result.failed.map(({ source, id, problem }) => `${source}/${id}: ${problem}`);
  throw new CliError(`${result.failed.length} could not be replayed:\n${reasons.join('\n')}`, 1);
}

async function replayOne(
  output: Output,
  backend: Backend,
  { words, force, dryRun }: ReplayOptions,
): Promise<void> {
  const { source, id } = await findEvent(backend, words);
  const result = await backend.replay(source, id, { force, dryRun });
  printDocument(output, result, () => output.line(printable(`${source}/${id} ${describe(result)}`)));
}

const FORECASTS: Readonly<Record<Forecast, string>> = {
  apply: 'would be applied',
  stale: 'would be stale: its subject has moved on',
  quarantined: 'would be quarantined: its subject has too many events of its revision',
  repeat: 'would change nothing: it is the newest of its subject',
  unknown: 'would be read again by the worker, which decides',
};

function describe({ state, dryRun, forced, forecast }: ReplayResult): string {
  if (forced) return dryRun ? 'would be handled again' : 'was sent to be handled again';
  if (dryRun) return FORECASTS[forecast ?? 'unknown'];
  return state === State.queued
    ? 'is back in flight'
    : `was sent again; it stays ${state}, as nothing is applied twice`;
}

/** Page by page. The upper end of time is fixed first, so that what arrives meanwhile is not replayed as well. */
async function replayAll(
  backend: Backend,
  { filters, force, dryRun }: ReplayOptions,
): Promise<ReplayManyResult> {
  const now = Date.now();
  const range = {
    ...filters,
    after: readTime(filters.after, now),
    before: readTime(filters.before, now) ?? String(now + 1),
  };
  const pages: ReplayManyResult[] = [];
  let cursor: string | null = null;
  do {
    const page: ReplayManyResult = await backend.replayMany(cursor === null ? range : { ...range, cursor }, {
      force,
      dryRun,
    });
    pages.push(page);
    cursor = page.cursor;
  } while (cursor !== null);
  const sum = (count: (page: ReplayManyResult) => number) =>
    pages.reduce((total, page) => total + count(page), 0);
  return {
    dryRun,
    matched: sum(({ matched }) => matched),
    replayed: sum(({ replayed }) => replayed),
    forced: sum(({ forced }) => forced),
    preview: {
      apply: sum(({ preview }) => preview.apply),
      stale: sum(({ preview }) => preview.stale),
      quarantined: sum(({ preview }) => preview.quarantined),
      repeat: sum(({ preview }) => preview.repeat),
      unknown: sum(({ preview }) => preview.unknown),
    },
    ids: pages.flatMap(({ ids }) => ids),
    failed: pages.flatMap(({ failed }) => failed),
    cursor: null,
  };
}

/** Rows that a person still looks at. */
const SHOWN = 50;

function printMany(
  output: Output,
  { dryRun, matched, replayed, forced, preview, ids }: ReplayManyResult,
): void {
  printRows(
    output,
    ['source', 'id', 'forecast'],
    ids.slice(0, SHOWN).map(({ source, id, forecast }) => [source, id, forecast]),
  );
  if (ids.length > SHOWN) output.line(`... and ${ids.length - SHOWN} more`);
  output.line('');
  const { apply, stale, quarantined, repeat, unknown } = preview;
  output.line(
    `${matched} match: ${apply} to apply, ${stale} stale, ${quarantined} to quarantine, ${repeat} in place already, ${unknown} unknown.`,
  );
  if (forced > 0) output.line(`${forced} ${dryRun ? 'would be' : 'are to be'} handled again.`);
  output.line(dryRun ? 'Nothing was sent.' : green(`${replayed} sent again.`));
}
