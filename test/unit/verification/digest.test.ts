/** HMACs and plain hashes, computed here by node:crypto and by hand. */
import { createHash, createHmac } from 'node:crypto';
import type { HashScheme, HmacScheme } from '../../../functions/pack/scheme.ts';
import { digestAlgorithm } from '../../../functions/verification/hmac.ts';
import { judge, refusal } from './custom-request.ts';
import { hmacScheme, signWith } from './request.ts';

const body = '{"a":1}';
const hashScheme = (algorithm: HashScheme['algorithm'], signed = '{secret}:{body}'): HashScheme => ({
  kind: 'hash',
  algorithm,
  encoding: 'hex',
  signed,
  signature: { header: 'x-signature', form: { kind: 'bare' } },
});
const cut = 'this secret does not have the form that signs for this provider';

describe.each<[HmacScheme['algorithm'], number]>([
  ['sha1', 20],
  ['sha256', 32],
  ['sha512', 64],
])('HMAC-%s', (algorithm, bytes) => {
  const scheme = hmacScheme({ kind: 'bare' }, { algorithm });
  const signature = createHmac(algorithm, 'secret').update(body).digest('hex');

  test('is signed and verified', async () => {
    expect(digestAlgorithm(scheme).bytes).toBe(bytes);
    expect(await signWith(scheme, 'secret')).toEqual({ 'x-signature': signature });
    expect(await judge(scheme, { headers: { 'x-signature': signature }, body })).toEqual({
      ok: true,
      secret: 0,
    });
  });

  test('of another length is malformed', async () => {
    const headers = { 'x-signature': signature.slice(2) };
    expect(await judge(scheme, { headers, body })).toEqual(refusal('signature-malformed'));
  });
});

describe.each<[HashScheme['algorithm'], number]>([
  ['md5', 16],
  ['sha1', 20],
  ['sha256', 32],
  ['sha512', 64],
])('a plain %s', (algorithm, bytes) => {
  const scheme = hashScheme(algorithm);
  const signature = createHash(algorithm).update(`secret:${body}`).digest('hex');

  test('is signed and verified', async () => {
    expect(digestAlgorithm(scheme).bytes).toBe(bytes);
    expect(await signWith(scheme, 'secret')).toEqual({ 'x-signature': signature });
    const secrets = ['other', 'secret'];
    expect(await judge(scheme, { headers: { 'x-signature': signature }, body }, { secrets })).toEqual({
      ok: true,
      secret: 1,
    });
  });
});

describe('a plain hash', () => {
  test('under an empty secret is anybody’s: it neither signs nor verifies', async () => {
    const scheme = hashScheme('sha256');
    const headers = { 'x-signature': createHash('sha256').update(`:${body}`).digest('hex') };
    expect(await judge(scheme, { headers, body }, { secrets: [''] })).toEqual(refusal('secret-malformed'));
    expect(await judge(scheme, { headers, body }, { secrets: ['', 'secret'] })).toEqual(
      refusal('signature-mismatch'),
    );
    await expect(signWith(scheme, '')).rejects.toThrow(new TypeError(cut));
  });

  test('without the secret in it is anybody’s too', async () => {
    const open = hashScheme('sha256', '{body}');
    const error = new TypeError('a plain hash needs {secret} in what is signed');
    await expect(signWith(open, 'secret')).rejects.toThrow(error);
    const headers = { 'x-signature': createHash('sha256').update(body).digest('hex') };
    await expect(judge(open, { headers, body })).rejects.toThrow(error);
  });
});

describe('an HMAC', () => {
  test('does not take its key into what is signed', async () => {
    const scheme = hmacScheme({ kind: 'bare' }, { signed: '{secret}{body}' });
    const error = new TypeError('an HMAC has its secret as the key, not in what is signed');
    await expect(signWith(scheme, 'secret')).rejects.toThrow(error);
    const headers = { 'x-signature': '0'.repeat(64) };
    await expect(judge(scheme, { headers, body })).rejects.toThrow(error);
  });

  test.each<[string, HmacScheme['key'], string]>([
    ['empty', 'utf8', ''],
    ['not hexadecimal', 'hex', 'xyz'],
    ['not base64', 'base64', '!'],
  ])('with a key that is %s neither signs nor verifies', async (_what, key, secret) => {
    const scheme = hmacScheme({ kind: 'bare' }, { key });
    await expect(signWith(scheme, secret)).rejects.toThrow(new TypeError(cut));
    const headers = { 'x-signature': '0'.repeat(64) };
    expect(await judge(scheme, { headers, body }, { secrets: [secret] })).toEqual(
      refusal('secret-malformed'),
    );
  });

  test('with a key of the wrong form leaves the other keys to be tried', async () => {
    const scheme = hmacScheme({ kind: 'bare' }, { key: 'hex' });
    const headers = {
      'x-signature': createHmac('sha256', Buffer.from('00ff', 'hex')).update(body).digest('hex'),
    };
    expect(await judge(scheme, { headers, body }, { secrets: ['xyz', '00ff'] })).toEqual({
      ok: true,
      secret: 1,
    });
  });
});
