import {
  BatchGetItemCommand,
  ScanCommand,
  type ScanCommandInput,
  type ScanCommandOutput,
} from '@aws-sdk/client-dynamodb';
import type { Item } from '../aws/dynamodb.ts';
import { errorName, UnavailableError } from '../core/errors.ts';
import type { Setup } from '../setup/setup.ts';
import { sendUntilDone } from '../store/left-over.ts';
import { wrongCursor } from './api-error.ts';

/** Partitions of one scan that are read at the same time. */
const SEGMENTS = 4;

/** The most that one BatchGetItem takes. */
export const BATCH_GET_LIMIT = 100;

type ScanOptions = Omit<ScanCommandInput, 'Segment' | 'TotalSegments' | 'ExclusiveStartKey'>;

/**
 * How far a scan has come in each of its segments: behind the item with this id; '' is the beginning, null the end.
 * Empty: at the beginning of all.
 */
export type ScanPlaces = (string | null)[];

/** Whether these may be the places of a scan of this release. */
export function areScanPlaces(value: unknown): value is ScanPlaces {
  return (
    Array.isArray(value) &&
    (value.length === 0 || value.length === SEGMENTS) &&
    value.every((place) => place === null || typeof place === 'string')
  );
}

export interface ScanPart {
  /** Where it begins; kept up to date with every item that is visited. */
  readonly places: ScanPlaces;
  /** Asked after each page: at least one of each segment is read. */
  readonly goesOn: () => boolean;
}

/**
 * Reads a table page by page, in parallel segments; never more than one page of each in memory. Reads are eventually
 * consistent, which costs half and does not slow live traffic.
 * @param part Default: the whole table.
 */
export async function scanTable(
  { dynamodb }: Pick<Setup, 'dynamodb'>,
  options: ScanOptions,
  visit: (item: Item) => void,
  { places, goesOn }: ScanPart = { places: [], goesOn: () => true },
): Promise<void> {
  const segment = async (number: number) => {
    places[number] ??= '';
    do {
      const start: string | null | undefined = places[number];
      const scan = new ScanCommand({
        ...options,
        Segment: number,
        TotalSegments: SEGMENTS,
        ...(start && { ExclusiveStartKey: { id: { S: start } } }),
      });
      const page: ScanCommandOutput = await dynamodb.send(scan).catch((error) => {
        // Of a scan only its beginning is the caller's word: no id, or one of another segment.
        throw start && errorName(error) === 'ValidationException' ? wrongCursor() : error;
      });
      for (const item of page.Items ?? []) {
        places[number] = item.id?.S ?? '';
        visit(item);
      }
      places[number] = page.LastEvaluatedKey?.id?.S ?? null;
    } while (places[number] !== null && goesOn());
  };
  const numbers = Array.from({ length: SEGMENTS }, (_, number) => number);
  await Promise.all(numbers.filter((number) => places[number] !== null).map(segment));
}

/**
 * Reads items by id, consistently, in batches. Missing ones are missing from the map.
 * @param attributes to read besides the id. Default: all.
 * @throws UnavailableError when DynamoDB leaves some unread time after time.
 */
export async function getItems(
  { dynamodb }: Pick<Setup, 'dynamodb'>,
  table: string,
  ids: readonly string[],
  attributes?: readonly string[],
): Promise<Map<string, Item>> {
  const projection = attributes && {
    ProjectionExpression: ['id', ...attributes.map((name) => `#${name}`)].join(', '),
    ExpressionAttributeNames: Object.fromEntries(attributes.map((name) => [`#${name}`, name])),
  };
  const found = new Map<string, Item>();
  for (let from = 0; from < ids.length; from += BATCH_GET_LIMIT) {
    const keys = [...new Set(ids.slice(from, from + BATCH_GET_LIMIT))].map((id): Item => ({ id: { S: id } }));
    const left = await sendUntilDone(keys, async (Keys) => {
      const answer = await dynamodb.send(
        new BatchGetItemCommand({ RequestItems: { [table]: { Keys, ConsistentRead: true, ...projection } } }),
      );
      for (const item of answer.Responses?.[table] ?? []) if (item.id?.S) found.set(item.id.S, item);
      return answer.UnprocessedKeys?.[table]?.Keys;
    });
    // Not to be taken for items that do not exist.
    if (left.length > 0) throw new UnavailableError(`reading the table ${table}`);
  }
  return found;
}
