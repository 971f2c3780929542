/**
 * For every pack: what its proof does not cover changes nothing that decides. Each part of a genuine request is changed in
 * turn; where the proof still holds, key, subject, order, tenant and deletion are what they were.
 */
import { describe, expect, test } from '@jest/globals';
import type { EventFacts } from '../../../functions/core/facts.ts';
import { type Carrier, describeDelivery } from '../../../functions/facts/describe.ts';
import { storedHeaders } from '../../../functions/ingest/stored-headers.ts';
import type { Provider } from '../../../functions/pack/provider.ts';
import type { WebhookRequest } from '../../../functions/pack/request.ts';
import { providers } from '../../../functions/providers/index.ts';
import { coverageOf, coversHeader } from '../../../functions/verification/coverage.ts';
import { schemeOf, verifyRequest } from '../../../functions/verification/verify.ts';
import { factsOf } from './pack-lacks.ts';
import { bareRequest, NOW, provenSample, standFor } from './sample-request.ts';
import { bodyVariants, headerVariants, urlVariants, type Variant } from './variants.ts';

const packs = Object.values(providers);
const signing = packs.filter((pack) => standFor(pack).canSign);
const coverage = (pack: Provider) => coverageOf(schemeOf(pack, standFor(pack).options));
const byCredential = (pack: Provider) => coverage(pack).headers === 'all';

/** The request as it is handed on when its proof holds. */
async function proven(pack: Provider, request: WebhookRequest): Promise<Carrier | undefined> {
  const { options, secret, withoutSecret } = standFor(pack);
  const secrets = withoutSecret ? [] : [secret];
  const verdict = await verifyRequest(pack, { request, secrets, options, now: NOW });
  return verdict.ok ? { ...request, proofId: verdict.proofId } : undefined;
}

/** What decides; an event that is its own subject has its key for one. */
const deciding = ({ id, subject, revision, tenant, deleted, state }: EventFacts) => ({
  subject: subject === id ? 'its own' : subject,
  revision,
  tenant,
  deleted,
  state,
});

function keyOf(pack: Provider, request: Carrier): string {
  const { options } = standFor(pack);
  const delivery = describeDelivery({ provider: pack, config: { provider: pack.name, options } }, request);
  return delivery.kind === 'event' ? delivery.facts.id : delivery.id;
}

/** What is wrong with a variant whose proof holds. */
function faultOf(pack: Provider, genuine: Carrier, what: string, request: Carrier): string | undefined {
  const [was, now] = [genuine, request].map((one) => factsOf(pack, one, standFor(pack)));
  const differs = (a: unknown, b: unknown) => JSON.stringify(a) !== JSON.stringify(b);
  if (differs(was?.map(deciding), now?.map(deciding))) return `${what} decides`;
  const isTyped = differs(
    was?.map(({ type }) => type),
    now?.map(({ type }) => type),
  );
  if (isTyped) return pack.events.unsignedType === undefined ? `${what} changes the type` : undefined;
  const ids = [was, now].map((all) => all?.map(({ id }) => id));
  const isKept = !differs(ids[0], ids[1]) && keyOf(pack, genuine) === keyOf(pack, request);
  return isKept || isArgued(pack, genuine, request) ? undefined : `${what} is another event`;
}

/** A pack may argue that an unsigned id counts. It is then the only thing that may have changed. */
function isArgued(pack: Provider, genuine: Carrier, request: Carrier): boolean {
  const { unsignedId, ...events } = pack.events;
  const without = { ...pack, events };
  return unsignedId !== undefined && keyOf(without, genuine) === keyOf(without, request);
}

describe.each(signing.filter((pack) => !byCredential(pack)).map((pack) => [pack.name, pack] as const))(
  '%s',
  (_name, pack) => {
    test.each(pack.samples.map((sample) => [sample.type, sample] as const))(
      '%s: what is not covered decides nothing',
      async (_type, sample) => {
        const genuine = await provenSample(pack, sample, { seed: 1 });
        const held = await proven(pack, genuine);
        const faults: (string | undefined)[] = held ? [] : ['the sample is not proven'];
        for (const { what, request } of [headerVariants, urlVariants, bodyVariants].flatMap((make) =>
          make(genuine),
        )) {
          const altered = await proven(pack, request);
          if (held && altered) faults.push(faultOf(pack, held, what, altered));
        }
        expect(faults.filter(Boolean)).toEqual([]);
      },
    );

    test('what is said to be covered is: a change of it breaks the proof', async () => {
      const [sample] = pack.samples;
      if (!sample) return;
      const genuine = await provenSample(pack, sample, { seed: 1 });
      const covered = coverageOf(schemeOf(pack, standFor(pack).options), genuine.headers);
      const isCovered = ({ what }: Variant) =>
        coversHeader(covered, what.split(':')[0] ?? '', genuine.headers) &&
        Object.hasOwn(genuine.headers, what.split(':')[0] ?? '');
      const variants = [
        ...headerVariants(genuine).filter(isCovered),
        ...(covered.url ? urlVariants(genuine) : []),
        // Of Braintree's form its payload is signed, and nothing else of it is read.
        ...(covered.body === 'all' && pack.name !== 'braintree' ? bodyVariants(genuine) : []),
      ].filter(({ request }) => !request.body.equals(genuine.body) || request !== genuine);
      const kept: string[] = [];
      for (const { what, request } of variants) if (await proven(pack, request)) kept.push(what);
      const same = (what: string) => what === `content-type: ${genuine.headers['content-type']}`;
      expect(kept.filter((what) => !same(what))).toEqual([]);
    });
  },
);

/** Their proofs are tested with certificates and keys of their own: `verification/{paypal,plaid,sns}`. */
describe('only the provider can sign', () => {
  const others = packs.filter((pack) => !signing.includes(pack));

  test('for a few', () => {
    expect(others.map(({ name }) => name)).toEqual(['paypal', 'plaid', 'sns']);
  });

  test.each(others.map((pack) => [pack.name, pack] as const))(
    '%s: what is not covered decides nothing',
    (_name, pack) => {
      const faults = pack.samples.flatMap((sample) => {
        const { subpath = '', headers = {} } = sample;
        const genuine = bareRequest({ subpath, headers, body: Buffer.from(sample.body(1)) });
        const covered = coverageOf(schemeOf(pack, standFor(pack).options), genuine.headers);
        const isFree = ({ what }: Variant) =>
          !coversHeader(covered, what.split(':')[0] ?? '', genuine.headers);
        const variants = [
          ...headerVariants(genuine).filter(isFree),
          ...(covered.url ? [] : urlVariants(genuine)),
        ];
        expect(variants).not.toEqual([]);
        return variants.map(({ what, request }) => faultOf(pack, genuine, what, request));
      });
      expect(faults.filter(Boolean)).toEqual([]);
    },
  );
});

describe('a credential speaks for the whole request', () => {
  test.each(signing.filter(byCredential).map((pack) => [pack.name, pack] as const))(
    '%s: but the transport is not part of it',
    async (_name, pack) => {
      for (const sample of pack.samples) {
        const genuine = await provenSample(pack, sample, { seed: 1 });
        const transport = headerVariants(genuine).filter(({ what }) => /^(host|x-amzn|x-forw)/.test(what));
        const asked = urlVariants(genuine).filter(({ what }) => what === 'query');
        const faults = [...transport, ...asked].map(({ what, request }) =>
          faultOf(pack, genuine, what, request),
        );
        expect(faults.filter(Boolean)).toEqual([]);
      }
    },
  );
});

describe('what is stored is covered as what arrived', () => {
  test.each(signing.map((pack) => [pack.name, pack] as const))('%s', async (_name, pack) => {
    const stand = standFor(pack);
    const source = { provider: pack, config: { provider: pack.name }, options: stand.options };
    for (const sample of pack.samples) {
      const genuine = await provenSample(pack, sample, { seed: 1 });
      const stored = { ...genuine, headers: storedHeaders(source, genuine.headers) };
      const told = (request: WebhookRequest) =>
        factsOf(pack, request, stand).map((facts) => ({ ...deciding(facts), type: facts.type }));
      expect(told(stored)).toEqual(told(genuine));
    }
  });
});

test('a deviation is argued in a sentence', () => {
  const argued = packs.filter(({ events }) => events.unsignedId);
  expect(argued.map(({ name }) => name)).toEqual(['dropbox', 'microsoft-graph', 'mollie', 'zendesk']);
  for (const { events } of argued) expect(events.unsignedId?.because).toMatch(/^[A-Z].{60,}\.$/);
});
