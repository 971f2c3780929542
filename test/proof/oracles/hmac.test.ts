/** SDKs of providers that sign the body alone by HMAC-SHA256. */
import type { WebhookRequest } from '../../../functions/pack/request.ts';
import type { Random } from '../fuzz/random.ts';
import { anyBody, jsonBody } from './bodies.ts';
import { against, type Oracle, textOf, withHeaders } from './harness.ts';
import { looseBase64, looseHex, strictCase } from './known.ts';
import { load, loadFile } from './sdks.ts';

const secret = (random: Random) => random.text(16 + random.below(30), 'abcdefXYZ0123456789_-+/=é ');

type Verify = (request: WebhookRequest, secret: string) => unknown;

/** A signature in a header of its own. */
function inHeader(
  provider: string,
  sdk: string,
  header: string,
  verify: Verify,
  more: Partial<Oracle> = {},
): Oracle {
  return { provider, sdk, secret, proof: [header], verify, known: [strictCase], ...more };
}

const headerOf = ({ headers }: WebhookRequest, name: string) => headers[name] ?? '';

against('GitHub', async () => {
  interface Methods {
    sign(secret: string, payload: string): Promise<string>;
    verify(secret: string, payload: string, signature: string): Promise<boolean>;
  }
  const name = '@octokit/webhooks-methods';
  const { sign, verify } = await loadFile<Methods>(`${name}/dist-node/index.js`);
  const header = 'x-hub-signature-256';
  return inHeader('github', name, header, (r, key) => verify(key, textOf(r), headerOf(r, header)), {
    sign: async (r, key) => withHeaders(r, { [header]: await sign(key, textOf(r)) }),
  });
});

against('Notion', () => {
  interface Notion {
    signWebhookPayload(given: { body: string; verificationToken: string }): Promise<string>;
    verifyWebhookSignature(given: {
      body: Buffer;
      signature: string | undefined;
      verificationToken: string;
    }): Promise<boolean>;
  }
  const sdk = '@notionhq/client';
  const { signWebhookPayload, verifyWebhookSignature } = load<Notion>(sdk);
  const header = 'x-notion-signature';
  const verify: Verify = ({ body, headers }, verificationToken) =>
    verifyWebhookSignature({ body, signature: headers[header], verificationToken });
  return inHeader('notion', sdk, header, verify, {
    // It takes hex in either case.
    known: [],
    sign: async (r, verificationToken) =>
      withHeaders(r, { [header]: await signWebhookPayload({ body: textOf(r), verificationToken }) }),
  });
});

against('Coinbase Commerce', () => {
  interface Commerce {
    readonly Webhook: {
      computeSignature(payload: string, secret: string): string;
      verifySigHeader(payload: string, signature: string, secret: string): true;
    };
  }
  const sdk = 'coinbase-commerce-node';
  const { Webhook } = load<Commerce>(sdk);
  const header = 'x-cc-webhook-signature';
  const verify: Verify = (r, key) => Webhook.verifySigHeader(textOf(r), headerOf(r, header), key);
  return inHeader('coinbase-commerce', sdk, header, verify, {
    sign: (r, key) => withHeaders(r, { [header]: Webhook.computeSignature(textOf(r), key) }),
  });
});

against('Razorpay', () => {
  interface Razorpay {
    validateWebhookSignature(body: string, signature: string | undefined, secret: string): boolean;
  }
  const { validateWebhookSignature } = load<Razorpay>('razorpay');
  const header = 'x-razorpay-signature';
  const verify: Verify = (r, key) => validateWebhookSignature(textOf(r), r.headers[header], key);
  return inHeader('razorpay', 'razorpay', header, verify);
});

against('GoCardless', () => {
  interface GoCardless {
    verifySignature(body: string, secret: string, signature: string): void;
  }
  const sdk = 'gocardless-nodejs';
  const { verifySignature } = load<GoCardless>(`${sdk}/webhooks`);
  const header = 'webhook-signature';
  const verify: Verify = (r, key) => verifySignature(textOf(r), key, headerOf(r, header));
  return inHeader('gocardless', sdk, header, verify, { known: [looseHex] });
});

against('LINE', () => {
  interface Line {
    validateSignature(body: Buffer, secret: string, signature: string): boolean;
  }
  const sdk = '@line/bot-sdk';
  const { validateSignature } = load<Line>(sdk);
  const header = 'x-line-signature';
  const verify: Verify = (r, key) => validateSignature(r.body, key, headerOf(r, header));
  return inHeader('line', sdk, header, verify, { known: [looseBase64] });
});

against('Adyen, platform', () => {
  const sdk = '@adyen/api-library';
  const { hmacValidator: Validator } = load<{ hmacValidator: new () => AdyenValidator }>(sdk);
  const validator = new Validator();
  const header = 'hmacsignature';
  const verify: Verify = (r, key) => validator.validateHMACSignature(key, headerOf(r, header), textOf(r));
  return inHeader('adyen-platform', sdk, header, verify, {
    secret: (random) => random.bytes(32).toString('hex').toUpperCase(),
    body: anyBody,
    known: [looseBase64],
    sign: (r, key) => withHeaders(r, { [header]: validator.calculateHmac(textOf(r), key) }),
  });
});

interface AdyenValidator {
  calculateHmac(data: string, key: string): string;
  validateHMACSignature(key: string, signature: string, data: string): boolean;
}

against('Shopify', () => {
  interface Shopify {
    shopifyApi(config: object): {
      webhooks: { validate(given: object): Promise<{ valid: boolean }> };
    };
  }
  const sdk = '@shopify/shopify-api';
  load(`${sdk}/adapters/node`);
  const { shopifyApi } = load<Shopify>(sdk);
  const header = 'x-shopify-hmac-sha256';
  const verify: Verify = async (r, apiSecretKey) => {
    const { webhooks } = shopifyApi({
      apiKey: 'key',
      apiSecretKey,
      hostName: 'hooks.example.com',
      apiVersion: '2026-01',
      isEmbeddedApp: false,
      logger: { log: () => undefined },
    });
    const rawRequest = { method: r.method, url: '/', headers: { ...r.headers } };
    return (await webhooks.validate({ rawBody: textOf(r), rawRequest, rawResponse: {} })).valid;
  };
  return inHeader('shopify', sdk, header, verify, {
    body: jsonBody,
    // It asks for these, too.
    prepare: (unsigned) =>
      withHeaders(unsigned, {
        'x-shopify-topic': 'orders/create',
        'x-shopify-shop-domain': 'a.myshopify.com',
        'x-shopify-api-version': '2026-01',
        'x-shopify-webhook-id': 'w1',
        'x-shopify-event-id': 'e1',
      }),
    known: [],
  });
});

against('Square', () => {
  interface Square {
    readonly WebhooksHelper: {
      verifySignature(given: {
        requestBody: string;
        signatureHeader: string;
        signatureKey: string;
        notificationUrl: string;
      }): Promise<boolean>;
    };
  }
  const { WebhooksHelper } = load<Square>('square');
  const header = 'x-square-hmacsha256-signature';
  const verify: Verify = (r, signatureKey) =>
    WebhooksHelper.verifySignature({
      requestBody: textOf(r),
      signatureHeader: headerOf(r, header),
      signatureKey,
      notificationUrl: r.url,
    });
  return inHeader('square', 'square', header, verify, { known: [] });
});
