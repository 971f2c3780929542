import fc from 'fast-check';
import { type Delivery, describeDelivery, describeItem } from '../../../functions/facts/describe.ts';
import { stringifyJson } from '../../../functions/parsing/json.ts';
import { provider } from '../../../functions/providers/dotdigital.ts';

const rules = { provider, config: { provider: 'dotdigital' } };
const carrier = (body: string) => ({
  headers: { 'content-type': 'application/json' },
  subpath: '',
  body: Buffer.from(body),
  receivedAt: 0,
});
const describeBody = (body: unknown) => describeDelivery(rules, carrier(JSON.stringify(body)));

/** Events with whatever else a provider may put in. */
const event = fc
  .record({
    eventId: fc.uuid(),
    revision: fc.nat(),
    message: fc.string({ minLength: 1, maxLength: 20 }),
    extra: fc.jsonValue({ maxDepth: 2 }),
  })
  .map(({ eventId, revision, message, extra }) => ({
    eventId,
    apiSpaceId: 'space',
    name: 'message.sent',
    payload: { id: message, extra },
    revision,
  }));
const events = fc.uniqueArray(event, { minLength: 2, maxLength: 20, selector: ({ eventId }) => eventId });

/** The facts of every event of a delivery, as the worker gets them after the split. */
function factsOf(delivery: Delivery) {
  if (delivery.kind === 'none') return [];
  if (delivery.kind === 'event') return [delivery.facts];
  return delivery.items.map((item) => describeItem(rules, carrier(stringifyJson(item) ?? '')));
}

const singly = (list: readonly unknown[]) => list.flatMap((one) => factsOf(describeBody(one)));

test('an event out of a batch has the facts that it has by itself, in the same order', () => {
  fc.assert(
    fc.property(events, (list) => {
      expect(factsOf(describeBody(list))).toEqual(singly(list));
    }),
  );
});

test('however events are spread over batches, they are the same events', () => {
  fc.assert(
    fc.property(events, fc.array(fc.nat({ max: 3 }), { minLength: 20, maxLength: 20 }), (list, places) => {
      const batches = Map.groupBy(list, (_, n) => places[n]);
      const spread = [...batches.values()].flatMap((batch) => factsOf(describeBody(batch)));
      const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
      expect(spread.sort(byId)).toEqual(singly(list).sort(byId));
    }),
  );
});

test('the id of a batch is that of its bytes: the same for a repeat, another one for another order', () => {
  fc.assert(
    fc.property(events, (list) => {
      const idOf = (body: unknown) => (describeBody(body) as { id?: string }).id;
      expect(idOf(list)).toBe(idOf(structuredClone(list)));
      expect(idOf(list)).not.toBe(idOf(list.toReversed()));
    }),
  );
});

test('a list of one is an event, and an empty one is none', () => {
  fc.assert(
    fc.property(event, (one) => {
      expect(describeBody([one])).toEqual(describeBody(one));
    }),
  );
  expect(describeBody([])).toEqual({ kind: 'none', id: expect.any(String) });
});

test('whatever stands in a list, every item gets facts with an id, and nothing is thrown', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue(), { minLength: 2, maxLength: 10 }), (list) => {
      const facts = factsOf(describeBody(list));
      expect(facts).toHaveLength(list.length);
      for (const { id, subject, revision } of facts) {
        expect([id, subject].every((text) => text.length > 0)).toBe(true);
        expect(revision).toMatch(/^-?\d+(\.\d+)?$/);
      }
    }),
  );
});

test('10,000 events of one body are a batch, and one more is quarantined whatever it is', () => {
  const most = Array.from({ length: 10_000 }, (_, n) => n);
  expect(describeBody(most)).toMatchObject({ kind: 'batch', items: { length: 10_000 } });
  const delivery = describeBody([...most, 'one more']);
  expect(delivery).toMatchObject({
    kind: 'event',
    facts: { quarantine: expect.stringMatching(/^The body carries 10001 events/) },
  });
});
