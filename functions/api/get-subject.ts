import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { ledgerId } from '../ledger/entry.ts';
import { parseJson } from '../parsing/json.ts';
import { revisionToJson } from '../parsing/revision.ts';
import { decompress } from '../shared/compress.ts';
import { type Item, numberOf, text, textOf } from '../shared/dynamodb.ts';
import { formatOf, requireReadable } from '../shared/format.ts';
import { ApiError } from './api-error.ts';
import { isoTime } from './entry.ts';
import { readPayload } from './get-event.ts';
import type { ApiParts } from './parts.ts';
import type { SubjectState } from './types.ts';
import { unknownSource } from './unknown-source.ts';

/** A payload too large for an item, for as long as its event is kept. */
async function archivedPayload(parts: ApiParts, source: string, item: Item): Promise<unknown> {
  if (item.payloadIn?.S !== 'archive') return null;
  const envelope = await parts.archive.get(source, textOf(item.eventId) ?? '');
  return envelope ? readPayload(parts, envelope, await parts.inbox.body(envelope)) : null;
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
  const revision = textOf(Item?.revision);
  // Without a revision a handler holds the subject, but nothing has been applied to it.
  if (!Item || revision === undefined) {
    const message = `no subject ${subject} of ${source}: no event of it has been applied`;
    throw new ApiError(404, unknownSource(parts, source) ?? message);
  }
  return {
    source,
    subject,
    revision: revisionToJson(revision),
    state: textOf(Item.state) ?? null,
    type: textOf(Item.type) ?? null,
    payload: Item.payload?.B
      ? parseJson(decompress(Item.payload.B))
      : await archivedPayload(parts, source, Item),
    updatedAt: isoTime(numberOf(Item.updatedAt)),
  };
}
