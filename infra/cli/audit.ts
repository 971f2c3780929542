import type { AuditReport, Counts } from '../../functions/api/types.ts';
import { OUTCOMES } from '../../functions/core/states.ts';
import type { Backend } from './backend.ts';
import { CliError } from './cli-error.ts';
import { type Output, printable, printDocument } from './output.ts';
import { green, printRows, red } from './table.ts';

const COLUMNS: readonly (keyof Counts)[] = ['accepted', ...OUTCOMES, 'inFlight', 'unconfirmed'];

/**
 * `inlet audit`: the equation on the real tables and queues.
 * @throws CliError with exit code 1 when it does not hold.
 */
export async function audit(output: Output, backend: Backend): Promise<void> {
  const report = await backend.audit();
  const { balanced, total, sources, problems } = report;
  printDocument(output, report, () => {
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
  });
  if (balanced) return;
  // The ids stand in the output; this is for whoever reads only the errors.
  throw new CliError(
    `The audit does not balance: ${problems.length} problem(s). Events that have lost their message: inlet reclaim --all.`,
    1,
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
