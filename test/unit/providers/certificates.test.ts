import { createHash, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { crc32 } from 'node:zlib';
import { Certificates } from '../../../functions/verification/certificates.ts';
import { paypalOrigin, paypalSignature } from '../../../functions/verification/paypal.ts';
import { snsOrigin } from '../../../functions/verification/sns.ts';
import { handshake, NOW, request, verdictOf } from './request.ts';
import { selfSigned } from './self-signed.ts';

const { pem, privateKey } = selfSigned();
const PAYPAL_URL = 'https://api.paypal.com/v1/notifications/certs/CERT-1';
const SNS_URL = 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a.pem';
const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:orders';

function paypalRequest(url = PAYPAL_URL, body = '{"id":"WH-1"}') {
  const time = new Date(NOW).toISOString();
  const content = `id-1|${time}|DEVELOPMENTWEBHOOKID|${crc32(body)}`;
  const headers = {
    'paypal-transmission-id': 'id-1',
    'paypal-transmission-time': time,
    'paypal-transmission-sig': sign('sha256', Buffer.from(content), privateKey).toString('base64'),
    'paypal-cert-url': url,
    'paypal-auth-algo': 'SHA256withRSA',
  };
  return request({ text: body, headers });
}

function snsRequest(change: Readonly<Record<string, string>> = {}) {
  const message: Record<string, string> = {
    Type: 'Notification',
    MessageId: 'message-1',
    TopicArn: TOPIC,
    Message: 'größer ✓',
    Timestamp: new Date(NOW).toISOString(),
    SignatureVersion: '2',
    SigningCertURL: SNS_URL,
    ...change,
  };
  const keys = ['Message', 'MessageId', 'Subject', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
  const content = keys
    .flatMap((key) => (message[key] === undefined ? [] : [`${key}\n${message[key]}\n`]))
    .join('');
  const algorithm = message.SignatureVersion === '1' ? 'sha1' : 'sha256';
  message.Signature ??= sign(algorithm, Buffer.from(content), privateKey).toString('base64');
  return request({ text: JSON.stringify(message), headers: { 'content-type': 'text/plain' } });
}

const forbidden = (host: string, path: string) => [
  `http://${host}${path}`,
  `https://${host}:8443${path}`,
  `https://${host}.evil.example${path}`,
  `https://evil.example/${host}${path}`,
  `https://user@${host}${path}`,
  `https://${host}@evil.example${path}`,
  `https://evil-${host}${path}`.replace('evil-api', 'evilpaypal.com/api'),
  `https://127.0.0.1${path}`,
  `https://[::1]${path}`,
  `file://${host}${path}`,
  `https://${host}\\@evil.example${path}`,
  ` https://${host}${path}`,
  'not a URL',
];

describe('paypal', () => {
  const options = { certificates: { [PAYPAL_URL]: pem } };

  test('holds with the certificate that is configured, for the right webhook', async () => {
    expect(await verdictOf('paypal', paypalRequest(), { options })).toEqual({
      ok: true,
      secret: 0,
      proofId: 'id-1',
    });
    expect(await verdictOf('paypal', paypalRequest(), { options, secrets: ['OTHERWEBHOOK'] })).toMatchObject({
      ok: false,
      reason: 'signature-mismatch',
    });
  });

  test.each(forbidden('api.paypal.com', '/v1/notifications/certs/CERT-1'))(
    '%s is no address of a certificate',
    async (url) => {
      const all = { certificates: { [url]: pem } };
      expect((await verdictOf('paypal', paypalRequest(url), { options: all })).ok).toBe(false);
    },
  );

  test('refuses another algorithm, an old and a future time', async () => {
    const genuine = paypalRequest();
    const other = { ...genuine, headers: { ...genuine.headers, 'paypal-auth-algo': 'SHA1withRSA' } };
    expect((await verdictOf('paypal', other, { options })).ok).toBe(false);
    expect(await verdictOf('paypal', genuine, { options, now: NOW + 5 * 86_400_000 })).toMatchObject({
      reason: 'timestamp-stale',
    });
    expect(await verdictOf('paypal', genuine, { options, now: NOW - 3_600_000 })).toMatchObject({
      reason: 'timestamp-future',
    });
  });
});

describe('fetching', () => {
  let server: Server;
  let calls: string[];
  beforeAll(async () => {
    server = createServer((incoming, response) => {
      const path = incoming.url ?? '';
      calls.push(path);
      if (path.endsWith('moved'))
        response.writeHead(302, { location: '/v1/notifications/certs/CERT-1' }).end();
      else if (path.endsWith('large')) response.end('x'.repeat(1_000_000));
      else if (path.endsWith('CERT-1')) response.end(pem);
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    calls = [];
  });

  /** The rules are those of the pack; only the last step goes to a server of our own. */
  const certificates = () =>
    new Certificates(paypalOrigin, (url, init) => {
      const { pathname } = new URL(String(url));
      return fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}`, init);
    });

  test('fetches once and remembers', async () => {
    const scheme = paypalSignature(certificates());
    for (const _ of [1, 2, 3]) {
      const context = { request: paypalRequest(), secrets: ['DEVELOPMENTWEBHOOKID'], options: {}, now: NOW };
      expect(await scheme.verify(context)).toEqual({ ok: true, secret: 0, proofId: 'id-1' });
    }
    expect(calls).toHaveLength(1);
  });

  test.each(['moved', 'large', 'missing'])(
    'gives up on a certificate that is %s, and does not ask at once again',
    async (path) => {
      const store = certificates();
      const url = `https://api.paypal.com/v1/notifications/certs/${path}`;
      for (const _ of [1, 2]) {
        expect(await store.keyAt(url, {}, NOW)).toMatchObject({
          ok: false,
          verdict: { reason: 'key-unavailable' },
        });
      }
      expect(calls).toHaveLength(1);
    },
  );

  test('never calls an address that is not the provider’s', async () => {
    const store = certificates();
    const urls = [
      ...forbidden('api.paypal.com', '/v1/notifications/certs/CERT-1'),
      'https://www.paypal.com/redirect?to=https://evil.example',
      'https://api.paypal.com/v1/notifications/certs/../../evil',
    ];
    for (const url of urls) expect((await store.keyAt(url, {}, NOW)).ok).toBe(false);
    expect(calls).toEqual([]);
  });

  test('an expired certificate that is fetched does not count', async () => {
    const old = selfSigned('200101000000Z', '210101000000Z');
    const store = new Certificates(paypalOrigin, async () => new Response(old.pem));
    expect((await store.keyAt(PAYPAL_URL, {}, NOW)).ok).toBe(false);
  });
});

describe('sns', () => {
  const options = { certificates: { [SNS_URL]: pem } };

  test.each(['1', '2'])('signature version %s', async (SignatureVersion) => {
    expect(await verdictOf('sns', snsRequest({ SignatureVersion }), { options, secrets: [] })).toEqual({
      ok: true,
    });
    expect(
      (await verdictOf('sns', snsRequest({ SignatureVersion, Subject: 'a\nb' }), { options, secrets: [] }))
        .ok,
    ).toBe(true);
  });

  test.each(forbidden('sns.eu-west-1.amazonaws.com', '/SimpleNotificationService-0a.pem'))(
    '%s is no address of a certificate',
    async (url) => {
      const all = { certificates: { [url]: pem } };
      expect(
        (await verdictOf('sns', snsRequest({ SigningCertURL: url }), { options: all, secrets: [] })).ok,
      ).toBe(false);
    },
  );

  test('hosts that only look like SNS', async () => {
    const store = new Certificates(snsOrigin, async () => new Response(pem));
    for (const host of [
      'sns.amazonaws.com',
      'sns.a.b.amazonaws.com',
      's3.eu-west-1.amazonaws.com',
      'sns.eu-west-1.amazonaws.com.evil.com',
    ]) {
      expect((await store.keyAt(`https://${host}/SimpleNotificationService-0a.pem`, {}, NOW)).ok).toBe(false);
    }
    expect(
      (await store.keyAt('https://sns.eu-west-1.amazonaws.com/?Action=Publish&x=.pem', {}, NOW)).ok,
    ).toBe(false);
    expect(
      (await store.keyAt('https://sns.cn-north-1.amazonaws.com.cn/SimpleNotificationService-0a.pem', {}, NOW))
        .ok,
    ).toBe(true);
  });

  test('only the topics of the list, and only for a while', async () => {
    const given = { options: { ...options, topicArns: ['arn:aws:sns:eu-west-1:1:other'] }, secrets: [] };
    expect(await verdictOf('sns', snsRequest(), given)).toMatchObject({ reason: 'token-claims' });
    expect(
      await verdictOf('sns', snsRequest(), { options, secrets: [], now: NOW + 25 * 86_400_000 }),
    ).toMatchObject({ reason: 'timestamp-stale' });
  });

  const subscribe = 'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription';
  const confirmation = (SubscribeURL: string) =>
    snsRequest({
      Type: 'SubscriptionConfirmation',
      Token: createHash('md5').update('t').digest('hex'),
      SubscribeURL,
    });

  test('confirms a subscription', async () => {
    const genuine = confirmation(`${subscribe}&TopicArn=${TOPIC}&Token=1`);
    expect((await verdictOf('sns', genuine, { options, secrets: [] })).ok).toBe(true);
    expect(await handshake('sns', genuine, 'after')).toEqual({ status: 200 });
    expect(await handshake('sns', snsRequest(), 'after')).toBeUndefined();
  });

  test.each([
    `https://evil.example/?Action=ConfirmSubscription&TopicArn=${TOPIC}`,
    `https://sns.eu-west-1.amazonaws.com/?Action=DeleteTopic&TopicArn=${TOPIC}`,
    `${subscribe}&TopicArn=arn:aws:sns:eu-west-1:1:other`,
    `https://sns.eu-west-1.amazonaws.com:444/?Action=ConfirmSubscription&TopicArn=${TOPIC}`,
    `http://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${TOPIC}`,
    `https://a@sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${TOPIC}`,
  ])('does not call %s', async (url) => {
    expect(await handshake('sns', confirmation(url), 'after')).toEqual({ status: 403 });
  });
});
