import type { NewEntry } from '../../functions/store/ledger/entry.ts';

/** An event as its message names it to the ledger. */
export function eventEntry(source: string, id: string): NewEntry {
  return { source, id, kind: 'event', receivedAt: 1 };
}
