import { FINAL, isOneOf } from '../core/states.ts';
import type { Setup } from '../setup/setup.ts';
import { type Entry, toEntry } from './entry.ts';
import { getItems } from './scan.ts';

/** At about 500 bytes each, 10 MB: little beside the 256 MB of the smallest function. */
const MAX_ENTRIES = 20_000;

/**
 * Entries that cannot change any more, so that reading them again costs nothing: a page that is looked at every
 * second is mostly made of them. Forgets the ones read longest ago.
 */
export class SettledEntries {
  readonly #entries = new Map<string, Entry>();

  /** @param receivedAt of the listing: an id that came back after its retention is another event. */
  get(id: string, receivedAt: number | undefined): Entry | undefined {
    const entry = this.#entries.get(id);
    return entry && receivedAt !== undefined && entry.receivedAt === receivedAt ? entry : undefined;
  }

  keep(entry: Entry): void {
    if (!isOneOf(FINAL, entry.state)) return;
    this.#entries.set(entry.itemId, entry);
    if (this.#entries.size <= MAX_ENTRIES) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }
}

/** Entries by id, consistently read unless they cannot have changed. Missing ones are missing from the map. */
export async function readEntries(
  parts: Pick<Setup, 'dynamodb' | 'tables'> & { readonly settled: SettledEntries },
  positions: readonly { readonly id: string; readonly receivedAt?: number }[],
): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  const unknown: string[] = [];
  for (const { id, receivedAt } of positions) {
    const known = parts.settled.get(id, receivedAt);
    if (known) entries.set(id, known);
    else unknown.push(id);
  }
  for (const [id, item] of await getItems(parts, parts.tables.ledger, unknown)) {
    const entry = toEntry(item);
    parts.settled.keep(entry);
    entries.set(id, entry);
  }
  return entries;
}
