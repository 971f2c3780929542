import type { SQSRecord } from 'aws-lambda';
import { decodeEnvelope } from '../queue/envelope.ts';

/**
 * Bodies that are in hand at the same time: one of the largest, or ten of the usual ones. An event of 6 MB may take a
 * fifth of the worker's memory (docs/decisions/0038-memory.md).
 */
const MAX_BYTES = 6_000_000;

/** A batch in portions that fit into memory, in its order. A usual batch is one. */
export function portionsOf(records: readonly SQSRecord[]): readonly (readonly SQSRecord[])[] {
  const portions: SQSRecord[][] = [];
  let room = 0;
  for (const record of records) {
    const bytes = bytesOf(record);
    if (bytes > room || portions.length === 0) {
      portions.push([]);
      room = MAX_BYTES;
    }
    portions.at(-1)?.push(record);
    room -= bytes;
  }
  return portions;
}

function bytesOf({ body }: SQSRecord): number {
  try {
    return decodeEnvelope(body).reference?.bytes ?? body.length;
  } catch {
    // Whoever reads it says what is wrong with it.
    return body.length;
  }
}
