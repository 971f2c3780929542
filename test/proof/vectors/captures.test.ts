/** Real requests of 17 providers, which lie beside the repository: their secrets are unknown, so it is about meaning. */
import { providers } from '../../../functions/providers/index.ts';
import { captures, describedEvents, PACKS, WITHOUT_PACK } from './captured.ts';

const all = captures();
const described = all ? describedEvents(all) : [];
const known = all?.filter(({ provider }) => !WITHOUT_PACK.includes(provider)) ?? [];

(all ? describe : describe.skip)('the captures', () => {
  test('of every provider that has a pack are described, each as an event at least', () => {
    expect(all).toHaveLength(246);
    const packless = new Set(
      all?.flatMap(({ provider }) => (providers[PACKS[provider] ?? provider] ? [] : [provider])),
    );
    expect([...packless].sort()).toEqual(WITHOUT_PACK);
    expect(new Set(described.map(({ provider, topic, text }) => provider + topic + text)).size).toBe(
      new Set(known.map(({ provider, topic, body }) => provider + topic + JSON.stringify(body))).size,
    );
    const untyped = described.filter(({ facts }) => !facts.type);
    expect(untyped.map(({ provider, topic }) => [provider, topic])).toEqual([]);
  });

  test('are quarantined for a reason that is known', () => {
    const quarantined = described.filter(({ facts }) => facts.quarantine);
    // Samples of PayPal's simulator, with `create_time` in the month 19.
    const reason = 'The revision of this event is neither a number nor a time.';
    expect(quarantined.map(({ provider, topic, facts }) => [provider, topic, facts.quarantine])).toEqual([
      ['paypal', 'BILLING.PLAN.ACTIVATED', reason],
      ['paypal', 'BILLING.PLAN.PRICING-CHANGE.ACTIVATED', reason],
      ['paypal', 'BILLING.SUBSCRIPTION.EXPIRED', reason],
    ]);
    expect(new Set(quarantined.map(({ body }) => (body as { create_time?: unknown }).create_time))).toEqual(
      new Set(['2018-19-12T22:20:32.000Z']),
    );
  });

  test('share a key only where bytes and type are the same', () => {
    const byKey = Map.groupBy(described, ({ provider, facts }) => `${provider} ${facts.id}`);
    const wrong = [...byKey].filter(
      ([, same]) => new Set(same.map(({ text, facts }) => `${facts.type} ${text}`)).size > 1,
    );
    expect(wrong.map(([key, same]) => [key, same.map(({ topic }) => topic)])).toEqual([]);
  });

  test('of Shopify say under each topic once what their bytes say', () => {
    const shopify = described.filter(({ provider }) => provider === 'shopify');
    const ids = new Set(shopify.map(({ facts }) => facts.id));
    expect(ids.size).toBe(new Set(shopify.map(({ facts, text }) => `${facts.type} ${text}`)).size);
    const deletions = shopify.filter(({ facts }) => facts.deleted);
    // What Shopify sends of a profile is its id alone, too. Without a revision nothing is deleted by either.
    expect(deletions.filter(({ topic }) => !topic.endsWith('/delete')).map(({ topic }) => topic)).toEqual(
      expect.arrayContaining(['profiles/create', 'profiles/update']),
    );
    expect(deletions.filter(({ facts }) => facts.subject !== facts.id)).toEqual([]);
    expect(shopify.filter(({ facts }) => facts.tenant)).toEqual([]);
  });
});
