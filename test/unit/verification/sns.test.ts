/** Messages of Amazon SNS, signed here with a certificate made for the run. */
import { sign } from 'node:crypto';
import { allowedUrl } from '../../../functions/verification/fetch-bounded.ts';
import { SNS_HOSTS, snsOrigin, snsSignature } from '../../../functions/verification/sns.ts';
import { selfSigned } from '../providers/self-signed.ts';
import { NOW, tryOut } from './request.ts';

const CERTIFICATE = 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a.pem';
const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:orders';
const DAY = 86_400;

const scheme = snsSignature();
const isoOf = (seconds: number) => new Date(seconds * 1000).toISOString();

const envelope = {
  MessageId: 'message-1',
  TopicArn: TOPIC,
  Message: 'größer ✓',
  Timestamp: isoOf(NOW),
  SignatureVersion: '2',
  SigningCertURL: CERTIFICATE,
};
const notification = { ...envelope, Type: 'Notification' };
const confirmation = {
  ...envelope,
  Type: 'SubscriptionConfirmation',
  SubscribeURL: 'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription',
  Token: 'token-1',
};

type Message = Readonly<Record<string, unknown>>;

/** What the documentation of SNS says is signed of each type of message. */
const signedFields: Readonly<Record<string, readonly string[]>> = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: [
    'Message',
    'MessageId',
    'SubscribeURL',
    'Timestamp',
    'Token',
    'TopicArn',
    'Type',
  ],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
};

/** Made once, and only when a message is signed. */
let made: ReturnType<typeof selfSigned> | undefined;
function certificate() {
  made ??= selfSigned();
  return made;
}

function signed(message: Message, algorithm = 'sha256'): Message {
  const fields = (signedFields[String(message.Type)] ?? []).filter((key) => typeof message[key] === 'string');
  const content = fields.map((key) => `${key}\n${message[key]}\n`).join('');
  return {
    ...message,
    Signature: sign(algorithm, Buffer.from(content), certificate().privateKey).toString('base64'),
  };
}

const verdict = (message: unknown, more: Readonly<Record<string, unknown>> = {}, now = NOW) => {
  const body = typeof message === 'string' ? message : JSON.stringify(message);
  const options = { certificates: { [CERTIFICATE]: certificate().pem }, ...more };
  return tryOut(scheme, { headers: {}, body, secrets: [], options, now });
};
const missing = {
  ok: false,
  reason: 'signature-missing',
  hint: 'Signature and SigningCertURL of the body',
};
const malformed = { ok: false, reason: 'signature-malformed' };
const mismatch = { ok: false, reason: 'signature-mismatch' };

describe('what is signed', () => {
  test.each<[string, Message]>([
    ['a notification', notification],
    ['a notification with a subject', { ...notification, Subject: 'a\nb' }],
    ['a notification with an empty subject', { ...notification, Subject: '' }],
    ['a notification whose subject is null', { ...notification, Subject: null }],
    ['a confirmation', confirmation],
    ['the end of a subscription', { ...confirmation, Type: 'UnsubscribeConfirmation' }],
  ])('%s', async (_what, message) => {
    expect(await verdict(signed(message))).toEqual({ ok: true });
    const first = { ...message, SignatureVersion: '1' };
    expect(await verdict(signed(first, 'sha1'))).toEqual({ ok: true });
    expect(await verdict(signed(first, 'sha256'))).toEqual(mismatch);
    expect(await verdict(signed(message, 'sha1'))).toEqual(mismatch);
  });

  test.each([notification, confirmation, { ...confirmation, Type: 'UnsubscribeConfirmation' }])(
    'every field of a $Type',
    async (message) => {
      const genuine = signed(message);
      const fields = (signedFields[message.Type] ?? []).filter((name) => !['Subject', 'Type'].includes(name));
      for (const name of fields) {
        const { [name]: value, ...without } = genuine;
        expect(await verdict({ ...without, [name]: `${value}0` })).toEqual(mismatch);
        expect(await verdict(without)).toEqual(malformed);
        expect(await verdict({ ...without, [name]: 1 })).toEqual(malformed);
        expect(await verdict({ ...without, [name]: null })).toEqual(malformed);
      }
      expect(fields.length).toBeGreaterThan(3);
    },
  );

  test('a subject that is added, taken away or no text', async () => {
    const genuine = signed({ ...notification, Subject: 'a' });
    const { Subject, ...without } = genuine;
    expect(await verdict(without)).toEqual(mismatch);
    expect(await verdict({ ...signed(notification), Subject })).toEqual(mismatch);
    expect(await verdict({ ...without, Subject: 1 })).toEqual(malformed);
  });
});

test.each<[string, () => unknown, object]>([
  ['no JSON', () => 'Type=Notification', missing],
  ['a list', () => [signed(notification)], missing],
  ['no signature', () => notification, missing],
  ['an empty signature', () => ({ ...notification, Signature: '' }), missing],
  ['no certificate', () => ({ ...signed(notification), SigningCertURL: undefined }), missing],
  [
    'a certificate that is no text',
    () => ({ ...signed(notification), SigningCertURL: [CERTIFICATE] }),
    missing,
  ],
  ['no base64', () => ({ ...notification, Signature: '!' }), malformed],
  ['512 bytes', () => ({ ...notification, Signature: Buffer.alloc(512).toString('base64') }), mismatch],
  ['513 bytes', () => ({ ...notification, Signature: Buffer.alloc(513).toString('base64') }), malformed],
  ['no type', () => ({ ...signed(notification), Type: undefined }), malformed],
  ['another type', () => signed({ ...notification, Type: 'Other' }), malformed],
  ['an inherited type', () => ({ ...signed(notification), Type: 'toString' }), malformed],
  ['no version', () => ({ ...signed(notification), SignatureVersion: undefined }), malformed],
  ['another version', () => ({ ...signed(notification), SignatureVersion: '3' }), malformed],
  ['a version that is a number', () => ({ ...signed(notification), SignatureVersion: 2 }), malformed],
  ['an inherited version', () => ({ ...signed(notification), SignatureVersion: 'toString' }), malformed],
  [
    'a certificate that is not configured',
    () => signed({ ...notification, SigningCertURL: CERTIFICATE.replace('0a', '0b') }),
    { ...mismatch, hint: 'the certificate is not among options.certificates' },
  ],
  [
    'a time that is none',
    () => signed({ ...notification, Timestamp: 'soon' }),
    { ok: false, reason: 'timestamp-malformed', hint: 'expected rfc3339' },
  ],
])('%s', async (_what, message, expected) => {
  expect(await verdict(message())).toEqual(expected);
});

test('there is no secret, and nobody but SNS signs', () => {
  expect(scheme.withoutSecret).toBe(true);
  expect(scheme.sign).toBeUndefined();
});

test.each<[unknown, boolean]>([
  [undefined, true],
  [[TOPIC], true],
  [['arn:aws:sns:eu-west-1:1:other', TOPIC], true],
  [['arn:aws:sns:eu-west-1:1:other'], false],
  [[], false],
  [TOPIC, false],
  [null, false],
])('with topicArns %j a message is one’s own: %p', async (topicArns, own) => {
  const stranger = { ok: false, reason: 'token-claims', hint: 'the topic is not among options.topicArns' };
  expect(await verdict(signed(notification), { topicArns })).toEqual(own ? { ok: true } : stranger);
});

test.each<[number, string | undefined]>([
  [NOW - 24 * DAY, undefined],
  [NOW - 24 * DAY - 1, '2073601 s old, 2073600 s allowed'],
  [NOW + 300, undefined],
  [NOW + 301, '301 s ahead, 300 s allowed'],
])('a message of %i, with retries of 23 days in mind', async (time, hint) => {
  const reason = time < NOW ? 'timestamp-stale' : 'timestamp-future';
  const message = signed({ ...notification, Timestamp: isoOf(time) });
  expect(await verdict(message)).toEqual(hint ? { ok: false, reason, hint } : { ok: true });
});

test.each<[string, boolean, boolean]>([
  [CERTIFICATE, true, true],
  [CERTIFICATE.replace('.com', '.com.cn').replace('eu-west-1', 'cn-north-1'), true, true],
  [CERTIFICATE.replace('0a', 'Az-09'), true, true],
  [CERTIFICATE.replace('0a', 'a'.repeat(64)), true, true],
  [CERTIFICATE.replace('0a', 'a'.repeat(65)), true, false],
  [CERTIFICATE.replace('0a', ''), true, false],
  [CERTIFICATE.replace('0a', 'a_b'), true, false],
  [CERTIFICATE.replace('.pem', 'xpem'), true, false],
  [CERTIFICATE.replace('0a.pem', '0a.pem/x'), true, false],
  [CERTIFICATE.replace('/Simple', '/x/Simple'), true, false],
  [CERTIFICATE.replace('eu-west-1', 'a1-'), true, true],
  [CERTIFICATE.replace('eu-west-1', 'a'.repeat(40)), true, true],
  [CERTIFICATE.replace('eu-west-1', 'a'.repeat(41)), false, false],
  [CERTIFICATE.replace('eu-west-1', 'eu'), false, false],
  [CERTIFICATE.replace('eu-west-1', 'eu_west_1'), false, false],
  [CERTIFICATE.replace('eu-west-1', 'a.b.c'), false, false],
  [CERTIFICATE.replace('sns.', 'snsx'), false, false],
  [CERTIFICATE.replace('.amazonaws', 'xamazonaws'), false, false],
  [CERTIFICATE.replace('amazonaws.com', 'amazonawsxcom'), false, false],
  [CERTIFICATE.replace('.com', '.comxcn'), false, false],
  [CERTIFICATE.replace('.com', '.com.uk'), false, false],
])('%s: a host of SNS %p, a certificate of it %p', (url, host, certificate) => {
  expect(allowedUrl(url, SNS_HOSTS) !== undefined).toBe(host);
  expect(allowedUrl(url, snsOrigin.hosts, snsOrigin.path) !== undefined).toBe(certificate);
});
