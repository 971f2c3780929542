import { type AttributeValue, QueryCommand } from '@aws-sdk/client-dynamodb';
import { LISTING_SHARDS, ListingIndex } from '../core/names.ts';
import { comparePositions, type Position } from './cursor.ts';
import type { ApiParts } from './parts.ts';

/** Part of the listing, in the order of the list. Times are epoch milliseconds. */
export interface ListingRange {
  readonly sources: readonly string[];
  /** Included. */
  readonly after?: number | undefined;
  /** Not included. */
  readonly before?: number | undefined;
  /** Only what comes after this place. */
  readonly from?: Position | undefined;
}

/** Positions of all entries in the range, newest first: the partitions of the index, merged as they are read. */
export async function* listPositions(
  parts: ApiParts,
  range: ListingRange,
  pageSize: number,
): AsyncGenerator<Position> {
  const partitions = range.sources.flatMap((source) =>
    Array.from({ length: LISTING_SHARDS }, (_, shard) => `${source}#${shard}`),
  );
  const streams = partitions.map((partition) => inOrder(readPartition(parts, partition, range, pageSize)));
  const heads = await Promise.all(streams.map(async (stream) => ({ stream, next: await stream.next() })));
  for (;;) {
    let first: (typeof heads)[number] | undefined;
    for (const head of heads) {
      if (head.next.done) continue;
      if (!first || first.next.done || comparePositions(head.next.value, first.next.value) < 0) first = head;
    }
    if (!first || first.next.done) return;
    yield first.next.value;
    first.next = await first.stream.next();
  }
}

/** One partition, newest first; entries of the same millisecond in any order. */
async function* readPartition(
  { dynamodb, tables }: ApiParts,
  partition: string,
  range: ListingRange,
  pageSize: number,
): AsyncGenerator<Position> {
  const newest = Math.min(
    range.from?.receivedAt ?? Number.MAX_SAFE_INTEGER,
    range.before === undefined ? Number.MAX_SAFE_INTEGER : range.before - 1,
  );
  const oldest = range.after ?? 0;
  if (oldest > newest) return;
  let start: Record<string, AttributeValue> | undefined;
  do {
    const page = await dynamodb.send(
      new QueryCommand({
        TableName: tables.ledger,
        IndexName: ListingIndex.name,
        KeyConditionExpression: '#partition = :partition AND #time BETWEEN :oldest AND :newest',
        ExpressionAttributeNames: {
          '#partition': ListingIndex.partitionKey,
          '#time': ListingIndex.sortKey,
        },
        ExpressionAttributeValues: {
          ':partition': { S: partition },
          ':oldest': { N: String(oldest) },
          ':newest': { N: String(newest) },
        },
        ScanIndexForward: false,
        Limit: pageSize,
        ...(start && { ExclusiveStartKey: start }),
      }),
    );
    for (const item of page.Items ?? []) {
      const position = { id: item.id?.S ?? '', receivedAt: Number(item[ListingIndex.sortKey]?.N) };
      if (!range.from || comparePositions(position, range.from) > 0) yield position;
    }
    start = page.LastEvaluatedKey;
  } while (start);
}

/** Sorts entries of the same millisecond by id: the index leaves their order open, and the cursor needs one. */
async function* inOrder(positions: AsyncGenerator<Position>): AsyncGenerator<Position> {
  let tied: Position[] = [];
  for await (const position of positions) {
    if (tied[0] && tied[0].receivedAt !== position.receivedAt) {
      yield* tied.sort(comparePositions);
      tied = [];
    }
    tied.push(position);
  }
  yield* tied.sort(comparePositions);
}
