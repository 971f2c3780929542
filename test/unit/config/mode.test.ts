import { modeOf } from '../../../functions/config/mode.ts';
import { providers } from '../../../functions/providers/index.ts';

const events = { format: 'json' } as const;
const ofSubjects = { events: { ...events, subject: 'payload.id' } };
const snapshots = { events: { ...ofSubjects.events, snapshots: 'because' } };
const discards = { events: { ...ofSubjects.events, discardsOlder: 'https://example.com' } };

test.each([
  ['nothing is argued', { events }, {}, 'each', 'each'],
  ['the pack argues for snapshots', snapshots, {}, 'latest', 'each'],
  ['the provider tells to discard older revisions', discards, {}, 'latest', 'latest'],
  ['the configuration names a revision', ofSubjects, { revision: 'payload.n' }, 'latest', 'each'],
  ['and the subject, too', { events }, { revision: 'payload.n', subject: 'payload.a' }, 'latest', 'each'],
  ['but nothing names the subject', { events }, { revision: 'payload.n' }, 'each', 'each'],
  ['the configuration says each', discards, { mode: 'each' }, 'each', 'each'],
  ['the configuration says latest', { events }, { mode: 'latest' }, 'latest', 'latest'],
] as const)('%s', (_, provider, config, without, withHandler) => {
  expect(modeOf({ provider, config })).toBe(without);
  expect(modeOf({ provider, config: { ...config, handler: 'own' } })).toBe(withHandler);
});

test('only Dotdigital and its white label give a handler the newest alone', () => {
  const names = Object.values(providers)
    .filter((provider) => modeOf({ provider, config: { handler: 'own' } }) === 'latest')
    .map(({ name }) => name);
  expect(names).toEqual(['dotdigital', 'enterprise-communications']);
});

test('only packs that argue for it keep the newest state', () => {
  const names = Object.values(providers)
    .filter((provider) => modeOf({ provider, config: {} }) === 'latest')
    .map(({ name }) => name);
  expect(names.toSorted()).toEqual(
    [
      ['adyen', 'airtable', 'authorize-net', 'braintree', 'calendly', 'chargebee', 'clerk'],
      ['cloudflare-stream', 'contentful', 'dotdigital', 'enterprise-communications', 'jira'],
      ['launchdarkly', 'linear', 'meta', 'mollie', 'notion', 'pagerduty', 'paypal', 'quickbooks'],
      ['sanity', 'shopify', 'twitch', 'vercel', 'workos', 'xero'],
    ].flat(),
  );
});

test('whatever argues for an order has one', () => {
  for (const { name, events } of Object.values(providers))
    if (events.snapshots ?? events.discardsOlder)
      expect([name, events.subject, events.revision]).toEqual([name, expect.anything(), expect.anything()]);
});
