/** Every pack as a source of its own, the generic ones in several forms, and requests that are genuine. */
import { createHash, generateKeyPairSync, type JsonWebKey, sign } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { SourceConfig } from '../../../functions/config/config.ts';
import type { Provider } from '../../../functions/pack/provider.ts';
import type { ProviderOptions, WebhookRequest } from '../../../functions/pack/request.ts';
import { providers } from '../../../functions/providers/index.ts';
import { proveRequest } from '../../../functions/verification/verify.ts';
import { packOf } from '../../unit/providers/judge-pack.ts';
import { bareRequest, NOW, standFor } from '../../unit/providers/sample-request.ts';
import { selfSigned } from '../../unit/providers/self-signed.ts';

export const ORIGIN = 'https://hooks.example.com';

export interface Genuine {
  readonly request: WebhookRequest;
  /** Days from now at which it was signed; anything but 0 is outside of every window. */
  readonly days: number;
}

export interface FuzzedSource {
  readonly name: string;
  readonly pack: Provider;
  readonly options: ProviderOptions;
  readonly secrets: readonly string[];
  /** False where the secret is missing on purpose. */
  readonly provable: boolean;
  readonly genuine: readonly Genuine[];
}

const DAY = 86_400_000;
const DAYS = [0, 0, 0, -30, 2];

const certificate = selfSigned();
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const SNS_URL = 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-a.pem';
const PAYPAL_URL = 'https://api.paypal.com/v1/notifications/certs/CERT-1';
const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:orders';

/** Nothing may be fetched: keys and certificates are configured wherever a pack would call somebody. */
const given: Readonly<Record<string, ProviderOptions>> = {
  sns: { topicArns: [TOPIC], certificates: { [SNS_URL]: certificate.pem } },
  paypal: { certificates: { [PAYPAL_URL]: certificate.pem } },
  plaid: { jwks: { keys: [{ ...(ec.publicKey.export({ format: 'jwk' }) as JsonWebKey), kid: 'key-1' }] } },
};

const signer = (content: string) =>
  sign('sha256', Buffer.from(content), certificate.privateKey).toString('base64');

/** Signs where a pack cannot: these providers sign with private keys. */
const signers: Readonly<
  Record<string, (url: string, seed: number, now: number, secret: string) => Partial<WebhookRequest>>
> = {
  sns: (url, seed, now) => {
    const fields = {
      Message: `{"größe":${seed}}`,
      MessageId: `message-${seed}`,
      Timestamp: new Date(now).toISOString(),
      TopicArn: TOPIC,
      Type: 'Notification',
    };
    const content = Object.entries(fields).map(([key, value]) => `${key}\n${value}\n`);
    const proof = { Signature: signer(content.join('')), SignatureVersion: '2', SigningCertURL: SNS_URL };
    const body = Buffer.from(JSON.stringify({ ...fields, ...proof }));
    return { url, body, headers: { 'content-type': 'text/plain; charset=UTF-8' } };
  },
  paypal: (url, seed, now, webhook) => {
    const body = Buffer.from(JSON.stringify({ id: `WH-${seed}`, event_type: 'PAYMENT.SALE.COMPLETED' }));
    const time = new Date(now).toISOString();
    const headers = {
      'content-type': 'application/json',
      'paypal-transmission-id': `t-${seed}`,
      'paypal-transmission-time': time,
      'paypal-transmission-sig': signer(`t-${seed}|${time}|${webhook}|${crc32(body)}`),
      'paypal-cert-url': PAYPAL_URL,
      'paypal-auth-algo': 'SHA256withRSA',
    };
    return { url, body, headers };
  },
  plaid: (url, seed, now) => {
    const body = Buffer.from(JSON.stringify({ webhook_code: 'X', item_id: `item-${seed}` }));
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const hash = createHash('sha256').update(body).digest('hex');
    const content = `${encode({ alg: 'ES256', kid: 'key-1', typ: 'JWT' })}.${encode({ iat: Math.floor(now / 1000), request_body_sha256: hash })}`;
    const signature = sign('sha256', Buffer.from(content), { key: ec.privateKey, dsaEncoding: 'ieee-p1363' });
    const headers = { 'plaid-verification': `${content}.${signature.toString('base64url')}` };
    return { url, body, headers: { 'content-type': 'application/json', ...headers } };
  },
};

/** Options in which the generic packs differ most. */
const variants: readonly [string, string, ProviderOptions][] = [
  [
    'hmac-pairs',
    'hmac',
    {
      form: { kind: 'pairs', separator: ';', key: 's' },
      signed: '{timestamp}.{method}.{url}.{body}',
      timestamp: { pair: 't' },
      algorithm: 'sha512',
    },
  ],
  [
    'hmac-list',
    'hmac',
    { form: { kind: 'list', version: 'v1' }, encoding: 'base64', signed: '{header.x-id}.{body}' },
  ],
  [
    'hmac-positional',
    'hmac',
    {
      form: { kind: 'positional', separator: ',', first: 1 },
      signed: '{timestamp}{body}',
      timestamp: { position: 0, unit: 'milliseconds' },
    },
  ],
  ['hmac-prefix', 'hmac', { prefix: 'sha1=', algorithm: 'sha1', encoding: 'base64url' }],
  ['shared-secret-bearer', 'shared-secret', { header: 'authorization', prefix: 'Bearer ' }],
  ['query-secret-key', 'query-secret', { parameter: 'key' }],
];

/** A secret of the same form, as a second one that is live. No single alteration leads from one to the other. */
function secondSecret(secret: string): string {
  const half = secret.length >> 1;
  // The last characters of base64 stay: not every one is allowed there.
  const part = secret.slice(half, -4).replace(/[a-z0-9]/gi, (letter) => {
    if (/[fFzZ9]/.test(letter)) return { f: 'a', F: 'A', z: 'g', Z: 'G' }[letter] ?? '0';
    return String.fromCharCode(letter.charCodeAt(0) + 1);
  });
  return secret.slice(0, half) + part + secret.slice(-4);
}

async function fuzzedSource(name: string, pack: Provider, more: ProviderOptions): Promise<FuzzedSource> {
  const stand = standFor(pack);
  const options = { ...stand.options, ...given[pack.name], ...more };
  const { withoutSecret, secret } = stand;
  const genuine: Genuine[] = [];
  for (const [seed, days] of DAYS.entries()) {
    const now = NOW + days * DAY;
    const own = signers[pack.name];
    const url = `${ORIGIN}/webhooks/${name}`;
    if (own) genuine.push({ days, request: bareRequest(own(url, seed, now, secret)) });
    for (const { subpath = '', headers = {}, body } of own ? [] : pack.samples) {
      const unsigned = bareRequest({ url: url + subpath, subpath, headers, body: Buffer.from(body(seed)) });
      genuine.push({ days, request: await proveRequest(pack, { request: unsigned, secret, options, now }) });
    }
  }
  const secrets = withoutSecret ? [] : [secondSecret(secret), secret];
  return { name, pack, options, secrets, provable: true, genuine };
}

export async function fuzzedSources(): Promise<readonly FuzzedSource[]> {
  const packs = Object.values(providers).map((pack) => fuzzedSource(pack.name, pack, {}));
  const others = variants.map(([name, pack, options]) => fuzzedSource(name, packOf(pack), options));
  const all = await Promise.all([...packs, ...others]);
  const withoutSecret = ['github', 'discord', 'basic', 'stripe', 'sendgrid'].map((name) => {
    const source = all.find((candidate) => candidate.name === name) as FuzzedSource;
    return { ...source, name: `${name}-without-secret`, secrets: [], provable: false };
  });
  return [...all, ...withoutSecret];
}

export function configOf(sources: readonly FuzzedSource[]): Readonly<Record<string, SourceConfig>> {
  return Object.fromEntries(
    sources.map(({ name, pack, options }) => [name, { provider: pack.name, options }]),
  );
}
