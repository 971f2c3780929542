/** SDKs of providers whose signature stands in the body. */
import type { WebhookRequest } from '../../../functions/pack/request.ts';
import type { Random } from '../fuzz/random.ts';
import { randomFields, spellJson } from './bodies.ts';
import { against, textOf } from './harness.ts';
import { load } from './sdks.ts';

interface AdyenItem {
  readonly amount: { readonly value: number; readonly currency: string };
  readonly additionalData?: Record<string, unknown>;
}

interface AdyenBody {
  readonly notificationItems: readonly { readonly NotificationRequestItem: AdyenItem }[];
}

function adyenItem(random: Random) {
  const letters = ['a', 'Z', '7', '\\', 'é', '✓', ' ', '"', '/'];
  const text = (...more: string[]) => random.text(random.below(12), [...letters, ...more]);
  return {
    amount: { value: random.pick([0, 1130, 2 ** 53 - 1]), currency: random.pick(['EUR', 'JPY']) },
    pspReference: random.text(16, '0123456789ABCDEF'),
    ...(random.chance(0.5) && { originalReference: text() }),
    eventCode: random.pick(['AUTHORISATION', 'CAPTURE', 'REPORT_AVAILABLE']),
    eventDate: '2026-01-01T00:00:00+01:00',
    merchantAccountCode: text(),
    // Adyen's own names have no colons; what the merchant has chosen may have some.
    merchantReference: text(':'),
    success: random.pick(['true', 'false']),
    additionalData: { größe: text(), ...randomFields(random) },
  };
}

const itemsOf = (request: WebhookRequest) => {
  // Bytes that are no UTF-8 are no JSON: that much is the receiver's to see.
  const body = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(request.body)) as AdyenBody;
  return body.notificationItems.map(({ NotificationRequestItem }) => NotificationRequestItem);
};

against('Adyen', () => {
  interface Validator {
    calculateHmac(item: AdyenItem, key: string): string;
    validateHMAC(item: AdyenItem, key: string): boolean;
  }
  const sdk = '@adyen/api-library';
  const { hmacValidator: HmacValidator } = load<{ hmacValidator: new () => Validator }>(sdk);
  const validator = new HmacValidator();
  return {
    provider: 'adyen',
    sdk,
    secret: (random) => random.bytes(32).toString('hex'),
    body: (random) => ({
      type: 'application/json',
      text: spellJson(random, {
        live: 'false',
        notificationItems: Array.from({ length: random.chance(0.8) ? 1 : 3 }, () => ({
          NotificationRequestItem: adyenItem(random),
        })),
      }),
    }),
    proof: [],
    sign: (r, key) => {
      const body = JSON.parse(textOf(r)) as AdyenBody;
      for (const { NotificationRequestItem: item } of body.notificationItems) {
        Object.assign(item.additionalData ?? {}, { hmacSignature: validator.calculateHmac(item, key) });
      }
      return { ...r, body: Buffer.from(JSON.stringify(body)) };
    },
    verify: (r, key) => itemsOf(r).every((item) => validator.validateHMAC(item, key)),
  };
});

interface Notification {
  readonly bt_signature: string;
  readonly bt_payload: string;
}

interface Braintree {
  readonly webhookTesting: { sampleNotification(kind: string, id: string): Notification };
  readonly webhookNotification: { parse(signature: string, payload: string): Promise<unknown> };
}

against('Braintree', () => {
  const sdk = 'braintree';
  const { BraintreeGateway, Environment } = load<{
    BraintreeGateway: new (config: object) => Braintree;
    Environment: { Sandbox: unknown };
  }>(sdk);
  const gateway = (secret: string) => {
    const [publicKey, privateKey] = secret.split('|');
    return new BraintreeGateway({
      environment: Environment.Sandbox,
      merchantId: 'none',
      publicKey,
      privateKey,
    });
  };
  const kinds = [
    'subscription_canceled',
    'subscription_charged_successfully',
    'dispute_opened',
    'disbursement',
  ];
  return {
    provider: 'braintree',
    sdk,
    secret: (random) => `${random.text(16, '0123456789abcdef')}|${random.text(32, '0123456789abcdef')}`,
    // What the pack signs is the notification itself.
    body: (random) => ({
      type: 'application/x-www-form-urlencoded',
      text: `<notification>\n  <kind>check</kind>\n  <timestamp type="datetime">2026-01-01T00:00:00Z</timestamp>\n  <subject><check type="boolean">true</check><note>${random.text(8, 'aé漢7')}</note></subject>\n</notification>\n`,
    }),
    proof: [],
    sign: (r, secret) => {
      const kind = kinds[r.body.length % kinds.length] ?? 'check';
      const notification = gateway(secret).webhookTesting.sampleNotification(kind, `id-${r.body.length}`);
      return { ...r, body: Buffer.from(new URLSearchParams({ ...notification }).toString()) };
    },
    verify: (r, secret) => {
      const form = new URLSearchParams(textOf(r));
      const [signature, payload] = [form.get('bt_signature') ?? '', form.get('bt_payload') ?? ''];
      return gateway(secret).webhookNotification.parse(signature, payload);
    },
  };
});
