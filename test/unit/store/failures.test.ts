/** How attempts failed, on the real table. */
import { type Failure, failureOf } from '../../../functions/core/failure.ts';
import { FailureStore } from '../../../functions/store/failures.ts';
import { LOCAL_TABLES } from '../../../local/dynamodb.ts';
import { type OpenTables, openTables } from '../../proof/engines/tables.ts';

let tables: OpenTables;
const storeWith = (messages: boolean) =>
  new FailureStore(tables.client, LOCAL_TABLES.archive, { retentionSeconds: 60, now: () => 1_000, messages });
beforeAll(async () => {
  tables = await openTables();
});
afterAll(() => tables.close());

const failure = (n: number): Failure => ({
  at: n,
  ms: n,
  name: 'Error',
  message: `no. ${n}`,
  stack: `at ${n}`,
});

test('of many attempts the first three and the last seventeen are kept, and all are counted', async () => {
  const store = storeWith(true);
  for (let n = 1; n <= 25; n++) await store.add('shop', 'many', failure(n));
  const failures = await store.get('shop', 'many');
  expect(failures?.count).toBe(25);
  expect(failures?.kept.map(({ at }) => at)).toEqual([
    1,
    2,
    3,
    ...Array.from({ length: 17 }, (_, n) => n + 9),
  ]);
  expect(failures?.kept[0]).toEqual(failure(1));
});

test('where names are enough, nothing else is kept', async () => {
  const store = storeWith(false);
  await store.add('shop', 'names', failure(1));
  expect(await store.get('shop', 'names')).toEqual({ count: 1, kept: [{ at: 1, ms: 1, name: 'Error' }] });
});

test('what has not failed has none', async () => {
  expect(await storeWith(true).get('shop', 'none')).toBeUndefined();
});

test('an error is its class, its message and its lines, each of a bounded length', () => {
  const error = new TypeError('x'.repeat(5_000));
  const { message, name, stack, at, ms } = failureOf(error, 5, 2);
  expect({ at, ms, name, message }).toEqual({ at: 5, ms: 2, name: 'TypeError', message: 'x'.repeat(1_000) });
  expect(stack).toMatch(/^ {4}at /);
  expect(stack?.length).toBeLessThanOrEqual(3_000);
});

test.each([['text'], [undefined], [{ a: 1 }]])(
  'what is thrown and is no error is told by what it is: %p',
  (thrown) => {
    expect(failureOf(thrown, 1, 1)).toMatchObject({ name: typeof thrown, message: String(thrown) });
  },
);

test.each([
  [
    'lists and numbers',
    Object.assign(new Error('x'), { message: ['a', 'b'], name: 7 }),
    { name: '7', message: 'a,b' },
  ],
  ['no stack', Object.assign(new Error('x'), { stack: undefined }), { name: 'Error', message: 'x' }],
  ['what has no text', Object.create(null), { name: 'object', message: 'object' }],
])('an error that holds %s is told all the same', (_what, error: unknown, expected) => {
  expect(failureOf(error, 1, 1)).toMatchObject(expected);
});
