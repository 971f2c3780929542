import { styleText } from 'node:util';
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
  return paint('bold', text);
}

export function green(text: string): string {
  return paint('green', text);
}

export function red(text: string): string {
  return paint('red', text);
}

export function yellow(text: string): string {
  return paint('yellow', text);
}

export function blue(text: string): string {
  return paint('blue', text);
}

/**
 * Asked for only where a person looks on (`Output.human`), so the terminal is not looked at again; whether that person wants
 * colours is (https://no-color.org).
 */
function paint(style: 'bold' | 'green' | 'red' | 'yellow' | 'blue', text: string): string {
  return process.env.NO_COLOR ? text : styleText(style, text, { validateStream: false });
}
