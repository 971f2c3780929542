import { crc32 } from 'node:zlib';

/** Letters to choose from two each: more than a CRC-32 has bits. */
const LETTERS = 64;

/**
 * A text between two others, such that the whole has a CRC-32 that was wished for: what whoever forges a body of PayPal's
 * does. Each letter that is changed changes the CRC by bits of its own, whatever the others are.
 */
export function withCrc(wanted: number, before: string, behind: string): string {
  const letters = Array<string>(LETTERS).fill('a');
  const crcOf = (chosen: readonly string[]) => crc32(before + chosen.join('') + behind);
  const base = crcOf(letters);
  // Gaussian elimination over bits: which letters make which bit.
  const rows = letters.map((_, at) => ({
    bits: (crcOf(letters.with(at, 'b')) ^ base) >>> 0,
    uses: 1n << BigInt(at),
  }));
  let missing = (wanted ^ base) >>> 0;
  let uses = 0n;
  for (let bit = 31; bit >= 0; bit--) {
    const found = rows.findIndex(({ bits }) => Math.clz32(bits) === 31 - bit);
    const [pivot] = found < 0 ? [] : rows.splice(found, 1);
    if (!pivot) continue;
    const has = (bits: number) => ((bits >>> bit) & 1) === 1;
    for (const row of rows) {
      if (!has(row.bits)) continue;
      row.bits = (row.bits ^ pivot.bits) >>> 0;
      row.uses ^= pivot.uses;
    }
    if (!has(missing)) continue;
    missing = (missing ^ pivot.bits) >>> 0;
    uses ^= pivot.uses;
  }
  if (missing !== 0) throw new TypeError('no text has this CRC');
  return before + letters.map((letter, at) => ((uses >> BigInt(at)) & 1n ? 'b' : letter)).join('') + behind;
}
