/** A row of the input, or why it cannot be read. */
export type InputRow =
  | { readonly place: string; readonly value: unknown }
  | { readonly place: string; readonly problem: string };

/**
 * Reads rows from lines: JSON lines are given on one by one, as they come. A JSON array and a single object over
 * several lines are understood as well.
 * @param name of the input, for messages.
 */
export async function* readRows(lines: AsyncIterable<string>, name: string): AsyncGenerator<InputRow> {
  let number = 0;
  let started = false;
  /** A document over several lines, as far as it has come. */
  let document: { readonly from: number; readonly lines: string[] } | undefined;
  for await (const line of lines) {
    number += 1;
    if (document) {
      document.lines.push(line);
    } else if (line.trim() !== '') {
      const rows = [...rowsOf(line, `${name}, line ${number}`)];
      const isDocument = !started && rows.some((row) => 'problem' in row) && /^\s*[[{]/.test(line);
      started = true;
      if (isDocument) document = { from: number, lines: [line] };
      else yield* rows;
    }
  }
  if (!document) return;
  const rows = [...rowsOf(document.lines.join('\n'), name)];
  if (!rows.some((row) => 'problem' in row)) return yield* rows;
  // Not one document: then the first line was a broken row, and the others are rows of their own.
  for (const [index, line] of document.lines.entries()) {
    if (line.trim() !== '') yield* rowsOf(line, `${name}, line ${document.from + index}`);
  }
}

function* rowsOf(text: string, place: string): Generator<InputRow> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return yield { place, problem: 'is not JSON' };
  }
  if (!Array.isArray(value)) return yield { place, value };
  for (const [index, row] of value.entries()) yield { place: `${place}, row ${index + 1}`, value: row };
}

/**
 * The lines of a byte stream. Not `node:readline`, which also breaks lines at U+2028, and JSON texts contain that.
 */
export async function* linesOf(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  // Drops a byte order mark, which editors on Windows write.
  const decoder = new TextDecoder('utf-8');
  let rest = '';
  for await (const chunk of stream) {
    const pieces = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = pieces.pop() ?? '';
    yield* pieces;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}
