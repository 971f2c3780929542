/** Vectors of this repository: `data/<pack>.json`, a list of rows as `inlet verify` takes them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { judgeRow, type VectorRow } from './rows.ts';

const folder = resolve(import.meta.dirname, 'data');
const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.json')) : [];

const table = files.flatMap((file) => {
  const rows = JSON.parse(readFileSync(resolve(folder, file), 'utf8')) as readonly VectorRow[];
  return rows.map((row): [string, VectorRow] => [`${file}: ${row.expected} (${row.note})`, row]);
});

if (table.length > 0) {
  test.each(table)('%s', async (_name, row) => {
    const { ok, reason } = await judgeRow(row);
    expect({ ok, reason }).toEqual(
      row.expected === 'valid' ? { ok: true, reason: null } : { ok: false, reason: expect.any(String) },
    );
  });
} else {
  test.skip('vectors of this repository', () => undefined);
}
