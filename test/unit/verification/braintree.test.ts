import { createHash, createHmac } from 'node:crypto';
import {
  BRAINTREE_CHALLENGE,
  braintreeDigest,
  braintreeKeys,
  braintreeSignature as scheme,
} from '../../../functions/verification/braintree.ts';
import { judge, proven, refusal } from './custom-request.ts';
import { signWith } from './request.ts';

const SECRET = 'public|private';
const PAYLOAD = 'PGE+Lz0K\n';

const hmac = (payload: string, privateKey = 'private') =>
  createHmac('sha1', createHash('sha1').update(privateKey).digest()).update(payload).digest('hex');
const pairFor = (payload: string) => `public|${hmac(payload)}`;
const formOf = (...fields: [string, string][]) => new URLSearchParams(fields).toString();
const sent = (signature: string, payload = PAYLOAD) =>
  formOf(['bt_signature', signature], ['bt_payload', payload]);
const tell = (body: string, secrets: readonly string[] = [SECRET]) => judge(scheme, { body }, { secrets });

const good = { ok: true, secret: 0 };

describe('a payload', () => {
  test.each([
    ['with the line break at its end', 'AAAA\n', 'AAAA\n'],
    ['with one that the form has lost', 'AAAA', 'AAAA\n'],
    ['signed without one', 'AAAA', 'AAAA'],
    ['in several lines', 'AAAA\nBBBB\n', 'AAAA\nBBBB\n'],
    ['of every character of base64', 'AZaz09+/==\n', 'AZaz09+/==\n'],
  ])('%s is proven', async (_what, payload, signed) => {
    expect(await tell(sent(pairFor(signed), payload))).toEqual(good);
  });

  test('that is another, or has more line breaks than were signed, is not', async () => {
    for (const payload of ['BBBB\n', 'AAAA\n\n', '\nAAAA\n', 'AAA\nA\n']) {
      expect(await tell(sent(pairFor('AAAA\n'), payload))).toEqual(refusal('signature-mismatch'));
    }
  });

  test.each(['AAAA-', 'AAAA_', 'AA AA', ' AAAA', 'AAAA\r\n', '<xml/>', 'AAAA%', 'é'])(
    '%j is none, even when it is signed',
    async (payload) => {
      expect(await tell(sent(pairFor(payload), payload))).toEqual(
        refusal('signature-malformed', 'bt_payload is not a payload'),
      );
    },
  );

  const digits = '0123456789abcdef0123456789abcdef0';
  test.each([
    [digits.slice(0, 20), true],
    [digits.slice(0, 32), true],
    [digits.slice(0, 19), false],
    [digits, false],
    [digits.slice(0, 20).toUpperCase(), false],
    [`${digits.slice(0, 20)}g`, false],
    [`g${digits.slice(0, 20)}`, false],
  ])('that could be a challenge proves nothing (%s: %p)', async (text, isChallenge) => {
    expect(BRAINTREE_CHALLENGE.test(text)).toBe(isChallenge);
    for (const payload of [text, `${text}\n`, `${text}\n\n\n`]) {
      expect(await tell(sent(pairFor(payload), payload))).toEqual(
        isChallenge ? refusal('signature-malformed', 'bt_payload is not a payload') : good,
      );
    }
  });
});

describe('the form', () => {
  const signature: [string, string] = ['bt_signature', pairFor(PAYLOAD)];
  const payload: [string, string] = ['bt_payload', PAYLOAD];

  test('may have other fields, in any order', async () => {
    expect(await tell(formOf(['a', '1'], payload, signature, ['a', '2']))).toEqual(good);
  });

  test.each([
    ['neither', ''],
    ['no signature', formOf(payload)],
    ['no payload', formOf(signature)],
    ['an empty signature', formOf(['bt_signature', ''], payload)],
    ['an empty payload', formOf(signature, ['bt_payload', ''])],
    ['two signatures', formOf(signature, signature, payload)],
    ['two payloads', formOf(signature, payload, payload)],
    ['a field that is read together with the payload', formOf(signature, payload, ['bt_payload[]', 'x'])],
    ['JSON in its place', JSON.stringify({ bt_signature: signature[1], bt_payload: PAYLOAD })],
  ])('lacks its fields with %s', async (_what, body) => {
    expect(await tell(body)).toEqual(refusal('signature-missing', 'bt_signature and bt_payload'));
  });

  test('is at most a mebibyte', async () => {
    const room = 1024 * 1024 - sent(pairFor(PAYLOAD), '').length;
    const [full, tooLong] = ['A'.repeat(room), 'A'.repeat(room + 1)].map((text) => sent(pairFor(text), text));
    expect(full).toHaveLength(1024 * 1024);
    expect(await tell(full ?? '')).toEqual(good);
    expect(await tell(tooLong ?? '')).toEqual(refusal('signature-missing', 'bt_signature and bt_payload'));
  });
});

describe('pairs', () => {
  const own = pairFor(PAYLOAD);
  const another = `other|${hmac(PAYLOAD, 'other')}`;

  test.each([
    ['one of another key before it', `${another}&${own}`],
    ['one of another key after it', `${own}&${another}`],
    ['a wrong one of the same key beside it', `public|${hmac('AAAA')}&${own}`],
    ['what is no pair beside it', `public&|&&${own}`],
    ['the digits in upper case', own.replace(hmac(PAYLOAD), hmac(PAYLOAD).toUpperCase())],
    ['as many as 16', [...Array(15).fill(another), own].join('&')],
  ])('prove with %s', async (_what, signature) => {
    expect(await tell(sent(signature))).toEqual(good);
  });

  test.each([
    ['the right signature under another name', `other|${hmac(PAYLOAD)}`],
    ['the right name with a signature by another key', `public|${hmac(PAYLOAD, 'other')}`],
    ['no name', `|${hmac(PAYLOAD)}`],
    ['the private key for the name', `private|${hmac(PAYLOAD)}`],
    ['its own as the 17th', [...Array(16).fill(another), own].join('&')],
  ])('do not match with %s', async (_what, signature) => {
    expect(await tell(sent(signature))).toEqual(refusal('signature-mismatch'));
  });

  test.each([
    ['no bar', 'public'],
    ['no signature', 'public|'],
    ['a signature that is too short', `public|${hmac(PAYLOAD).slice(2)}`],
    ['a signature that is too long', `public|${hmac(PAYLOAD)}00`],
    ['a signature in base64', `public|${Buffer.from(hmac(PAYLOAD), 'hex').toString('base64')}`],
    ['the signature alone', hmac(PAYLOAD)],
  ])('are malformed with %s', async (_what, signature) => {
    expect(await tell(sent(signature))).toEqual(refusal('signature-malformed'));
  });
});

describe('keys', () => {
  test('are two, with one bar between them', () => {
    expect(braintreeKeys(SECRET)).toEqual({ publicKey: 'public', privateKey: 'private' });
    expect(braintreeDigest('private', PAYLOAD).toString('hex')).toBe(hmac(PAYLOAD));
  });

  test.each(['', '|', 'public', 'public|', '|private', 'a|b|c', 'a||b', 'a |b', 'a| b', ' a|b', 'a|b\n'])(
    '%j are none',
    async (secret) => {
      expect(braintreeKeys(secret)).toBeUndefined();
      expect(await tell(sent(pairFor(PAYLOAD)), [secret])).toEqual(refusal('secret-malformed'));
    },
  );

  test('may be several: each pair counts for its own', async () => {
    const both = sent(`old|${hmac(PAYLOAD, 'before')}&${pairFor(PAYLOAD)}`);
    expect(await tell(both, ['new|after', SECRET])).toEqual({ ok: true, secret: 1 });
    expect(await tell(both, ['old|before', SECRET])).toEqual(good);
    expect(await tell(both, ['malformed', SECRET])).toEqual({ ok: true, secret: 1 });
    expect(await tell(both, ['old|private', 'public|before'])).toEqual(refusal('signature-mismatch'));
    expect(await tell(both, [])).toEqual(refusal('secret-missing'));
  });
});

test('signing makes the form, from what the payload says', async () => {
  const { body, headers } = await proven(scheme, { body: '<a>/=\n' }, SECRET);
  expect(headers).toEqual({});
  expect(await signWith(scheme, SECRET)).toEqual({});
  expect(body.toString('utf8')).toBe(`bt_signature=public%7C${hmac('PGE+Lz0K\n')}&bt_payload=PGE%2BLz0K%0A`);
  await expect(proven(scheme, { body: 'x' }, 'public')).rejects.toThrow(
    new TypeError('the secret of Braintree is "public_key|private_key"'),
  );
});
