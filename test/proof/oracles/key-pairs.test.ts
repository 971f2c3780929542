/** SDKs of providers that sign with a private key: the test makes key pairs and certificates in their place. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { EventEmitter } from 'node:events';
import https from 'node:https';
import type { WebhookRequest } from '../../../functions/pack/request.ts';
import { bareRequest } from '../../unit/providers/sample-request.ts';
import { selfSigned } from '../../unit/providers/self-signed.ts';
import type { Random } from '../fuzz/random.ts';
import { randomFields, spellJson } from './bodies.ts';
import { against, textOf, withHeaders } from './harness.ts';
import { looseBase64, timeUnchecked } from './known.ts';
import { installed, load } from './sdks.ts';

const headerOf = ({ headers }: WebhookRequest, name: string) => headers[name] ?? '';

against('SendGrid', () => {
  interface EventWebhook {
    convertPublicKeyToECDSA(key: string): object;
    verifySignature(key: object, payload: Buffer, signature: string, timestamp: string): boolean;
  }
  const sdk = '@sendgrid/eventwebhook';
  const { EventWebhook } = load<{ EventWebhook: new () => EventWebhook }>(sdk);
  const webhook = new EventWebhook();
  const pairs = new Map<string, KeyObject>();
  for (const _ of [1, 2, 3]) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    pairs.set(publicKey.export({ format: 'der', type: 'spki' }).toString('base64'), privateKey);
  }
  const [signature, time] = [
    'x-twilio-email-event-webhook-signature',
    'x-twilio-email-event-webhook-timestamp',
  ] as const;
  return {
    provider: 'sendgrid',
    sdk,
    secret: (random) => random.pick([...pairs.keys()]),
    proof: [signature, time],
    offsets: [0, -4_000, -80_000, -100_000, 280, 320],
    packSigns: false,
    sign: (r, secret, at) => {
      const seconds = String(Math.floor(at / 1000));
      const content = Buffer.concat([Buffer.from(seconds), r.body]);
      const key = pairs.get(secret) as KeyObject;
      return withHeaders(r, {
        [time]: seconds,
        [signature]: sign('sha256', content, key).toString('base64'),
      });
    },
    verify: (r, secret) =>
      webhook.verifySignature(
        webhook.convertPublicKeyToECDSA(secret),
        r.body,
        headerOf(r, signature),
        headerOf(r, time),
      ),
    known: [timeUnchecked, looseBase64],
  };
});

/** Seed and public key in hex: what the pack signs samples with. */
function ed25519Pair(random: Random): string {
  const seed = random.bytes(32);
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return Buffer.concat([seed, spki.subarray(-32)]).toString('hex');
}

against('Discord', () => {
  interface Discord {
    verifyKey(body: Buffer, signature: string, timestamp: string, publicKey: string): Promise<boolean>;
  }
  const sdk = 'discord-interactions';
  const { verifyKey } = load<Discord>(sdk);
  const [signature, time] = ['x-signature-ed25519', 'x-signature-timestamp'] as const;
  return {
    provider: 'discord',
    sdk,
    secret: ed25519Pair,
    proof: [signature, time],
    offsets: [0, -4_000, -80_000, -100_000, 100_000],
    verify: (r, pair) => verifyKey(r.body, headerOf(r, signature), headerOf(r, time), pair.slice(64)),
    known: [timeUnchecked],
  };
});

const HOST = 'https://sns.eu-west-1.amazonaws.com';
const OWN = `${HOST}/SimpleNotificationService-a.pem`;
const OTHER = `${HOST}/SimpleNotificationService-b.pem`;
const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:orders';

/** The fields that are signed, by the documentation: `Subject` where there is one. */
const confirmation = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
const signedFields: Readonly<Record<string, readonly string[]>> = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: confirmation,
  UnsubscribeConfirmation: confirmation,
};

function snsMessage(random: Random, text: string): Record<string, string> {
  const Type = random.pick([
    ...Array<string>(8).fill('Notification'),
    'SubscriptionConfirmation',
    'UnsubscribeConfirmation',
  ]);
  return {
    Type,
    MessageId: random.text(36, '0123456789abcdef-'),
    TopicArn: TOPIC,
    Message: text,
    Timestamp: new Date().toISOString(),
    SignatureVersion: random.pick(['1', '2']),
    SigningCertURL: random.chance(0.9) ? OWN : random.pick([OTHER, OWN.replace('sns.', 'sns.evil.')]),
    ...(Type === 'Notification' && random.chance(0.5) && { Subject: 'größer\r\n' }),
    ...(Type !== 'Notification' && {
      Token: 'a'.repeat(32),
      SubscribeURL: `${HOST}/?Action=ConfirmSubscription`,
    }),
  };
}

describe('certificates', () => {
  const [own, other] = [selfSigned(), selfSigned()];
  const certificates: Readonly<Record<string, string>> = { [OWN]: own.pem, [OTHER]: other.pem };

  // The SDK fetches certificates itself: what it fetches comes from here, and nothing leaves the machine.
  if (installed) {
    const { get } = https;
    beforeAll(() => {
      https.get = ((url: string, callback: (response: unknown) => void) => {
        const response = Object.assign(new EventEmitter(), { statusCode: certificates[url] ? 200 : 404 });
        callback(response);
        response.emit('data', certificates[url] ?? '');
        response.emit('end');
        return new EventEmitter();
      }) as unknown as typeof https.get;
    });
    afterAll(() => {
      https.get = get;
    });
  }

  against('SNS', () => {
    interface Validator {
      validate(message: unknown, callback: (error: Error | null) => void): void;
    }
    const sdk = 'sns-validator';
    const validator = new (load<new () => Validator>(sdk))();
    return {
      provider: 'sns',
      sdk,
      options: { certificates, topicArns: [TOPIC] },
      secret: () => '',
      proof: [],
      packSigns: false,
      prepare: (unsigned, random) =>
        bareRequest({
          ...unsigned,
          headers: { 'content-type': 'text/plain; charset=UTF-8' },
          body: Buffer.from(spellJson(random, snsMessage(random, spellJson(random, randomFields(random))))),
        }),
      sign: (r) => {
        const message = JSON.parse(textOf(r)) as Record<string, string>;
        const content = (signedFields[message.Type ?? ''] ?? [])
          .filter((key) => message[key] !== undefined)
          .map((key) => `${key}\n${message[key]}\n`)
          .join('');
        const algorithm = message.SignatureVersion === '1' ? 'sha1' : 'sha256';
        message.Signature = sign(algorithm, Buffer.from(content), own.privateKey).toString('base64');
        return { ...r, body: Buffer.from(JSON.stringify(message, null, 2)) };
      },
      verify: (r) =>
        new Promise((resolve) => {
          // Bytes that are no UTF-8 are no JSON: that much is the receiver's to see.
          const text = new TextDecoder('utf-8', { fatal: true }).decode(r.body);
          validator.validate(text, (error) => resolve(error === null));
        }),
      known: [
        {
          what: 'UnsubscribeConfirmation, which the SDK checks as a Notification',
          because:
            'by the documentation its Token and SubscribeURL are signed, as in SubscriptionConfirmation',
          is: ({ request, sdk, pack }) =>
            !sdk && pack.ok && /"UnsubscribeConfirmation"/.test(textOf(request)),
        },
      ],
    };
  });
});
