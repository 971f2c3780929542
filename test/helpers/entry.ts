import type { NewEntry } from '../../functions/ledger/entry.ts';

/** An event as its message names it to the ledger. */
export function eventEntry(source: string, key: string): NewEntry {
  return { source, key, kind: 'event', receivedAt: 1 };
}
