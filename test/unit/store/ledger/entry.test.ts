import fc from 'fast-check';
import { LISTING_SHARDS } from '../../../../functions/core/names.ts';
import {
  claimItem,
  factAttributes,
  ledgerId,
  listingPartition,
} from '../../../../functions/store/ledger/entry.ts';

const facts = {
  id: 'k',
  type: 'thing.changed',
  subject: 's',
  revision: '12345678901234567890',
  ordered: true,
  gate: 'subject',
  state: 'x',
  deleted: false,
  tenant: 'north',
  quarantine: undefined,
  payload: { secret: 'not stored' },
} as const;
const place = { subject: 's', revision: '12345678901234567890' };
const common = { source: 'test', id: 'k', kind: 'event', receivedAt: 5 } as const;

test('a claim of an event holds what people look for, and no payload', () => {
  expect(claimItem({ ...common, facts, place, batch: 'b' }, 9)).toEqual({
    id: { S: 'test#k' },
    source: { S: 'test' },
    key: { S: 'k' },
    state: { S: 'claimed' },
    kind: { S: 'event' },
    receivedAt: { N: '5' },
    expiresAt: { N: '9' },
    listing: { S: listingPartition('test', 'k') },
    attempts: { N: '0' },
    format: { N: '2' },
    batch: { S: 'b' },
    type: { S: 'thing.changed' },
    subject: { S: 's' },
    revision: { N: '12345678901234567890' },
    tenant: { S: 'north' },
  });
});

test('a claim of an event by itself says so, and one that is quarantined has no place yet', () => {
  const own = claimItem({ ...common, facts: { ...facts, gate: 'entry' }, place: { gate: 'entry' } }, 9);
  expect(own).toMatchObject({ gate: { S: 'entry' }, ownSubject: { S: 's' } });
  expect(own).not.toHaveProperty('subject');
  expect(claimItem({ ...common, facts }, 9)).not.toHaveProperty('subject');
});

test('what is not known is left out', () => {
  const item = claimItem({ ...common, kind: 'batch', events: 3 }, 9);
  expect(Object.keys(item).sort()).toEqual(
    [
      'attempts',
      'events',
      'expiresAt',
      'format',
      'id',
      'key',
      'kind',
      'listing',
      'receivedAt',
      'source',
      'state',
    ].sort(),
  );
  expect(item.events).toEqual({ N: '3' });
  expect(factAttributes({ ...facts, type: undefined, tenant: undefined })).toEqual({
    subject: { S: 's' },
    revision: { N: '12345678901234567890' },
  });
});

test('an entry that is not listed has no place in the index', () => {
  expect(claimItem(common, 9, false)).not.toHaveProperty('listing');
});

test('in the format before nothing says so', () => {
  expect(claimItem(common, 9, true, 1)).not.toHaveProperty('format');
});

test('an id is source and key', () => {
  expect(ledgerId('a', 'b#c')).toBe('a#b#c');
});

test('a key is always listed in the same partition, of its own source, and keys are spread evenly', () => {
  fc.assert(
    fc.property(fc.string(), (key) => {
      const [source, shard] = listingPartition('test', key).split('#');
      expect(source).toBe('test');
      expect(Number(shard)).toBeGreaterThanOrEqual(0);
      expect(Number(shard)).toBeLessThan(LISTING_SHARDS);
    }),
  );
  const counts = Map.groupBy(
    Array.from({ length: 4_000 }, (_, n) => listingPartition('test', `event-${n}`)),
    (partition) => partition,
  );
  expect(counts.size).toBe(LISTING_SHARDS);
  for (const { length } of counts.values()) expect(length).toBeGreaterThan(4_000 / LISTING_SHARDS / 2);
  // Stored in the index: it must never change.
  expect(['a', 'b', 'ab', 'ba'].map((key) => listingPartition('s', key))).toEqual([
    's#1',
    's#2',
    's#1',
    's#3',
  ]);
});
