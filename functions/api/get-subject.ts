import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { numberOf, text, textOf } from '../aws/dynamodb.ts';
import { requireReadable } from '../core/format.ts';
import { State } from '../core/states.ts';
import { revisionToJson } from '../facts/revision.ts';
import { parseJson } from '../parsing/json.ts';
import { decompress } from '../store/compress.ts';
import { formatOf } from '../store/format.ts';
import { LIFTED } from '../store/gate/reset.ts';
import { ledgerId } from '../store/ledger/entry.ts';
import { getReadable } from '../store/update-readable.ts';
import { ApiError } from './api-error.ts';
import { isoTime, toEntry } from './entry.ts';
import { readPayload } from './get-event.ts';
import type { ApiParts } from './parts.ts';
import type { SubjectState } from './types.ts';
import { unknownSource } from './unknown-source.ts';

/** The payload of an event, for as long as it is kept. */
async function archivedPayload(parts: ApiParts, source: string, id: string): Promise<unknown> {
  const envelope = await parts.archive.get(source, id);
  return envelope ? readPayload(parts, envelope, await parts.inbox.body(envelope)) : null;
}

/**
 * What an event by itself has left, which is kept under no subject but its own id: release 0.1.0 had a subject for it.
 * @returns undefined when there is no such event, or it has not been applied.
 */
async function stateOfEvent(parts: ApiParts, source: string, id: string): Promise<SubjectState | undefined> {
  const { dynamodb: client, tables } = parts;
  const item = await getReadable({
    client,
    table: tables.ledger,
    id: ledgerId(source, id),
    what: 'The entry',
  });
  const entry = item && toEntry(item);
  if (entry?.place?.gate !== 'entry' || entry.state !== State.applied) return undefined;
  return {
    source,
    subject: id,
    revision: revisionToJson(entry.revision ?? '1'),
    state: entry.type ?? 'received',
    type: entry.type ?? null,
    payload: await archivedPayload(parts, source, id),
    updatedAt: isoTime(entry.settledAt),
  };
}

/** The newest state of a subject. @throws ApiError 404 when no event of it has been applied; NewerFormatError */
export async function getSubject(parts: ApiParts, source: string, subject: string): Promise<SubjectState> {
  const { Item } = await parts.dynamodb.send(
    new GetItemCommand({
      TableName: parts.tables.subjects,
      // A subject's id is built as a ledger entry's.
      Key: { id: text(ledgerId(source, subject)) },
      ConsistentRead: true,
    }),
  );
  if (Item) requireReadable(formatOf(Item), `The subject ${subject} of ${source}`);
  // With neither a handler holds the subject, but nothing has been applied to it.
  if (!Item || (Item.revision ?? Item.eventId) === undefined) {
    const own = await stateOfEvent(parts, source, subject);
    if (own) return own;
    const message = `no subject ${subject} of ${source}: no event of it has been applied`;
    throw new ApiError(404, unknownSource(parts, source) ?? message);
  }
  const [revision, lifted] = [textOf(Item.revision), textOf(Item[LIFTED])];
  return {
    source,
    subject,
    revision: revision === undefined ? null : revisionToJson(revision),
    state: textOf(Item.state) ?? null,
    type: textOf(Item.type) ?? null,
    payload: Item.payload?.B
      ? parseJson(decompress(Item.payload.B))
      : Item.payloadIn?.S === 'archive'
        ? await archivedPayload(parts, source, textOf(Item.eventId) ?? '')
        : null,
    updatedAt: isoTime(numberOf(Item.updatedAt)),
    ...(lifted !== undefined && {
      reset: { at: isoTime(numberOf(Item.resetAt)), revision: revisionToJson(lifted) },
    }),
  };
}
