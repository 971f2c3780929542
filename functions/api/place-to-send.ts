import { decide, heldUntil } from '../core/decide.ts';
import type { Envelope } from '../core/envelope.ts';
import { isSamePlace, type Place, placeOf } from '../core/place.ts';
import { describeStored } from '../facts/describe.ts';
import { readSubject } from '../store/gate/subject.ts';
import { ledgerId } from '../store/ledger/entry.ts';
import { getReadable } from '../store/update-readable.ts';
import { ApiError } from './api-error.ts';
import type { Entry } from './entry.ts';
import type { ApiParts } from './parts.ts';

/**
 * Where an event that was given up shall pass the gate: where the present configuration puts it, because that may be what
 * was mended. Only one that went through all the same, and whose worker did not live to say so, stays where it was, also
 * when it would be quarantined now: a later redrive has to find it there.
 * @returns undefined when it would be quarantined and is nowhere yet: the worker decides.
 * @throws ApiError 409 while a handler may be applying it where it was.
 */
export async function decidePlace(
  parts: ApiParts,
  entry: Entry,
  envelope: Envelope,
): Promise<Place | undefined> {
  const [was, now] = [entry.place, await presentPlace(parts, envelope)];
  const busy = (what: string) =>
    new ApiError(
      409,
      `a handler is at work on ${what} of ${entry.source}, which passed elsewhere before the configuration changed: try again when it has ended`,
    );
  // Only its entry itself would wait for the handler that has it.
  if (now?.gate !== 'entry' && heldUntil(entry, parts.now()) !== undefined) throw busy(entry.id);
  if (!was || was.gate === 'entry' || (now && isSamePlace(was, now))) return now;
  const { dynamodb: client, tables } = parts;
  const id = ledgerId(entry.source, was.subject);
  const item = await getReadable({ client, table: tables.subjects, id, what: `The subject ${was.subject}` });
  const { verdict } = decide(readSubject(item), { id: entry.id, revision: was.revision }, parts.now());
  if (verdict === 'held') throw busy(`${was.subject}, the subject of ${entry.id}`);
  return verdict === 'repeat' ? was : now;
}

function presentPlace(parts: ApiParts, envelope: Envelope): Promise<Place | undefined> {
  const read = () => readPlace(parts, envelope);
  return envelope.reference ? parts.parked.take(read) : read();
}

async function readPlace(
  { sources, inbox, ledger }: ApiParts,
  envelope: Envelope,
): Promise<Place | undefined> {
  const source = sources.get(envelope.source);
  if (!source || envelope.kind === 'batch') return undefined;
  const { id, batch, headers, subpath, receivedAt } = envelope;
  const body = await inbox.body(envelope);
  const delivery = describeStored(source, { id, batch, headers, subpath, receivedAt, body });
  return delivery.kind === 'event' ? placeOf(delivery.facts, ledger.format) : undefined;
}
