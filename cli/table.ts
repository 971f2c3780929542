import { type Output, printable } from './output.ts';

type Cell = string | number | null | undefined;

/**
 * Prints a list: a table for people, else one line an item with its fields separated by tabs and no heading.
 * The last column takes what is left of the width.
 */
export function printRows(
  output: Output,
  headings: readonly string[],
  rows: readonly (readonly Cell[])[],
): void {
  const texts = rows.map((row) => row.map((cell) => printable(String(cell ?? '')).replaceAll('\n', ' ')));
  if (!output.human) {
    for (const row of texts) output.line(row.join('\t'));
    return;
  }
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...texts.map((row) => row[column]?.length ?? 0)),
  );
  const format = (row: readonly string[]) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
      .slice(0, output.width);
  output.line(bold(format(headings)));
  for (const row of texts) output.line(format(row));
}

export function bold(text: string): string {
  return paint(text, '1');
}

export function green(text: string): string {
  return paint(text, '32');
}

export function red(text: string): string {
  return paint(text, '31');
}

export function yellow(text: string): string {
  return paint(text, '33');
}

export function blue(text: string): string {
  return paint(text, '34');
}

/** https://no-color.org */
function paint(text: string, code: string): string {
  return process.env.NO_COLOR ? text : `\u001b[${code}m${text}\u001b[0m`;
}
