import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { DICTIONARY_1 } from './dictionary.ts';

/** The first byte: how the rest was written. */
const VERSION_1 = 1;

/**
 * Bytes or text, as small as they get: DynamoDB bills by the KB of the whole item. Deflate with a dictionary of what
 * webhooks have in common makes 750 bytes of a 2 KB event, where brotli makes 860 in twice the time
 * (`docs/decisions/0009-compression.md`).
 */
export function compress(data: string | Uint8Array): Buffer {
  const deflated = deflateRawSync(data, { dictionary: DICTIONARY_1, level: 9 });
  return Buffer.concat([Buffer.of(VERSION_1), deflated]);
}

/** @throws TypeError when `compress` did not write it. */
export function decompressBytes(bytes: Uint8Array): Buffer {
  if (bytes[0] !== VERSION_1) throw new TypeError('not compressed by Inlet, or by a later version of it');
  return inflateRawSync(bytes.subarray(1), { dictionary: DICTIONARY_1 });
}

export function decompress(bytes: Uint8Array): string {
  return decompressBytes(bytes).toString('utf8');
}
