import type { RedriveResult } from '../functions/api/types.ts';
import type { Backend, RedriveFilters } from './backend.ts';
import { CliError } from './cli-error.ts';
import { type Output, printDocument } from './output.ts';
import { green, printRows } from './table.ts';
import { readTime } from './time.ts';

export interface RedriveOptions {
  readonly filters: RedriveFilters;
  /** `<source>/<id>` each; empty for all that match the filters. */
  readonly ids: readonly string[];
  readonly all: boolean;
  readonly dryRun: boolean;
}

/**
 * `inlet dead redrive`: sends quarantined and dead events through the worker again.
 * @throws CliError with exit code 1 when some could not be sent, 2 when nothing says which.
 */
export async function redrive(output: Output, backend: Backend, options: RedriveOptions): Promise<void> {
  const { ids, all, dryRun } = options;
  const hasFilter = Object.values(options.filters).some((value) => value !== undefined);
  if (!hasFilter && ids.length === 0 && !all) {
    throw new CliError('Say which: ids, a filter (--source, --state, --type, --after, --before), or --all.');
  }
  const now = Date.now();
  const filters = {
    ...options.filters,
    after: readTime(options.filters.after, now),
    before: readTime(options.filters.before, now),
  };
  const result = await redriveAll(backend, filters, ids.length > 0 ? ids : undefined, dryRun);
  printDocument(output, result, () => printResult(output, result));
  if (result.failed.length > 0) {
    const reasons = result.failed.map(({ source, id, problem }) => `${source}/${id}: ${problem}`);
    throw new CliError(`${result.failed.length} could not be redriven:\n${reasons.join('\n')}`, 1);
  }
}

/** Ids of one call: fewer than the API takes at once. */
const IDS_PER_CALL = 500;

/** Page by page. The cursor takes none twice: what fails again at once would never end. */
async function redriveAll(
  backend: Backend,
  filters: RedriveFilters,
  ids: readonly string[] | undefined,
  dryRun: boolean,
): Promise<RedriveResult> {
  const parts: RedriveResult[] = [];
  if (ids) {
    for (let from = 0; from < ids.length; from += IDS_PER_CALL) {
      parts.push(await backend.redrive(filters, ids.slice(from, from + IDS_PER_CALL), dryRun));
    }
  } else {
    let cursor: string | null = null;
    do {
      const page = cursor === null ? filters : { ...filters, cursor };
      const part: RedriveResult = await backend.redrive(page, undefined, dryRun);
      parts.push(part);
      ({ cursor } = part);
    } while (cursor !== null);
  }
  return {
    dryRun,
    matched: ids
      ? sum(parts, ({ matched }) => matched)
      : sum(parts, ({ ids, failed }) => ids.length + failed.length),
    redriven: sum(parts, ({ redriven }) => redriven),
    ids: parts.flatMap((part) => part.ids),
    failed: parts.flatMap((part) => part.failed),
    more: parts.at(-1)?.more ?? false,
    cursor: null,
  };
}

function sum(parts: readonly RedriveResult[], count: (part: RedriveResult) => number): number {
  return parts.reduce((total, part) => total + count(part), 0);
}

function printResult(output: Output, { dryRun, matched, ids }: RedriveResult): void {
  printRows(
    output,
    ['source', 'id'],
    ids.map(({ source, id }) => [source, id]),
  );
  output.line('');
  if (dryRun) output.line(`${matched} would be redriven.`);
  else output.line(green(`${ids.length} redriven.`));
}
