import { type Item, number, text } from '../../aws/dynamodb.ts';
import { boundKey } from '../../core/bounds.ts';
import type { Envelope } from '../../core/envelope.ts';
import type { EventFacts } from '../../core/facts.ts';
import { FORMAT, type Format } from '../../core/format.ts';
import { LISTING_SHARDS } from '../../core/names.ts';
import type { Place } from '../../core/place.ts';
import { State } from '../../core/states.ts';
import { formatMark } from '../format.ts';

/** What the ledger keeps of an event's facts. */
export type KnownFacts = Pick<EventFacts, 'subject' | 'revision'> &
  Partial<Pick<EventFacts, 'type' | 'tenant' | 'gate' | 'deliveryId'>>;

/** A delivery or an event as it enters the ledger. */
export interface NewEntry {
  readonly source: string;
  readonly id: string;
  readonly kind: 'event' | 'batch';
  /** Number of events that a batch carries. */
  readonly events?: number;
  /** Id of the batch that carried the event. */
  readonly batch?: string;
  readonly facts?: KnownFacts;
  /** Where the event passes the gate; missing where that is not decided. */
  readonly place?: Place | undefined;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
}

/** What a message says of its entry, should that have to be written anew. @param events of a batch, where they are known. */
export function entryOf({ source, id, kind, batch, receivedAt, place }: Envelope, events?: number): NewEntry {
  return {
    source,
    id,
    kind,
    receivedAt,
    ...(batch !== undefined && { batch }),
    ...(events !== undefined && { events }),
    ...(place && { place }),
  };
}

/** Id of an item, also for a name that somebody asks for: none is built that DynamoDB would refuse. */
export function ledgerId(source: string, id: string): string {
  return `${boundKey(source)}#${boundKey(id)}`;
}

/** Index partition of an entry: spread evenly, and the same for the same id. */
export function listingPartition(source: string, id: string): string {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 65_536;
  return `${source}#${sum % LISTING_SHARDS}`;
}

/** The item of a fresh claim. `expiresAt` in epoch seconds; `listed`: whether the listing index takes it up. */
export function claimItem(entry: NewEntry, expiresAt: number, listed = true, format: Format = FORMAT): Item {
  const item: Item = {
    id: text(ledgerId(entry.source, entry.id)),
    source: text(entry.source),
    key: text(entry.id),
    state: text(State.claimed),
    kind: text(entry.kind),
    receivedAt: number(entry.receivedAt),
    expiresAt: number(expiresAt),
    attempts: number(0),
    ...formatMark(format),
  };
  if (listed) item.listing = text(listingPartition(entry.source, entry.id));
  if (entry.facts?.deliveryId !== undefined) item.delivery = text(entry.facts.deliveryId);
  if (entry.events !== undefined) item.events = number(entry.events);
  if (entry.batch !== undefined) item.batch = text(entry.batch);
  const { facts, place } = entry;
  // The place of what is quarantined is decided by the worker, or by the redrive.
  if (!place) return { ...item, ...(facts && searched(facts)) };
  const known = facts && factAttributes({ ...facts, gate: place.gate ?? 'subject' });
  return { ...item, ...known, ...placeAttributes(place) };
}

/** The facts that people search for, and the gate by which the event passes. */
export function factAttributes(facts: KnownFacts): Item {
  if (facts.gate === 'entry') return { ...unplacedAttributes(facts), ...GATE };
  return { ...searched(facts), subject: text(facts.subject), revision: number(facts.revision) };
}

/**
 * The same of an event that passes by no subject. Its subject and its revision have names of their own: they are no place,
 * and to release 0.1.0 an event with a subject has passed it.
 */
export function unplacedAttributes(facts: KnownFacts): Item {
  return { ...searched(facts), ownSubject: text(facts.subject), ownRevision: number(facts.revision) };
}

function searched({ type, tenant }: Pick<KnownFacts, 'type' | 'tenant'>): Item {
  return {
    ...(type !== undefined && { type: text(type) }),
    ...(tenant !== undefined && { tenant: text(tenant) }),
  };
}

const GATE = { gate: text('entry') };

/** What an entry says of its event's place. */
export function placeAttributes(place: Place): Item {
  return place.gate === 'entry' ? GATE : { subject: text(place.subject), revision: number(place.revision) };
}

/** Where an event of the ledger passes the gate; undefined where that is not decided. */
export function placeOfItem({ gate, subject, revision }: Item): Place | undefined {
  if (gate?.S === 'entry') return { gate: 'entry' };
  return subject?.S !== undefined && revision?.N !== undefined
    ? { subject: subject.S, revision: revision.N }
    : undefined;
}
