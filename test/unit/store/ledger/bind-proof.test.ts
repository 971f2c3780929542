/** A proof counts for the first event that comes with it. */
import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { toEntry } from '../../../../functions/api/entry.ts';
import { createKeptCount } from '../../../../functions/api/kept.ts';
import { createTallier } from '../../../../functions/api/tally.ts';
import { Ledger } from '../../../../functions/store/ledger/ledger.ts';
import { LOCAL_TABLES } from '../../../../local/dynamodb.ts';
import { type OpenTables, openTables } from '../../../proof/engines/tables.ts';

let tables: OpenTables;
let client: DynamoDBClient;
let ledger: Ledger;
let clock = Date.parse('2026-01-01T00:00:00Z');
const RETENTION = 86_400;

beforeAll(async () => {
  tables = await openTables();
  ({ client } = tables);
  ledger = new Ledger(client, LOCAL_TABLES.ledger, RETENTION, () => clock);
});

afterAll(() => tables.close());

const bind = (proofId: string, id: string, source = 'test') => ledger.bind({ source, proofId, id });

test('as often as it comes, and for no other one', async () => {
  expect(await bind('first', 'a')).toBe(true);
  expect(await bind('first', 'a')).toBe(true);
  expect(await bind('first', 'b')).toBe(false);
  expect(await bind('second', 'a')).toBe(true);
  expect(await bind('first', 'b', 'other-source')).toBe(true);
});

test('of many at once one is bound', async () => {
  const ids = Array.from({ length: 10 }, (_, number) => `event-${number}`);
  const bound = await Promise.all(ids.map((id) => bind('raced', id)));
  expect(bound.filter(Boolean)).toHaveLength(1);
});

test('until its time is over, which each of its repeats puts off', async () => {
  expect(await bind('old', 'a')).toBe(true);
  clock += (RETENTION - 1) * 1000;
  expect(await bind('old', 'b')).toBe(false);
  expect(await bind('old', 'a')).toBe(true);
  clock += (RETENTION - 1) * 1000;
  expect(await bind('old', 'b')).toBe(false);
  clock += 2_000;
  expect(await bind('old', 'b')).toBe(true);
});

test('is neither an event nor a delivery to who counts them', async () => {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: LOCAL_TABLES.ledger }));
  expect(Items.length).toBeGreaterThan(2);
  const tallier = createTallier([]);
  const kept = createKeptCount({ after: 0, before: Number.MAX_SAFE_INTEGER });
  for (const item of Items) {
    expect(item.listing).toBeUndefined();
    tallier.add(toEntry(item));
    kept.see(toEntry(item));
  }
  const { counts, inFlight, unconfirmed, unknown } = tallier.finish(new Map());
  expect([counts.size, inFlight.size, unconfirmed.length, unknown.length]).toEqual([0, 0, 0, 0]);
  expect(kept.result().sources).toEqual({});
});
