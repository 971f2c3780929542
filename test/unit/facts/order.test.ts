/** What an event must not do to the order of its subject. */
import type { SourceConfig } from '../../../functions/config/config.ts';
import { describeStored } from '../../../functions/facts/describe.ts';
import { envelope, facts, RECEIVED_AT, rules } from './described.ts';

describe('a revision that would make all that follows stale', () => {
  const linear = (createdAt: string, more: Partial<SourceConfig> = {}) =>
    facts({ provider: 'linear', ...more }, JSON.stringify({ type: 'Issue', createdAt, data: { id: 'i' } }), {
      'linear-delivery': 'd',
    });
  const tasks = (rev: unknown, more: Partial<SourceConfig> = {}) => {
    const config = { provider: 'tasks', subject: 'payload.id', revision: 'payload.rev', ...more };
    return facts(config, JSON.stringify({ batchid: 'b', id: 1, rev }));
  };

  test('is a time more than 5 minutes after its arrival, and says what to do', () => {
    expect(linear('2026-01-01T00:05:00.000Z')).toMatchObject({ gate: 'subject', quarantine: undefined });
    expect(linear('2026-01-01T00:05:00.001Z').quarantine).toMatch(/5 minutes after its arrival.+redrive/);
    expect(tasks('2026-01-01T00:05:00.001Z').quarantine).toMatch(/5 minutes/);
  });

  test('is a number longer than 64 bits hold', () => {
    const digits = (count: number) => '9'.repeat(count);
    expect(tasks(digits(20)).quarantine).toBeUndefined();
    expect(tasks(digits(21)).quarantine).toMatch(/more than 20 digits.+redrive/);
    expect(tasks(`-${digits(21)}`).quarantine).toMatch(/more than 20 digits/);
  });

  test('is none of a counter, however it grows: nobody knows its unit', () => {
    expect(tasks(Date.UTC(2096, 0, 1)).quarantine).toBeUndefined();
    expect(tasks(Date.UTC(2026, 0, 1) * 1_000_000).quarantine).toBeUndefined();
  });

  test('orders nothing where each event passes by itself, which is handled all the same', () => {
    const unordered = { quarantine: undefined, ordered: false, gate: 'entry', subject: 'Issue:i' };
    expect(linear('2096-01-01T00:00:00.000Z', { mode: 'each' })).toMatchObject(unordered);
    expect(linear('2026-01-01T00:00:00.000Z', { mode: 'each' })).toMatchObject({ ordered: true });
  });

  test('is none without a subject', () => {
    const config = { provider: 'tasks', subject: 'payload.none', revision: 'payload.rev' };
    const body = JSON.stringify({ batchid: 'b', rev: '2096-01-01T00:00:00Z' });
    expect(facts(config, body).quarantine).toBeUndefined();
  });

  test('is read again by the time of its arrival, whenever that is', () => {
    const body = Buffer.from(JSON.stringify({ batchid: 'b', id: 1, rev: '2026-01-01T00:05:01Z' }));
    const source = rules({ provider: 'tasks', subject: 'payload.id', revision: 'payload.rev' });
    const stored = { id: 'b', headers: {}, subpath: '', body };
    const read = (receivedAt: number) => describeStored(source, { ...stored, receivedAt });
    expect(read(RECEIVED_AT)).toMatchObject({ facts: { quarantine: expect.stringMatching(/5 minutes/) } });
    expect(read(RECEIVED_AT + 1_000)).toMatchObject({ facts: { quarantine: undefined } });
  });
});

test('an event whose revision cannot be read is quarantined, not applied beside its subject', () => {
  const event = JSON.stringify({ ...envelope('message.read', 2), revision: 'abc' });
  expect(facts({ provider: 'dotdigital' }, event).quarantine).toMatch(/revision/);
  expect(facts({ provider: 'dotdigital', mode: 'each' }, event).quarantine).toBeUndefined();
});

test('a deletion that cannot be ordered says that its subject stays as it is', () => {
  const deletion = (source: SourceConfig, more = {}) =>
    facts(source, '{"id":1}', {
      'content-type': 'application/json',
      'x-shopify-topic': 'products/delete',
      'x-shopify-event-id': 'e1',
      'x-shopify-shop-domain': 'shop',
      ...more,
    });
  const unordered = {
    deleted: true,
    quarantine: undefined,
    remark: 'A deletion that does not say its revision: what is kept of its subject stays as it is.',
  };
  expect(deletion({ provider: 'shopify' })).toMatchObject(unordered);
  // A time that nobody signed orders nothing.
  const unsigned = { 'x-shopify-triggered-at': '2026-01-01T00:00:00Z' };
  expect(deletion({ provider: 'shopify' }, unsigned)).toMatchObject(unordered);
  const dotdigital = JSON.stringify(envelope('profile.delete', 2));
  expect(facts({ provider: 'dotdigital' }, dotdigital)).not.toHaveProperty('remark');
  // Nothing is kept of any subject there.
  expect(deletion({ provider: 'shopify', mode: 'each' })).not.toHaveProperty('remark');
});
