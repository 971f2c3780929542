import { decide } from '../core/decide.ts';
import { State } from '../core/states.ts';
import { readSubject } from '../gate/subject.ts';
import { ledgerId } from '../ledger/entry.ts';
import type { Item } from '../shared/dynamodb.ts';
import { formatOf, isNewer } from '../shared/format.ts';
import { type Entry, newerEntry } from './entry.ts';
import type { Reader } from './reader.ts';
import { getItems } from './scan.ts';
import type { Forecast } from './types.ts';

/**
 * What the gate would say to each entry if it came now, from the facts that the ledger has: the worker reads them
 * again, so a changed configuration can change the answer.
 */
export async function forecastAll(reader: Reader, entries: readonly Entry[]): Promise<readonly Forecast[]> {
  const ids = [...new Set(entries.flatMap((entry) => subjectOf(entry) ?? []))];
  // Of the subjects only what decides, not their payloads; and not the events before the last, which a newer one has
  // followed: that is what an operator wants to know of them.
  const subjects = await getItems(reader, reader.tables.subjects, ids, ['revision', 'eventId', 'format']);
  return entries.map((entry) => forecast(reader, entry, subjects.get(subjectOf(entry) ?? '')));
}

function forecast(reader: Reader, entry: Entry, subject: Item | undefined): Forecast {
  if (subjectOf(entry) === undefined || entry.revision === undefined) return 'unknown';
  if (newerEntry(entry) || (subject && isNewer(formatOf(subject)))) return 'unknown';
  const { verdict } = decide(readSubject(subject), { id: entry.key, revision: entry.revision }, reader.now());
  // Held: it will be applied when the handler at work has ended.
  return verdict === 'older' ? State.stale : verdict === 'held' ? 'apply' : verdict;
}

/** Id of the item that the gate looks at; undefined where only the worker can tell. */
function subjectOf({ kind, source, subject, state }: Entry): string | undefined {
  return kind === 'batch' || subject === undefined || state === State.quarantined
    ? undefined
    : ledgerId(source, subject);
}
