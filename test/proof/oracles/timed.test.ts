/** SDKs of providers that sign a time together with the body. */
import type { WebhookRequest } from '../../../functions/pack/request.ts';
import type { Random } from '../fuzz/random.ts';
import { randomFields, spellJson } from './bodies.ts';
import { against, textOf, withHeaders } from './harness.ts';
import { futureUnchecked, looseEnd, looseTime, strictCase, timeUnchecked } from './known.ts';
import { load } from './sdks.ts';

const secret = (random: Random) => random.text(16 + random.below(30), 'abcdefXYZ0123456789_-+/=é');

const headerOf = ({ headers }: WebhookRequest, name: string) => headers[name] ?? '';

against('Stripe', () => {
  interface Stripe {
    readonly webhooks: {
      generateTestHeaderString(given: { payload: string; secret: string; timestamp: number }): string;
      readonly signature: {
        verifyHeader(payload: Buffer, header: string, secret: string, tolerance: number): boolean;
      };
    };
  }
  const { webhooks } = new (load<new (key: string) => Stripe>('stripe'))('sk_test_none');
  const header = 'stripe-signature';
  return {
    provider: 'stripe',
    sdk: 'stripe',
    secret: (random) => `whsec_${secret(random)}`,
    proof: [header],
    sign: (r, key, at) => {
      const timestamp = Math.floor(at / 1000);
      const given = { payload: textOf(r), secret: key, timestamp };
      return withHeaders(r, { [header]: webhooks.generateTestHeaderString(given) });
    },
    verify: (r, key) => webhooks.signature.verifyHeader(r.body, headerOf(r, header), key, 300),
    known: [futureUnchecked(300), strictCase, looseEnd(header)],
  };
});

against('Slack', () => {
  interface Slack {
    verifySlackRequest(given: {
      signingSecret: string;
      body: string;
      headers: Readonly<Record<string, string | number | undefined>>;
    }): void;
  }
  const sdk = '@slack/bolt';
  const { verifySlackRequest } = load<Slack>(`${sdk}/dist/receivers/verify-request`);
  const [signature, time] = ['x-slack-signature', 'x-slack-request-timestamp'] as const;
  return {
    provider: 'slack',
    sdk,
    secret,
    proof: [signature, time],
    verify: (r, signingSecret) => {
      // As its receivers call it.
      const headers = { [signature]: r.headers[signature], [time]: Number(r.headers[time]) };
      verifySlackRequest({ signingSecret, body: textOf(r), headers });
    },
    known: [futureUnchecked(300), strictCase, looseEnd(signature), looseTime(time)],
  };
});

against('Mux', () => {
  interface Mux {
    readonly webhooks: {
      verifySignature(body: string, headers: Readonly<Record<string, string>>, secret: string): Promise<void>;
    };
  }
  const sdk = '@mux/mux-node';
  const { Mux } = load<{ Mux: new (options: object) => Mux }>(sdk);
  const { webhooks } = new Mux({ tokenId: 'none', tokenSecret: 'none' });
  const header = 'mux-signature';
  return {
    provider: 'mux',
    sdk,
    secret,
    proof: [header],
    verify: (r, key) => webhooks.verifySignature(textOf(r), { ...r.headers }, key),
    known: [futureUnchecked(300), strictCase, looseEnd(header)],
  };
});

const spelled = (random: Random) => ({
  type: 'application/json',
  text: spellJson(random, randomFields(random)),
});

against('Linear', () => {
  interface Linear {
    verify(body: Buffer, signature: string): boolean;
  }
  const sdk = '@linear/sdk';
  const { LinearWebhookClient } = load<{ LinearWebhookClient: new (secret: string) => Linear }>(
    `${sdk}/webhooks`,
  );
  const header = 'linear-signature';
  return {
    provider: 'linear',
    sdk,
    secret: (random) => `lin_wh_${secret(random)}`,
    body: spelled,
    proof: [header],
    offsets: [0, 0, -50, 50, -70, 70, -4_000, 4_000],
    verify: (r, key) => new LinearWebhookClient(key).verify(r.body, headerOf(r, header)),
    known: [strictCase],
  };
});

against('Sanity', () => {
  interface Sanity {
    encodeSignatureHeader(payload: string, timestamp: number, secret: string): Promise<string>;
    isValidSignature(payload: string, header: string, secret: string): Promise<boolean>;
  }
  const sdk = '@sanity/webhook';
  const { encodeSignatureHeader, isValidSignature } = load<Sanity>(sdk);
  const header = 'sanity-webhook-signature';
  return {
    provider: 'sanity',
    sdk,
    secret,
    proof: [header],
    sign: async (r, key, at) => withHeaders(r, { [header]: await encodeSignatureHeader(textOf(r), at, key) }),
    verify: (r, key) => isValidSignature(textOf(r), headerOf(r, header), key),
    known: [
      timeUnchecked,
      {
        what: 'comma behind the signature, which the SDK does not take',
        because:
          'the header is a list of pairs: a part that is none says nothing, and what is signed is unchanged',
        is: ({ request, sdk, pack }) => !sdk && pack.ok && headerOf(request, header).endsWith(','),
      },
    ],
  };
});
