/** Real requests of 17 providers, which lie beside the repository: their secrets are unknown, so it is about meaning. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { providers } from '#providers';
import type { EventFacts } from '../../functions/parsing/describe.ts';
import { factsOf } from '../providers/pack-lacks.ts';
import { bareRequest, standFor } from '../providers/sample-request.ts';

interface Capture {
  readonly provider: string;
  readonly topic: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const folder = resolve(import.meta.dirname, '../../../shared/captures');

/** Named otherwise than their packs. HubSpot's are of version 1 and 3 at once, and GitLab's carry the token. */
const PACKS: Readonly<Record<string, string>> = { hubspot: 'hubspot-v3', gitlab: 'gitlab-token' };

/** Of these there is no pack. */
const WITHOUT_PACK = ['ampersand', 'commerce-layer', 'monday', 'paddle-classic', 'pipedrive'];

function captures(): readonly Capture[] | undefined {
  if (!existsSync(folder)) {
    process.stdout.write(`skipped: there are no captures at ${folder}\n`);
    return undefined;
  }
  return readdirSync(folder).flatMap((file) => {
    const { rows } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { rows: readonly Capture[] };
    return rows.map((row) => ({ ...row, provider: file.replace('.json', '') }));
  });
}

interface Described extends Capture {
  readonly text: string;
  readonly facts: EventFacts;
}

function describedEvents(all: readonly Capture[]): readonly Described[] {
  return all.flatMap((capture) => {
    const pack = providers[PACKS[capture.provider] ?? capture.provider];
    if (!pack) return [];
    const text = JSON.stringify(capture.body);
    const request = bareRequest({ headers: capture.headers, body: Buffer.from(text) });
    return factsOf(pack, request, standFor(pack)).map((facts) => ({ ...capture, text, facts }));
  });
}

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
