/** Amazon SNS: an RSA signature in the body (https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html). */
import type { ProviderOptions } from '../pack/request.ts';
import type { CustomScheme, TimestampRule } from '../pack/scheme.ts';
import { decodeCanonicalBase64, holds } from './asymmetric.ts';
import { type CertificateOrigin, Certificates } from './certificates.ts';
import { checkFreshness } from './freshness.ts';
import { readUnverifiedJson, textAt, type UnverifiedFields } from './unverified.ts';

/** Hosts of SNS itself, in every region and in China. */
export const SNS_HOSTS = /sns\.[a-z0-9-]{3,40}\.amazonaws\.com(?:\.cn)?/;

export const snsOrigin: CertificateOrigin = {
  hosts: SNS_HOSTS,
  path: /\/SimpleNotificationService-[A-Za-z0-9-]{1,64}\.pem/,
};

/** Retries go on for 23 days with the first attempt's signature: the ledger keeps an event longer than that. */
const window: TimestampRule = {
  from: { body: 'Timestamp' },
  unit: 'rfc3339',
  toleranceSeconds: 24 * 86_400,
  futureSeconds: 300,
};

const MAX_SIGNATURE_BYTES = 512;

/** What is signed of each type of message, in this order; `Subject` only where there is one. */
const confirmation = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
const signedKeys: ReadonlyMap<string, readonly string[]> = new Map([
  ['Notification', ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']],
  ['SubscriptionConfirmation', confirmation],
  ['UnsubscribeConfirmation', confirmation],
]);

/** By `SignatureVersion`. */
const algorithms: ReadonlyMap<string, 'sha1' | 'sha256'> = new Map([
  ['1', 'sha1'],
  ['2', 'sha256'],
]);

/**
 * Every topic of every account is signed with the same keys: only `options.topicArns` tells one's own topics from
 * a stranger's.
 */
export function snsSignature(certificates = new Certificates(snsOrigin)): CustomScheme {
  return {
    kind: 'custom',
    covers: { headers: [], url: false, body: [...confirmation, 'Subject'] },
    proof: 'RSA-SHA1 or RSA-SHA256 over the fields of the message, in the body; certificate by URL',
    withoutSecret: true,
    async verify({ request, options, now }) {
      const message = readUnverifiedJson(request.body);
      const encoded = message && textAt(message, 'Signature');
      const url = message && textAt(message, 'SigningCertURL');
      if (!encoded || !url)
        return { ok: false, reason: 'signature-missing', hint: 'Signature and SigningCertURL of the body' };
      const content = signedContent(message);
      const algorithm = algorithms.get(textAt(message, 'SignatureVersion') ?? '');
      const signature = decodeCanonicalBase64(encoded, MAX_SIGNATURE_BYTES);
      if (!content || !algorithm || !signature) return { ok: false, reason: 'signature-malformed' };
      if (!isOwnTopic(message, options)) {
        return { ok: false, reason: 'token-claims', hint: 'the topic is not among options.topicArns' };
      }
      const certificate = await certificates.keyAt(url, options, now);
      if (!certificate.ok) return certificate.verdict;
      if (!holds(algorithm, [content], certificate.key, signature))
        return { ok: false, reason: 'signature-mismatch' };
      const stale = checkFreshness(textAt(message, 'Timestamp') ?? '', window, options, now);
      return stale ? { ok: false, ...stale } : { ok: true };
    },
  };
}

function signedContent(message: UnverifiedFields): Buffer | undefined {
  const keys = signedKeys.get(textAt(message, 'Type') ?? '');
  if (!keys) return undefined;
  let content = '';
  for (const key of keys) {
    const value = textAt(message, key);
    if (value !== undefined) content += `${key}\n${value}\n`;
    else if (key !== 'Subject' || (Object.hasOwn(message, key) && message[key] !== null)) return undefined;
  }
  return Buffer.from(content);
}

function isOwnTopic(message: UnverifiedFields, { topicArns }: ProviderOptions): boolean {
  return (
    topicArns === undefined || (Array.isArray(topicArns) && topicArns.includes(textAt(message, 'TopicArn')))
  );
}
