/** SendGrid signs time and body with ECDSA; the signatures are made here with a key of our own. */
import {
  createECDH,
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { sendgridDevelopmentKey, sendgridSignature } from '../../../functions/verification/sendgrid.ts';
import { NOW, signWith, tryOut } from './request.ts';

const SIGNATURE = 'x-twilio-email-event-webhook-signature';
const TIMESTAMP = 'x-twilio-email-event-webhook-timestamp';
const HOUR = 3_600;
const body = '[{"event":"größe"}]\r\n';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const base64Of = (key: KeyObject) => key.export({ format: 'der', type: 'spki' }).toString('base64');
const secret = base64Of(publicKey);
const signed = (time: string, text = body) => ({
  [SIGNATURE]: sign('sha256', Buffer.from(time + text), privateKey).toString('base64'),
  [TIMESTAMP]: time,
});
const genuine = signed(String(NOW));

const otherCurve = base64Of(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey);
const otherKey = base64Of(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey);

test.each<[string, Readonly<Record<string, string>>, readonly string[], object]>([
  ['a true signature', genuine, [secret], { ok: true, secret: 0 }],
  ['the third key', genuine, ['nonsense', otherKey, secret], { ok: true, secret: 2 }],
  ['no signature', { [TIMESTAMP]: '1' }, [], { ok: false, reason: 'signature-missing', hint: SIGNATURE }],
  [
    'no time',
    { ...genuine, [TIMESTAMP]: '' },
    [],
    { ok: false, reason: 'timestamp-missing', hint: TIMESTAMP },
  ],
  ['no base64', { ...genuine, [SIGNATURE]: '!' }, [], { ok: false, reason: 'signature-malformed' }],
  [
    'more bytes than a signature has',
    { ...genuine, [SIGNATURE]: Buffer.alloc(73).toString('base64') },
    [secret],
    { ok: false, reason: 'signature-malformed' },
  ],
  [
    'as many bytes as a signature may have',
    { ...genuine, [SIGNATURE]: Buffer.alloc(72).toString('base64') },
    [secret],
    { ok: false, reason: 'signature-mismatch' },
  ],
  ['no key', genuine, [], { ok: false, reason: 'secret-missing' }],
  ['no key that can be one', genuine, ['', otherCurve], { ok: false, reason: 'secret-malformed' }],
  ['another key', genuine, [otherKey, otherCurve], { ok: false, reason: 'signature-mismatch' }],
  [
    'another time',
    { ...genuine, [TIMESTAMP]: `${NOW + 1}` },
    [secret],
    { ok: false, reason: 'signature-mismatch' },
  ],
  [
    'a time that is none',
    signed('soon'),
    [secret],
    { ok: false, reason: 'timestamp-malformed', hint: 'expected seconds' },
  ],
])('%s', async (_what, headers, secrets, verdict) => {
  expect(await tryOut(sendgridSignature, { headers, body, secrets })).toEqual(verdict);
});

test('every byte of the body counts', async () => {
  expect(await tryOut(sendgridSignature, { headers: genuine, body: body.trim(), secrets: [secret] })).toEqual(
    {
      ok: false,
      reason: 'signature-mismatch',
    },
  );
});

test.each<[number, string | undefined]>([
  [NOW - 25 * HOUR, undefined],
  [NOW - 25 * HOUR - 1, '90001 s old, 90000 s allowed'],
  [NOW + 300, undefined],
  [NOW + 301, '301 s ahead, 300 s allowed'],
])('a time of %i, with retries of 24 hours in mind', async (time, hint) => {
  const headers = signed(String(time));
  const reason = time < NOW ? 'timestamp-stale' : 'timestamp-future';
  expect(await tryOut(sendgridSignature, { headers, body, secrets: [secret] })).toEqual(
    hint ? { ok: false, reason, hint } : { ok: true, secret: 0 },
  );
});

describe('samples', () => {
  const development = sendgridDevelopmentKey();

  test('are signed with a key that follows from its name, so that its public half is always the same', async () => {
    const ecdh = createECDH('prime256v1');
    ecdh.setPrivateKey(createHash('sha256').update('inlet-development-sendgrid').digest());
    // The point is the end of the SPKI.
    expect(Buffer.from(development, 'base64').subarray(-65)).toEqual(ecdh.getPublicKey());
    const headers = await signWith(sendgridSignature, development, body);
    expect(headers[TIMESTAMP]).toBe(String(NOW));
    const key = createPublicKey({ key: Buffer.from(development, 'base64'), format: 'der', type: 'spki' });
    const signature = Buffer.from(headers[SIGNATURE] ?? '', 'base64');
    expect(verify('sha256', Buffer.from(NOW + body), key, signature)).toBe(true);
    expect(Object.keys(headers)).toHaveLength(2);
  });

  test('cannot be signed for a key of SendGrid’s own', async () => {
    await expect(signWith(sendgridSignature, secret)).rejects.toThrow(
      new TypeError('nobody but SendGrid has the private key of this secret'),
    );
  });
});
