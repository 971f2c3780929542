import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { judge } from '../../../cli/judge.ts';
import { readRow } from '../../../cli/verify-row.ts';

/** A row as `inlet verify` takes it, with what is known about it. */
export interface VectorRow {
  readonly provider: string;
  readonly expected: 'valid' | 'invalid';
  readonly note: string;
  readonly expectedHandshakeBody?: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly secrets: readonly string[];
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly bodyBase64?: string;
  /** Epoch seconds. */
  readonly now?: number;
}

/** Vectors that providers have published lie beside the repository: they are other people's text. */
const file = resolve(import.meta.dirname, '../../../../shared/vectors/published.json');

/** Undefined where they are not at hand. */
export function publishedRows(): readonly VectorRow[] | undefined {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as readonly VectorRow[];
  process.stdout.write(`skipped: there are no published vectors at ${file}\n`);
  return undefined;
}

/** Judged as `inlet verify` does it. */
export function judgeRow(row: VectorRow) {
  return judge(readRow(row, Date.now()));
}

/** The exact bytes. */
export function bodyOf({ body, bodyBase64 }: VectorRow): Buffer {
  return bodyBase64 === undefined ? Buffer.from(body ?? '', 'utf8') : Buffer.from(bodyBase64, 'base64');
}

export function withBody({ body: _text, ...row }: VectorRow, body: Buffer): VectorRow {
  return { ...row, bodyBase64: body.toString('base64') };
}

export function withHeader(row: VectorRow, name: string, value: string | undefined): VectorRow {
  const others = Object.entries(row.headers).filter(([header]) => header.toLowerCase() !== name);
  return { ...row, headers: Object.fromEntries(value === undefined ? others : [...others, [name, value]]) };
}

export function headerOf(row: VectorRow, name: string): string {
  return Object.entries(row.headers).find(([header]) => header.toLowerCase() === name)?.[1] ?? '';
}
