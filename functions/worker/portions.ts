import type { Message } from './read-message.ts';

/**
 * Bodies that are in hand at the same time: one of the largest, or ten of the usual ones. An event of 6 MB may take a
 * fifth of the worker's memory (docs/decisions/0038-memory.md).
 */
const MAX_BYTES = 6_000_000;

/** A batch in portions that fit into memory, in its order. A usual batch is one. */
export function portionsOf(messages: readonly Message[]): readonly (readonly Message[])[] {
  const portions: Message[][] = [];
  let room = 0;
  for (const message of messages) {
    const bytes = message.envelope.reference?.bytes ?? message.record.body.length;
    if (bytes > room || portions.length === 0) {
      portions.push([]);
      room = MAX_BYTES;
    }
    portions.at(-1)?.push(message);
    room -= bytes;
  }
  return portions;
}
