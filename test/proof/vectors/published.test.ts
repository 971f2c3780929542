import { judgeRow, publishedRows, type VectorRow } from './rows.ts';

const rows = publishedRows();
const table = (rows ?? []).map((row, position): [string, VectorRow] => [
  `${position} ${row.provider}: ${row.expected} (${row.note})`,
  row,
]);

if (table.length > 0) {
  test.each(table)('%s', async (_name, row) => {
    const judgement = await judgeRow(row);
    expect({ ok: judgement.ok, reason: judgement.reason }).toEqual({
      ok: row.expected === 'valid',
      reason: row.expected === 'valid' ? null : expect.any(String),
    });
    if (row.expectedHandshakeBody !== undefined) {
      expect(judgement.handshake?.body).toBe(row.expectedHandshakeBody);
    }
  });
} else {
  test.skip('published vectors', () => undefined);
}
