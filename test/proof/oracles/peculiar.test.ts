/** SDKs that differ from what their providers document. */
import type { WebhookRequest } from '../../../functions/pack/request.ts';
import { signRequest, verifyRequest } from '../../../functions/verification/verify.ts';
import { packOf } from '../../unit/providers/judge-pack.ts';
import { bareRequest } from '../../unit/providers/sample-request.ts';
import type { Random } from '../fuzz/random.ts';
import { compactJsonBody, randomFields, spellJson } from './bodies.ts';
import { against, textOf, withHeaders } from './harness.ts';
import { futureUnchecked, looseEnd, strictCase } from './known.ts';
import { load, withSdks } from './sdks.ts';

const secret = (random: Random) => random.text(16 + random.below(30), 'abcdefXYZ0123456789_-+/=é');

const headerOf = ({ headers }: WebhookRequest, name: string) => headers[name] ?? '';

interface Paddle {
  readonly webhooks: {
    isSignatureValid(body: string, secret: string, signature: string): Promise<boolean>;
  };
}

const PADDLE = '@paddle/paddle-node-sdk';

function paddle(): Paddle {
  const { Paddle } = load<{ Paddle: new (key: string) => Paddle }>(PADDLE);
  return new Paddle('none');
}

against('Paddle', () => {
  const { webhooks } = paddle();
  const header = 'paddle-signature';
  return {
    provider: 'paddle',
    sdk: PADDLE,
    secret: (random) => `pdl_ntfset_${secret(random)}`,
    proof: [header],
    offsets: [0, 0, -100, -280, -320, 280, 320, 4_000],
    verify: (r, key) => webhooks.isSignatureValid(textOf(r), key, headerOf(r, header)),
    known: [
      futureUnchecked(300),
      strictCase,
      looseEnd(header),
      {
        what: 'older than 5 s, which the SDK refuses',
        because: 'the tolerance is the receiver’s to choose; 5 s loses events to a slow network',
        is: ({ offset, sdk, pack }) => !sdk && pack.ok && offset < -5,
      },
    ],
  };
});

withSdks('Paddle: while a secret is rotated, every h1 counts; to the SDK only the last does', async () => {
  const { webhooks } = paddle();
  const body = '{"event_id":"evt_1"}';
  const now = Date.now();
  const request = bareRequest({ body: Buffer.from(body) });
  const header = async (key: string) => {
    const signed = await signRequest(packOf('paddle'), { request, secret: key, options: {}, now });
    return signed['paddle-signature'] ?? '';
  };
  const both = `${await header('old')};${(await header('new')).replace(/^ts=\d+;/, '')}`;
  const given = { request: withHeaders(request, { 'paddle-signature': both }), options: {}, now };
  for (const [key, sdkAccepts] of [
    ['old', false],
    ['new', true],
  ] as const) {
    expect(await verifyRequest(packOf('paddle'), { ...given, secrets: [key] })).toMatchObject({ ok: true });
    expect(await webhooks.isSignatureValid(body, key, both)).toBe(sdkAccepts);
  }
});

against('WorkOS', () => {
  interface WorkOs {
    readonly webhooks: {
      verifyHeader(given: { payload: unknown; sigHeader: string; secret: string }): Promise<true>;
    };
  }
  const sdk = '@workos-inc/node';
  const { WorkOS } = load<{ WorkOS: new (key: string) => WorkOs }>(sdk);
  const { webhooks } = new WorkOS('sk_none');
  const header = 'workos-signature';
  return {
    provider: 'workos',
    sdk,
    secret,
    // The SDK takes the parsed body and signs what `JSON.stringify` makes of it.
    body: (random) => (random.chance(0.9) ? compactJsonBody(random) : spelled(random)),
    proof: [header],
    offsets: [0, 0, -170, 170, -190, 190, -4_000],
    verify: (r, key) =>
      webhooks.verifyHeader({ payload: JSON.parse(textOf(r)), sigHeader: headerOf(r, header), secret: key }),
    known: [
      futureUnchecked(180),
      strictCase,
      looseEnd(header),
      {
        what: 'JSON that JSON.stringify writes otherwise, which the SDK refuses',
        because: 'the documentation says that the body is signed: these are its bytes',
        is: ({ request, sdk, pack }) => !sdk && pack.ok && !isCompact(textOf(request)),
      },
      {
        what: 'body altered so that it parses as before, which the SDK does not see',
        because: 'the documentation says that the body is signed: these are not its bytes',
        is: ({ altered, sdk, pack }) => sdk && !pack.ok && altered?.kind === 'body',
      },
    ],
  };
});

const spelled = (random: Random) => ({
  type: 'application/json',
  text: spellJson(random, randomFields(random)),
});

const isCompact = (text: string) => JSON.stringify(JSON.parse(text)) === text;
