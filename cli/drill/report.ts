/** The result as Markdown, to be pasted into an issue. */
import { printable } from '../output.ts';
import type { Bell } from './bells.ts';
import { undoCommand } from './changes.ts';
import { alarmsByTheMonth, type CostLine, PRICES } from './cost.ts';
import { tally } from './difference.ts';
import type { DrillResult } from './result.ts';

export function report(result: DrillResult): readonly string[] {
  const { ok, stage, startedAt, minutes, leftOut, differences, claims, cost, left, notPutBack } = result;
  return [
    `# Drill of the stage ${stage}, ${startedAt}, ${minutes} min: ${ok ? 'all as documented' : 'DIFFERENCES'}`,
    ...section('Sent', ['purpose', 'outcome', 'requests'], sentRows(result)),
    ...list('Left out', leftOut),
    ...section(
      'Alarms',
      ['alarm', 'by its cause', 'how', 's to alarm', 's to clear', 'action'],
      bellRows(result.alarms),
    ),
    ...section(
      'Differences',
      ['what', 'expected', 'seen', 'documentation'],
      differences.map(({ what, expected, seen, says }) => [what, expected, seen, says]),
      'None: audit, metrics, log lines and access log agree with what was sent.',
    ),
    ...section(
      'What the documentation says of AWS',
      ['claim', 'verdict', 'seen'],
      claims.map(({ claim, verdict, seen }) => [claim, verdict, seen]),
    ),
    ...(cost ? costSection(cost) : []),
    ...list('Left in the ledger, as what they are', left),
    ...list('NOT PUT BACK', notPutBack),
    ...(notPutBack.length > 0 ? ['', `Put it back: \`${undoCommand(stage)}\``] : []),
  ];
}

function sentRows({ sent }: DrillResult): readonly (readonly string[])[] {
  const counts = tally(sent.map(({ purpose, outcome, status }) => `${purpose}\t${outcome ?? status}`));
  return [...counts].map(([key, count]) => [...key.split('\t'), String(count)]);
}

function bellRows(alarms: readonly Bell[]): readonly (readonly string[])[] {
  return alarms.map(({ alarm, rung, how, secondsToAlarm, secondsToClear, action }) => [
    alarm,
    rung === 'by its cause' ? 'yes' : rung === 'by hand' ? 'state set by hand' : 'no',
    how,
    secondsToAlarm === undefined ? 'never' : String(secondsToAlarm),
    secondsToClear === undefined ? 'never' : String(secondsToClear),
    action,
  ]);
}

function costSection(cost: readonly CostLine[]): readonly string[] {
  const rows = cost
    .filter(({ dollars }) => dollars > 0)
    .map(({ service, what, count, dollars }) => [service, what, rounded(count), `$${dollars.toFixed(6)}`]);
  const total = cost.reduce((sum, { dollars }) => sum + dollars, 0);
  const alarms = cost.at(-1)?.count ?? 0;
  return [
    ...section('Cost', ['on the bill', 'what', 'how many', 'dollars'], rows),
    '',
    `Together $${total.toFixed(4)}, ${PRICES}. The bill shows it a day later, if the free tier does not take it.`,
    `The stage's alarms look at ${alarms} metrics: $${alarmsByTheMonth(alarms).toFixed(2)} a month, with or without drills.`,
  ];
}

const rounded = (count: number) => (Number.isInteger(count) ? String(count) : count.toPrecision(3));

function list(title: string, items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : ['', `## ${title}`, '', ...items.map((item) => `- ${cell(item)}`)];
}

function section(
  title: string,
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  otherwise?: string,
): readonly string[] {
  if (rows.length === 0) return otherwise === undefined ? [] : ['', `## ${title}`, '', otherwise];
  const row = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return ['', `## ${title}`, '', row(headings), `|${'---|'.repeat(headings.length)}`, ...rows.map(row)];
}

/** What comes from the stage may contain anything. */
function cell(text: string): string {
  return printable(text).replaceAll('\n', ' ').replaceAll('|', '\\|');
}
