import { coveredPart } from '../../../functions/facts/covered.ts';
import type { Coverage, Verification } from '../../../functions/pack/scheme.ts';
import { EVERYTHING } from '../../../functions/verification/coverage.ts';
import { standardWebhooks } from '../../../functions/verification/standard-webhooks.ts';

const carrier = { subpath: '/1', body: Buffer.alloc(0), receivedAt: 0 };
const custom = (covers: Coverage): Verification => ({ kind: 'custom', covers, verify: () => ({ ok: true }) });
const part = (covers: Partial<Coverage>, headers = {}) =>
  coveredPart(custom({ ...EVERYTHING, ...covers }), { ...carrier, headers });

test('a credential covers everything', () => {
  const covered = part({}, { a: '1' });
  expect(covered.headers).toEqual({ a: '1' });
  expect(covered.subpath).toBe('/1');
  expect(covered.payload({ b: 2 })).toEqual({ b: 2 });
});

test('headers are those that are covered, and those that the request names as signed', () => {
  const namedHeaders = ({ list = '' }: Readonly<Record<string, string>>) => list.split(' ');
  const { headers } = part({ headers: ['a', 'list'], namedHeaders }, { a: '1', b: '2', c: '3', list: 'b d' });
  expect({ ...headers }).toEqual({ a: '1', b: '2', list: 'b d' });
});

test('the path is empty where the URL is not covered', () => {
  expect(part({ url: false }).subpath).toBe('');
});

test('of a body that is signed in part, the signed fields are left at their places', () => {
  const { payload } = part({ body: ['item.id', 'item.amount.value', 'gone'] });
  expect(payload({ item: { id: 1, date: 2, amount: { value: 3, note: 4 } }, live: true })).toEqual({
    item: { id: 1, amount: { value: 3 } },
  });
  expect(payload(null)).toEqual({});
});

test('of a form whose order is not signed, order and repeats do not tell', () => {
  const { payload } = part({ body: 'fields' });
  expect(JSON.stringify(payload({ b: ['2', '1', '2'], a: ['1', '1'] }))).toBe('{"a":"1","b":["1","2"]}');
});

test('of two families of headers, the one that decides about the request is covered', () => {
  const first: Verification = { kind: 'first', schemes: [standardWebhooks('svix'), standardWebhooks()] };
  const headersOf = (headers: Readonly<Record<string, string>>) =>
    Object.keys(coveredPart(first, { ...carrier, headers }).headers);
  expect(headersOf({ 'svix-id': '1', 'webhook-id': '2' })).toEqual(['svix-id']);
  expect(headersOf({ 'webhook-id': '2', 'webhook-timestamp': '3' })).toEqual([
    'webhook-id',
    'webhook-timestamp',
  ]);
  expect(headersOf({ 'x-id': '2' })).toEqual([]);
});
