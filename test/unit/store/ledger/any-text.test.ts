/** Whatever a provider writes into an event, DynamoDB takes its keys and its facts. */
import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { describeDelivery, describeEvent } from '../../../../functions/facts/describe.ts';
import type { Provider } from '../../../../functions/pack/provider.ts';
import { UnreadableBody } from '../../../../functions/parsing/body.ts';
import { Gate } from '../../../../functions/store/gate/gate.ts';
import { Ledger } from '../../../../functions/store/ledger/ledger.ts';
import { LOCAL_TABLES } from '../../../../local/dynamodb.ts';
import { eventEntry } from '../../../helpers/entry.ts';
import { type OpenTables, openTables } from '../../../proof/engines/tables.ts';

let tables: OpenTables;
let client: DynamoDBClient;

beforeAll(async () => {
  tables = await openTables(1);
  ({ client } = tables);
});

afterAll(() => tables.close());

const FIELDS = ['id', 'type', 'subject', 'state', 'tenant'] as const;
const fields = Object.fromEntries(FIELDS.map((name) => [name, `payload.${name}`]));
const revision = { field: 'payload.revision', as: 'integer' };
const verification = { kind: 'unsigned' };
const events = { format: 'json', ...fields, revision };
const provider = { name: 'any', verification, events } as unknown as Provider;

test.each([
  ['empty', ''],
  ['longer than an item', 'x'.repeat(500_000)],
  ['half a pair', 'a\ud800b'],
  ['a pair on each border at which text is cut', `x${'😀'.repeat(400)}`],
  ['a byte of nought', 'a\u0000b'],
  ['signs of keys and expressions', 'a#b:c/d~e'],
])('a text that is %s, in any field: claimed, applied, settled, and known by its id', async (what, text) => {
  const ledger = new Ledger(client, LOCAL_TABLES.ledger, 86_400, Date.now);
  const gate = new Gate(client, LOCAL_TABLES.subjects, 86_400, Date.now);
  for (const name of FIELDS) {
    const plain = Object.fromEntries(FIELDS.map((field) => [field, `${what}, ${name}: ${field}`]));
    const payload = { ...plain, revision: 7, [name]: text };
    const carrier = { headers: {}, subpath: '', body: Buffer.from(''), receivedAt: 0 };
    const facts = describeEvent({ provider, config: { provider: 'any' } }, payload, carrier);
    const id = facts.id;
    const entry = { source: 'any', id, kind: 'event', facts, receivedAt: Date.now() } as const;
    expect([name, await ledger.claim(entry)]).toEqual([name, { claim: 'new' }]);
    expect(await gate.project({ source: 'any', facts })).toEqual({ verdict: 'apply' });
    expect(await ledger.settle(eventEntry('any', id), { state: 'applied', facts })).toBe(true);
    // As the answer to the provider names it.
    expect(() => encodeURIComponent(id)).not.toThrow();
  }
});

test('a reason longer than an item, wherever it comes from: its beginning is kept', async () => {
  const long = `no order: ${'é'.repeat(500_000)}`;
  const split = () => {
    throw new UnreadableBody(long);
  };
  const text = { name: 'any', verification, events: { format: 'text', split } };
  const rules = { provider: text as unknown as Provider };
  const carrier = { headers: {}, subpath: '', body: Buffer.from('x'), receivedAt: 0 };
  const delivery = describeDelivery({ ...rules, config: { provider: 'any' } }, carrier);
  const beginning = /^no order: é{900,1000}$/;
  expect(delivery).toMatchObject({ facts: { quarantine: expect.stringMatching(beginning) } });

  const ledger = new Ledger(client, LOCAL_TABLES.ledger, 86_400, Date.now);
  const entryOf = (id: string) => ({ source: 'reasons', id, kind: 'event', receivedAt: Date.now() }) as const;
  for (const id of ['failed', 'settled']) await ledger.claim(entryOf(id));
  expect(await ledger.recordFailure(entryOf('failed'), long)).toBe(1);
  expect(await ledger.settle(entryOf('settled'), { state: 'dead', reason: long })).toBe(true);
  await ledger.noteForced('reasons', 'settled', long);
  for (const [id, name] of [
    ['failed', 'reason'],
    ['settled', 'reason'],
    ['settled', 'forcedResult'],
  ] as const) {
    const Key = { id: { S: `reasons#${id}` } };
    const { Item } = await client.send(new GetItemCommand({ TableName: LOCAL_TABLES.ledger, Key }));
    expect([id, name, Item?.[name]?.S]).toEqual([id, name, expect.stringMatching(beginning)]);
  }
});
