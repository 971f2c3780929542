/** Whatever a handler records is kept: an effect that DynamoDB refuses would happen again at every attempt. */
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { EffectStore } from '../../../functions/store/effects.ts';
import { LOCAL_TABLES } from '../../../local/dynamodb.ts';
import { type OpenTables, openTables } from '../../proof/engines/tables.ts';

let tables: OpenTables;
let effects: EffectStore;

beforeAll(async () => {
  tables = await openTables(1);
  effects = new EffectStore(tables.client, LOCAL_TABLES.effects, Date.now);
});

afterAll(() => tables.close());

async function dataOf(key: string): Promise<string | undefined> {
  const { Item } = await tables.client.send(
    new GetItemCommand({ TableName: LOCAL_TABLES.effects, Key: { id: { S: key } } }),
  );
  return Item?.data?.S;
}

test('data is kept as it is, and the first record stays', async () => {
  expect(await effects.record('plain', 'h', { customer: 'c', note: 'é'.repeat(150_000) })).toBe(true);
  expect(await effects.record('plain', 'h', { customer: 'other' })).toBe(false);
  expect(JSON.parse((await dataOf('plain')) ?? '')).toEqual({ customer: 'c', note: 'é'.repeat(150_000) });
});

test.each([
  ['ASCII', 'x'],
  ['more bytes than characters', 'é'],
])('data longer than an item keeps its beginning: %s', async (name, character) => {
  const data = { customer: 'c-1', note: character.repeat(210_000 * 2) };
  expect(await effects.record(`long ${name}`, 'h', data)).toBe(true);
  expect(await effects.record(`long ${name}`, 'h', data)).toBe(false);
  const { cut } = JSON.parse((await dataOf(`long ${name}`)) ?? '') as { cut: string };
  expect(cut).toMatch(/^\{"customer":"c-1","note":".{900,1000}$/);
});

test('a number too long for JavaScript is kept digit by digit', async () => {
  await effects.record('number', 'h', { customer: 12345678901234567890n });
  expect(await dataOf('number')).toBe('{"customer":12345678901234567890}');
});

test('a key and a name longer than DynamoDB takes are told apart by all of their text', async () => {
  const key = 'k'.repeat(5_000);
  expect(await effects.record(`${key}1`, 'h'.repeat(500_000), {})).toBe(true);
  expect(await effects.record(`${key}2`, 'h', {})).toBe(true);
  expect(await effects.record(`${key}1`, 'h', {})).toBe(false);
});
