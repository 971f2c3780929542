/** The count against a rule that looks at one event at a time, over random ledgers in random orders. */
import { expect, test } from '@jest/globals';
import { type Entry, toEntry } from '../../../functions/api/entry.ts';
import { createTallier, holds, totalOf } from '../../../functions/api/tally.ts';
import type { Counts } from '../../../functions/api/types.ts';
import { text } from '../../../functions/aws/dynamodb.ts';
import { claimItem } from '../../../functions/store/ledger/entry.ts';
import { Random } from '../../proof/fuzz/random.ts';

const RUNS = 2_000;
const EVENT_STATES = ['claimed', 'queued', 'retrying', 'applied', 'stale', 'quarantined', 'dead'];
const BATCH_STATES = ['claimed', 'queued', 'retrying', 'quarantined', 'dead', 'split'];

type Count = Exclude<keyof Counts, 'accepted'>;

function entry(id: string, state: string, more: { events?: number; batch?: string }): Entry {
  const kind = more.events === undefined ? 'event' : 'batch';
  const item = claimItem({ source: 's', id, kind, receivedAt: 1, ...more }, 4_000_000_000);
  return toEntry({ ...item, state: text(state) });
}

function countOf(state: string): Count {
  if (state === 'claimed') return 'unconfirmed';
  return state === 'queued' || state === 'retrying' ? 'inFlight' : (state as Count);
}

/** What an event is: its own entry says it, unless that is only claimed; then the batch that was acknowledged with it. */
function expectedOf(batch: string, own: string | undefined): Count {
  if (own !== undefined && own !== 'claimed') return countOf(own);
  return batch === 'split' ? 'inFlight' : countOf(batch);
}

function randomBatch(random: Random, key: string) {
  const state = random.pick(BATCH_STATES);
  const events = Array.from({ length: 1 + random.below(4) }, (_, n) => ({
    key: `${key}-${n}`,
    // After the split every event has an entry; before it any of them may.
    own: state === 'split' || random.chance(0.5) ? random.pick(EVENT_STATES) : undefined,
  }));
  return { key, state, events };
}

test('counts every event once, whatever became of its batch, in any order of entries', () => {
  const random = new Random('tally');
  for (let run = 0; run < RUNS; run++) {
    const batches = ['a', 'b', 'c'].map((key) => randomBatch(random, key));
    const entries = batches.flatMap(({ key, state, events }) => [
      entry(key, state, { events: events.length }),
      ...events.flatMap((event) => (event.own ? [entry(event.key, event.own, { batch: key })] : [])),
    ]);
    const tallier = createTallier([]);
    while (entries.length > 0) {
      const [one] = entries.splice(random.below(entries.length), 1);
      if (one) tallier.add(one);
    }
    const states = new Map(batches.map(({ key, state }) => [`s#${key}`, state]));
    const tally = tallier.finish(
      new Map(tallier.parentsToRead().map((id) => [id, states.get(id) ?? 'missing'])),
    );
    const expected = totalOf([]);
    for (const { state, events } of batches) {
      for (const { own } of events) {
        const name = expectedOf(state, own);
        expected[name] += 1;
        if (name !== 'unconfirmed') expected.accepted += 1;
      }
    }
    const total = totalOf(tally.counts.values());
    expect({ run, ...total }).toEqual({ run, ...expected });
    expect(holds(total)).toBe(true);
    expect(tally.unknown).toEqual([]);
  }
});

test('the books balance when every accepted event is settled or in flight, and neither with more nor with fewer', () => {
  const counts = { ...totalOf([]), accepted: 4, applied: 1, stale: 1, dead: 1, inFlight: 1, unconfirmed: 7 };
  expect(holds(counts)).toBe(true);
  expect(holds({ ...counts, accepted: 5 })).toBe(false);
  expect(holds({ ...counts, accepted: 3 })).toBe(false);
});
