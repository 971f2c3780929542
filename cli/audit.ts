import type { AuditReport, Counts, EventId } from '../functions/api/types.ts';
import { OUTCOMES } from '../functions/core/states.ts';
import type { Backend } from './backend.ts';
import { CliError } from './cli-error.ts';
import { type CountedReport, compareCounted, type HourDifference } from './compare-counted.ts';
import { type Output, printable, printDocument } from './output.ts';
import { green, printRows, red, yellow } from './table.ts';

const COLUMNS: readonly (keyof Counts)[] = ['accepted', ...OUTCOMES, 'inFlight', 'unconfirmed'];

/**
 * `inlet audit`: the equation on the real tables and queues.
 * @param hours to compare the ledger with what ingest has counted in so many hours. Default: it is not compared.
 * @throws CliError with exit code 1 when it does not hold, or entries are gone; with 2 when nothing was counted.
 */
export async function audit(output: Output, backend: Backend, hours?: number): Promise<void> {
  // Counted first: what arrives meanwhile is in the ledger and was not counted, which is no problem.
  const count = hours === undefined ? undefined : await backend.counted(hours);
  const { kept, ...report } = await backend.audit(count?.window);
  if (count && !kept) throw new CliError('This Inlet is older than --counted: update it.');
  const compared = count && kept && compareCounted(count, kept);
  // That entries are gone is said in any case.
  const ids = compared?.lost.length
    ? await backend.nameLost?.(compared.lost).catch(() => undefined)
    : undefined;
  const counted = compared && { ...compared, ...(ids && { ids }) };
  printDocument(output, { ...report, ...(counted && { counted }) }, () => {
    printReport(output, report);
    if (counted) printCounted(output, counted);
  });
  // The ids stand in the output; this is for whoever reads only the errors.
  const failures = [
    ...(report.balanced
      ? []
      : [
          `The audit does not balance: ${report.problems.length} problem(s). Events that have lost their message: inlet reclaim --all.`,
        ]),
    ...(counted?.lost ?? []).map(
      ({ source, hour, difference, counted, kept }) =>
        `The ledger has lost ${difference} of ${source} in the hour from ${hour}: ${counted} counted, ${kept} kept. docs/audit.md says what to do.`,
    ),
  ];
  if (failures.length > 0) throw new CliError(failures.join('\n'), 1);
  if (counted && counted.counted === 0 && counted.kept > 0)
    throw new CliError(
      `Nothing to compare with: ingest has counted nothing since ${counted.after}, and the ledger holds ${counted.kept}.`,
    );
}

function printReport(output: Output, report: AuditReport): void {
  const { balanced, total, sources, problems } = report;
  const rows = [...Object.entries(sources), ['total', total] as const];
  printRows(
    output,
    ['source', ...COLUMNS],
    rows.map(([source, counts]) => [source, ...COLUMNS.map((column) => counts[column])]),
  );
  output.line('');
  output.line(
    balanced
      ? green('balanced: accepted = applied + stale + quarantined + dead + inFlight')
      : red('NOT balanced'),
  );
  printOverdue(output, report);
  printUnconfirmed(output, report);
  if (problems.length === 0) return;
  printRows(
    output,
    ['source', 'id', 'problem'],
    problems.map(({ source, id, problem }) => [source, id, problem]),
  );
}

function printCounted(
  output: Output,
  { after, before, counted, kept, lost, uncounted, ids = [] }: CountedReport & { ids?: readonly EventId[] },
): void {
  output.line('');
  const what = `${counted} deliveries counted from ${after} to ${before}, ${kept} in the ledger`;
  if (lost.length > 0) output.line(red(`LOST: ${what}`));
  else if (counted === 0 && kept > 0) output.line(yellow(`not compared: ${what}`));
  else output.line(green(`none is gone: ${what}`));
  printHours(output, lost);
  for (const { source, id } of ids)
    output.line(printable(`accepted, and not in the ledger: ${source}/${id}`));
  if (uncounted.length === 0) return;
  output.line(
    'In the ledger and not counted, which is no loss, but may hide as large a one of the same hour:',
  );
  printHours(output, uncounted);
}

function printHours(output: Output, hours: readonly HourDifference[]): void {
  if (hours.length === 0) return;
  printRows(
    output,
    ['source', 'hour', 'counted', 'in the ledger'],
    hours.map(({ source, hour, counted, kept }) => [source, hour, counted, kept]),
  );
}

/** What is neither lost for certain nor surely there. */
function printOverdue(output: Output, { overdue }: AuditReport): void {
  if (!overdue?.count) return;
  output.line(`${overdue.count} in flight without a trace for long; reclaiming them does no harm:`);
  for (const { source, id } of overdue.ids) output.line(printable(`  inlet reclaim ${source}/${id}`));
}

/** Nothing tells whether what is unconfirmed was acknowledged: no more is said than that. */
function printUnconfirmed(output: Output, { total, withoutMessage }: AuditReport): void {
  if (!withoutMessage?.count) return;
  output.line(`${total.unconfirmed} unconfirmed: in flight, never acknowledged, or lost.`);
  output.line(`At least ${withoutMessage.count} of them have no message: never acknowledged, or lost.`);
  output.line('A provider sends again what was not acknowledged; ask it for the rest, the oldest first:');
  for (const { source, id } of withoutMessage.ids) output.line(printable(`  ${source}/${id}`));
}
