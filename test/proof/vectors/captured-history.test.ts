/**
 * The captured requests as one history, for a handler: in a shuffled order, each failing once while all others go on. Every
 * one is handled, so that none is suppressed by another.
 */
import fc from 'fast-check';
import { stringifyJson } from '../../../functions/parsing/json.ts';
import { message, workerGround } from '../../helpers/worker-ground.ts';
import { captures, describedEvents, PACKS } from './captured.ts';

const described = describedEvents(captures() ?? []);
const failed = new Set<string>();
const handled: string[] = [];
const keyOf = ({ source, id }: { readonly source: string; readonly id: string }) => `${source}#${id}`;
const ground = await workerGround({
  handle: async (event) => {
    if (!failed.has(keyOf(event))) {
      failed.add(keyOf(event));
      throw new Error('not now');
    }
    handled.push(keyOf(event));
  },
  config: {
    archive: false,
    sources: Object.fromEntries(
      described.map(({ provider }) => [provider, { provider: PACKS[provider] ?? provider, handler: 'own' }]),
    ),
  },
});

(described.length > 0 ? test : test.skip)(
  'of the captures, in any order with one failure each, none is suppressed',
  async () => {
    const [seed] = fc.sample(fc.integer(), 1);
    const all = [
      ...new Map(described.map((event) => [`${event.provider}#${event.facts.id}`, event])).values(),
    ];
    const [order = []] = fc.sample(fc.shuffledSubarray(all, { minLength: all.length }), { numRuns: 1, seed });
    const messages = order.map(({ provider, headers, facts }) =>
      message(provider, facts.id, null, {
        batch: 'captured',
        headers,
        body: Buffer.from(stringifyJson(facts.payload)).toString('base64'),
      }),
    );
    for (const one of messages) await ground.parts.ledger.claim(one);
    for (const receives of [1, 2])
      for (let at = 0; at < messages.length; at += 10)
        await ground.hand(messages.slice(at, at + 10), receives);
    expect({ seed, handled: handled.toSorted() }).toEqual({ seed, handled: messages.map(keyOf).toSorted() });
    const outcomes = Object.entries(Object.groupBy(ground.outcomes(), (outcome) => String(outcome)));
    expect(Object.fromEntries(outcomes.map(([outcome, those]) => [outcome, those?.length]))).toEqual({
      failed: all.length,
      applied: all.length,
    });
  },
  120_000,
);
