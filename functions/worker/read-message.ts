import type { SQSRecord } from 'aws-lambda';
import type { Source, Sources } from '../config/sources.ts';
import type { Envelope } from '../core/envelope.ts';
import type { EventFacts } from '../core/facts.ts';
import { isSamePlace, placed, placeOf } from '../core/place.ts';
import { describeStored } from '../facts/describe.ts';
import type { Inbox } from '../store/inbox.ts';
import type { Ledger } from '../store/ledger/ledger.ts';

/** A record with what it carries. */
export interface Message {
  readonly record: SQSRecord;
  readonly envelope: Envelope;
}

/** What a queue message turns out to be. */
export type Task = Message &
  (
    | {
        readonly kind: 'event';
        readonly source: Source;
        /** As its place has them. */
        readonly facts: EventFacts;
        /** As it says itself, for its handler. */
        readonly described: EventFacts;
        /** Its message does not say the place that the present configuration gives it, or says none. */
        readonly isMoved: boolean;
      }
    | { readonly kind: 'batch'; readonly source: Source; readonly items: readonly unknown[] }
    /** A worker of the next deployment may know its source. */
    | { readonly kind: 'unknown-source' }
    /** Not processable as things stand: an operator has to look. */
    | { readonly kind: 'quarantine'; readonly reason: string; readonly facts?: EventFacts }
  );

/**
 * How long after its arrival, in milliseconds, a message of an unknown source waits for a worker that knows it: the source
 * may have been added a moment ago, and a deployment reaches one function after the other, within minutes. Anything
 * older, which includes what is redriven, is of a source that was removed.
 */
const UNKNOWN_SOURCE_WAITS = 15 * 60_000;

/**
 * Reads what a message is about. The facts are read again rather than carried along, so that a redrive after a change of
 * configuration sees the event in its new light. The id stays what ingest said, and the place at the gate what the message
 * says: two messages of one event must never pass at two places.
 * @param now epoch milliseconds.
 * @throws when its parked body cannot be fetched, or its entry be read.
 */
export async function readMessage(
  { record, envelope }: Message,
  sources: Sources,
  inbox: Inbox,
  ledger: Ledger,
  now: number,
): Promise<Task> {
  const source = sources.get(envelope.source);
  if (!source) {
    if (now - envelope.receivedAt < UNKNOWN_SOURCE_WAITS) return { record, envelope, kind: 'unknown-source' };
    const reason = 'The source is not in the configuration any more: put it back and redrive.';
    return { record, envelope, kind: 'quarantine', reason };
  }
  const { id, batch, headers, subpath, receivedAt } = envelope;
  const body = await inbox.body(envelope);
  const delivery = describeStored(source, { id, batch, headers, subpath, receivedAt, body });
  if (delivery.kind === 'batch') return { record, envelope, kind: 'batch', source, items: delivery.items };
  if (delivery.kind === 'none') {
    const reason = 'The pack of this source finds no event in it any more.';
    return { record, envelope, kind: 'quarantine', reason };
  }
  const present = placeOf(delivery.facts, ledger.format);
  // Of 0.1.0, or quarantined when it was taken in: its entry may know.
  const place = envelope.place ?? (await ledger.look(envelope.source, id))?.place;
  const isMoved = !envelope.place || !present || !isSamePlace(envelope.place, present);
  const facts = placed(delivery.facts, place ?? present);
  if (facts.quarantine) return { record, envelope, kind: 'quarantine', reason: facts.quarantine, facts };
  // An event that is its own subject has one all the same.
  const described = facts.gate === 'subject' && facts.ordered ? facts : delivery.facts;
  return { record, envelope, kind: 'event', source, facts, described, isMoved };
}
