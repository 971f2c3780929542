import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';

/**
 * Text as brotli. DynamoDB bills by the KB of the whole item, and payloads shrink to a third; quality 4 is
 * where more time stops saving space on documents of a few KB.
 */
export function compress(text: string): Buffer {
  return brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } });
}

export function decompress(bytes: Uint8Array): string {
  return brotliDecompressSync(bytes).toString('utf8');
}
