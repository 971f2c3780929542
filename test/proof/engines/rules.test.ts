/** DynamoDB's rules that Inlet's code meets, and which engine keeps them: what one takes, AWS may refuse. */
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { type Item, number, text } from '../../../functions/aws/dynamodb.ts';
import { ListingIndex } from '../../../functions/core/names.ts';
import { LOCAL_TABLES } from '../../../local/dynamodb.ts';
import { type OpenTables, openTables } from './tables.ts';

const TableName = LOCAL_TABLES.ledger;
let tables: OpenTables;
let client: DynamoDBClient;

beforeAll(async () => {
  tables = await openTables(1);
  ({ client } = tables);
});
afterAll(() => tables.close());

const put = (item: Item, more = {}) =>
  client.send(new PutItemCommand({ TableName, Item: { id: text('item'), ...item }, ...more }));
const read = async (id = 'item') =>
  (await client.send(new GetItemCommand({ TableName, Key: { id: text(id) }, ConsistentRead: true }))).Item;
const update = (UpdateExpression: string, values: Item, more = {}) =>
  client.send(
    new UpdateItemCommand({
      TableName,
      Key: { id: text('item') },
      UpdateExpression,
      ExpressionAttributeValues: values,
      ...more,
    }),
  );
const many = (count: number) => Array.from({ length: count }, (_, n) => ({ id: text(`many-${n}`) }));
const writeMany = (items: readonly Item[]) =>
  client.send(
    new BatchWriteItemCommand({
      RequestItems: { [TableName]: items.map((Item) => ({ PutRequest: { Item } })) },
    }),
  );
const readMany = (Keys: Item[]) =>
  client.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys } } }));

/** What becomes of a request: `taken`, the name of its error, or what the request itself tells. */
type Fate = string;
type Rule = readonly [
  what: string,
  run: () => Promise<unknown>,
  fate: Fate,
  but?: Readonly<Record<string, Fate>>,
];

const REFUSED = 'ValidationException';
const DIGITS = '12345678901234567890123456789012345678';
const onlyNew = {
  ConditionExpression: 'attribute_not_exists(id)',
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
};

/**
 * Sources: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html, ReservedWords.html beside
 * it, and https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html.
 */
const rules: readonly Rule[] = [
  [
    'a failed condition comes with the item that is in the way',
    () => put({}).then(() => put({}, onlyNew).catch(({ Item }) => (Item ? 'item' : 'none'))),
    'item',
    { dynalite: 'none' },
  ],
  [
    'a number of 38 digits stays as it is',
    () => put({ n: number(DIGITS) }).then(async () => (await read())?.n?.N),
    DIGITS,
  ],
  ['one of 39', () => put({ n: number(`${DIGITS}9`) }), REFUSED],
  [
    'the last of 38 digits counts in a comparison',
    async () => {
      await put({ n: number(DIGITS) });
      return update(
        'SET n = :n',
        { ':n': number(DIGITS.replace(/8$/, '9')) },
        { ConditionExpression: 'n < :n' },
      );
    },
    'taken',
  ],
  [
    'a name that no expression uses',
    () => update('SET n = :n', { ':n': number(1) }, { ExpressionAttributeNames: { '#no': 'no' } }),
    REFUSED,
  ],
  [
    'a value that no expression uses',
    () => update('SET n = :n', { ':n': number(1), ':no': number(1) }),
    REFUSED,
  ],
  ['a reserved word as a name', () => update('SET state = :n', { ':n': number(1) }), REFUSED],
  [
    'an addition to a text',
    () => put({ n: text('a') }).then(() => update('ADD n :n', { ':n': number(1) })),
    REFUSED,
  ],
  ['a batch of 25 writes', () => writeMany(many(25)), 'taken'],
  ['one of 26', () => writeMany(many(26)), REFUSED],
  ['one that names an item twice', () => writeMany([...many(1), ...many(1)]), REFUSED],
  ['a batch of 100 reads', () => readMany(many(100)), 'taken'],
  ['one of 101', () => readMany(many(101)), REFUSED],
  ['one that names an item twice, to read', () => readMany([...many(1), ...many(1)]), REFUSED],
  ['a key of 2,048 bytes', () => put({ id: text('k'.repeat(2_048)) }), 'taken'],
  ['one of 2,049', () => put({ id: text('k'.repeat(2_049)) }), REFUSED],
  ['a look for one of 2,049', () => read('k'.repeat(2_049)), REFUSED],
  ['an empty text', () => put({ type: text('') }), 'taken'],
  ['an empty key', () => put({ id: text('') }), REFUSED],
  [
    'an empty key of the index',
    () => put({ [ListingIndex.partitionKey]: text(''), receivedAt: number(1) }),
    REFUSED,
    { dynalite: 'taken' },
  ],
  // An attribute counts with its name, and so does the key: `id`, `item` and `a` are 7 bytes.
  ['an item of 400 KB', () => put({ a: text('x'.repeat(409_600 - 7)) }), 'taken'],
  ['one of a byte more', () => put({ a: text('x'.repeat(409_600 - 6)) }), REFUSED],
  [
    'one whose characters are fewer than its bytes',
    () => put({ a: text('é'.repeat(300_000)) }),
    REFUSED,
    { dynalite: 'taken' },
  ],
  [
    'an update that makes the item too large',
    () =>
      put({ a: text('x'.repeat(400_000)) }).then(() =>
        update('SET b = :b', { ':b': text('x'.repeat(10_000)) }),
      ),
    REFUSED,
  ],
  ['pages of the index: each key once, although many share a time', pageThrough, '9 of 9'],
  ['a range of the index whose end is before its beginning', () => query({ oldest: 2, newest: 1 }), REFUSED],
  ['a consistent read of the index', () => query({ ConsistentRead: true }), REFUSED],
  [
    'an item past its time is there until somebody deletes it',
    () => put({ expiresAt: number(1) }).then(async () => ((await read()) ? 'there' : 'gone')),
    'there',
  ],
  // What AWS does is not documented: Inlet writes none.
  [
    'half a surrogate pair',
    () => put({ a: text('\ud800') }),
    'taken',
    { dynoxide: 'SerializationException' },
  ],
];

function query({ oldest = 0, newest = 9, ...more }) {
  const values = { ':partition': text('pages'), ':oldest': number(oldest), ':newest': number(newest) };
  return client.send(
    new QueryCommand({
      TableName,
      IndexName: ListingIndex.name,
      KeyConditionExpression: 'listing = :partition AND receivedAt BETWEEN :oldest AND :newest',
      ExpressionAttributeValues: values,
      ...more,
    }),
  );
}

async function pageThrough(): Promise<Fate> {
  for (let n = 0; n < 9; n++)
    await put({ id: text(`page-${n}`), listing: text('pages'), receivedAt: number(n % 2) });
  const seen: unknown[] = [];
  let start: Item | undefined;
  do {
    const page = await query({
      Limit: 2,
      ScanIndexForward: false,
      ...(start && { ExclusiveStartKey: start }),
    });
    seen.push(...(page.Items ?? []).map(({ id }) => id?.S));
    start = page.LastEvaluatedKey;
  } while (start);
  return `${new Set(seen).size} of ${seen.length}`;
}

for (const [what, run, fate, but = {}] of rules)
  test(what, async () => {
    const found = await run().then(
      (answer) => (typeof answer === 'string' ? answer : 'taken'),
      (error: Error) => error.name,
    );
    expect(found).toBe(but[tables.engine.name] ?? fate);
  });
