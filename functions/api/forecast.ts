import type { Item } from '../aws/dynamodb.ts';
import { decide, decideByItself, type Verdict } from '../core/decide.ts';
import { isNewer } from '../core/format.ts';
import { State } from '../core/states.ts';
import { formatOf } from '../store/format.ts';
import { readSubject, TIES } from '../store/gate/subject.ts';
import { ledgerId } from '../store/ledger/entry.ts';
import { type Entry, newerEntry } from './entry.ts';
import type { ApiParts } from './parts.ts';
import { getItems } from './scan.ts';
import type { Forecast } from './types.ts';

/**
 * What the gate would say to each entry if it came now, at the place that the ledger has. What was given up is sent to
 * where the present configuration puts it, so that a changed one can change the answer.
 */
export async function forecastAll(parts: ApiParts, entries: readonly Entry[]): Promise<readonly Forecast[]> {
  const ids = [...new Set(entries.flatMap((entry) => subjectOf(entry) ?? []))];
  // Of the subjects only what decides, not their payloads; and not the events of before, which a newer one has followed:
  // that is what an operator wants to know of them.
  const subjects = await getItems(parts, parts.tables.subjects, ids, [
    'revision',
    'expiresAt',
    'eventId',
    TIES,
    'format',
  ]);
  return entries.map((entry) => forecast(parts, entry, subjects.get(subjectOf(entry) ?? '')));
}

function forecast(parts: ApiParts, entry: Entry, subject: Item | undefined): Forecast {
  if (newerEntry(entry)) return 'unknown';
  if (entry.place?.gate === 'entry' && entry.state !== State.quarantined)
    return FORECASTS[decideByItself(entry, parts.now()).verdict];
  if (subjectOf(entry) === undefined || entry.revision === undefined) return 'unknown';
  if (subject && isNewer(formatOf(subject))) return 'unknown';
  const { verdict } = decide(readSubject(subject), { id: entry.id, revision: entry.revision }, parts.now());
  return FORECASTS[verdict];
}

/** Held: it will be applied when the handler at work has ended. */
const FORECASTS = {
  apply: 'apply',
  held: 'apply',
  repeat: 'repeat',
  older: State.stale,
  full: State.quarantined,
} as const satisfies Readonly<Record<Verdict['verdict'], Forecast>>;

/** Id of the item that the gate looks at; undefined where only the worker can tell. */
function subjectOf({ kind, place, source, subject, state }: Entry): string | undefined {
  return kind === 'batch' || place?.gate === 'entry' || subject === undefined || state === State.quarantined
    ? undefined
    : ledgerId(source, subject);
}
