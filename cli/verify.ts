import { open as openFile } from 'node:fs/promises';
import { CliError } from './cli-error.ts';
import { type Judgement, judge } from './judge.ts';
import { type Output, printable } from './output.ts';
import { linesOf, readRows } from './read-rows.ts';
import { green, red } from './table.ts';
import { MalformedRow, readRow } from './verify-row.ts';

/**
 * `inlet verify`: judges captured requests, one row of JSON each, one line of JSON for each.
 * @param files to read; none reads standard input.
 * @throws CliError with exit code 2, after the last row, when any could not be read.
 */
export async function verify(output: Output, files: readonly string[]): Promise<void> {
  const problems: string[] = [];
  for (const file of files.length > 0 ? files : ['-']) {
    for await (const row of readRows(linesOf(await open(file)), file === '-' ? 'input' : file)) {
      const judgement = 'problem' in row ? malformed(row.problem) : await judgeValue(row.value);
      if ('malformed' in judgement) problems.push(`${row.place}: ${judgement.malformed}`);
      print(output, 'malformed' in judgement ? judgement.answer : judgement);
    }
  }
  if (problems.length > 0) throw new CliError(problems.join('\n'));
}

interface Malformed {
  readonly malformed: string;
  readonly answer: Judgement;
}

async function judgeValue(value: unknown): Promise<Judgement | Malformed> {
  try {
    return await judge(readRow(value, Date.now()));
  } catch (error) {
    if (error instanceof MalformedRow) return malformed(error.message);
    throw error;
  }
}

function malformed(problem: string): Malformed {
  const answer = { ok: false, reason: `malformed row: ${problem}`, events: [], handshake: null };
  return { malformed: problem, answer };
}

function print(output: Output, judgement: Judgement): void {
  if (!output.human) {
    output.line(JSON.stringify(judgement));
    return;
  }
  const { ok, reason, events, handshake } = judgement;
  output.line(ok ? green('genuine') : `${red('refused')}  ${printable(reason ?? '')}`);
  for (const { id, type, subject, revision } of events) {
    output.line(
      printable(`  event ${id}  ${type ?? 'without a type'}  subject ${subject}  revision ${revision}`),
    );
  }
  if (handshake) output.line(printable(`  handshake, answered ${handshake.status} ${handshake.body}`));
}

/** @throws CliError when the file cannot be opened. */
async function open(file: string): Promise<AsyncIterable<Buffer>> {
  if (file !== '-') {
    const handle = await openFile(file).catch((error: Error) => {
      throw new CliError(`${file} cannot be read: ${error.message}`);
    });
    return handle.createReadStream();
  }
  if (process.stdin.isTTY) {
    process.stderr.write('Reading rows from the keyboard; end with Ctrl-D. See inlet verify --help.\n');
  }
  return process.stdin;
}
