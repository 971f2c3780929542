import { type Item, numberOf, textOf } from '../aws/dynamodb.ts';
import { isNewer, NewerFormatError } from '../core/format.ts';
import type { Place } from '../core/place.ts';
import { State } from '../core/states.ts';
import { revisionToJson } from '../facts/revision.ts';
import { formatOf } from '../store/format.ts';
import { placeOfItem } from '../store/ledger/entry.ts';
import { deliveriesOf } from '../store/ledger/repeats.ts';
import type { EventSummary } from './types.ts';

/** One ledger item as the read API needs it. */
export interface Entry {
  readonly itemId: string;
  readonly source: string;
  readonly id: string;
  readonly state: string;
  readonly kind: 'event' | 'batch';
  /** Events that a batch carries; 1 for an event. */
  readonly events: number;
  /** Id of the batch that carried the event. */
  readonly batch: string | undefined;
  readonly type: string | undefined;
  readonly subject: string | undefined;
  /** Decimal text of any precision. */
  readonly revision: string | undefined;
  /** Where it passes the gate; undefined where that is not decided. */
  readonly place: Place | undefined;
  /** A handler has the event until then; epoch milliseconds. */
  readonly leaseUntil: number | undefined;
  readonly tenant: string | undefined;
  readonly attempts: number;
  /** Epoch milliseconds, like `settledAt`. */
  readonly receivedAt: number | undefined;
  readonly settledAt: number | undefined;
  readonly reason: string | undefined;
  /** How often the same came again under another id of the delivery, which nothing signs, and the last of those ids. */
  readonly repeats: number;
  readonly deliveries: readonly string[];
  /** The state before a redrive whose message may not have been sent yet. */
  readonly redriving: string | undefined;
  /** How often it was redriven. */
  readonly redrives: number;
  /** When its message was certainly there, if that is known to be later than `receivedAt`. */
  readonly seenAt: number | undefined;
  /** When an operator took it back to a claim, because its message was lost. */
  readonly reclaimedAt: number | undefined;
  /** When its handler ran again on request, and how that ended. */
  readonly forcedAt: number | undefined;
  readonly forcedResult: string | undefined;
  /** Of a newer release, what stands here may mean something else: it is shown, and nothing is done with it. */
  readonly format: number;
}

export function toEntry(item: Item): Entry {
  return {
    itemId: textOf(item.id) ?? '',
    source: textOf(item.source) ?? '',
    id: textOf(item.key) ?? '',
    state: textOf(item.state) ?? 'unknown',
    kind: textOf(item.kind) === 'batch' ? 'batch' : 'event',
    events: numberOf(item.events) ?? 1,
    batch: textOf(item.batch),
    type: textOf(item.type),
    subject: textOf(item.subject ?? item.ownSubject),
    revision: textOf(item.revision ?? item.ownRevision),
    place: placeOfItem(item),
    leaseUntil: numberOf(item.leaseUntil),
    tenant: textOf(item.tenant),
    attempts: numberOf(item.attempts) ?? 0,
    receivedAt: numberOf(item.receivedAt),
    settledAt: numberOf(item.settledAt),
    reason: textOf(item.reason),
    repeats: numberOf(item.repeats) ?? 0,
    deliveries: deliveriesOf(item),
    redriving: textOf(item.redriving),
    redrives: numberOf(item.redrives) ?? 0,
    seenAt: numberOf(item.seenAt),
    reclaimedAt: numberOf(item.reclaimedAt),
    forcedAt: numberOf(item.forcedAt),
    forcedResult: textOf(item.forcedResult),
    format: formatOf(item),
  };
}

/** What to say of an entry that a newer release has written; undefined for any other. */
export function newerEntry({ format, source, id }: Entry): NewerFormatError | undefined {
  return isNewer(format) ? new NewerFormatError(`The entry of ${id} of ${source}`, format) : undefined;
}

const UNFINISHED = 'A redrive has begun and is not confirmed: redrive it again if this stays.';

export function toSummary(entry: Entry): EventSummary {
  return {
    source: entry.source,
    id: entry.id,
    type: entry.type ?? null,
    subject: entry.subject ?? null,
    revision: entry.revision === undefined ? null : revisionToJson(entry.revision),
    tenant: entry.tenant ?? null,
    state: entry.state,
    attempts: entry.attempts,
    receivedAt: isoTime(entry.receivedAt),
    settledAt: isoTime(entry.settledAt),
    reason: newerEntry(entry)?.message ?? entry.reason ?? (isRedriveBegun(entry) ? UNFINISHED : null),
  };
}

/** The mark on a batch that was split waits for its provider's repeat (`functions/store/ledger/reclaim.ts`). */
function isRedriveBegun({ redriving, state }: Entry): boolean {
  return redriving !== undefined && state !== State.split;
}

/** ISO 8601 of an epoch time in milliseconds; null where there is none. */
export function isoTime(milliseconds: number | undefined): string | null {
  if (milliseconds === undefined) return null;
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
