import { GIVEN_UP } from '../core/states.ts';
import { type Entry, toEntry } from './entry.ts';
import type { ApiParts } from './parts.ts';
import { type ScanPart, scanTable } from './scan.ts';

/** The states that a redrive ends. */
export const DEAD_STATES: readonly string[] = GIVEN_UP;

/**
 * Every entry in one of these states, in any order, and those whose redrive was cut short. There are few of them, and
 * the states have no index, which would bill every change of a state: so the table is read.
 * @param part Default: the whole table.
 */
export async function scanDead(
  parts: ApiParts,
  states: readonly string[],
  visit: (entry: Entry) => void,
  part?: ScanPart,
): Promise<void> {
  await scanTable(
    parts,
    {
      TableName: parts.tables.ledger,
      FilterExpression: `#state IN (${states.map((_, n) => `:s${n}`).join(', ')}) OR attribute_exists(redriving)`,
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: Object.fromEntries(states.map((state, n) => [`:s${n}`, { S: state }])),
    },
    (item) => visit(toEntry(item)),
    part,
  );
}
