import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { Ed25519Scheme } from '../../../functions/pack/scheme.ts';
import { ed25519Algorithm } from '../../../functions/verification/ed25519.ts';
import { type Algorithm, verifySigned } from '../../../functions/verification/signed-request.ts';
import { refusal } from './custom-request.ts';
import { NOW, requestOf, signWith, tryOut } from './request.ts';

function schemeWith(rest: Partial<Ed25519Scheme> = {}): Ed25519Scheme {
  const signature = { header: 'x-signature', form: { kind: 'bare' } } as const;
  return { kind: 'ed25519', key: 'hex', encoding: 'hex', signed: '{body}', signature, ...rest };
}

const scheme = schemeWith();
const body = '{"a":"größe"}';
const good = { ok: true, secret: 0 };

/** The raw bytes of a key pair, as providers show them. */
function rawOf(privateKey: KeyObject) {
  const { x = '', d = '' } = privateKey.export({ format: 'jwk' });
  const [seed, point] = [Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')];
  return { seed, point, pair: Buffer.concat([seed, point]) };
}

const { privateKey } = generateKeyPairSync('ed25519');
const { seed, point, pair } = rawOf(privateKey);
const other = rawOf(generateKeyPairSync('ed25519').privateKey);
const signature = sign(null, Buffer.from(body), privateKey);
const tell = (value: string | undefined, secrets: readonly string[], text = body) =>
  tryOut(scheme, { headers: value === undefined ? {} : { 'x-signature': value }, body: text, secrets });

describe('a signature', () => {
  test.each([
    ['under the public key', point],
    ['under seed and public key together', pair],
  ])('is good %s', async (_what, key) => {
    expect(await tell(signature.toString('hex'), [key.toString('hex')])).toEqual(good);
  });

  test.each([
    ['missing', undefined, refusal('signature-missing', 'x-signature')],
    ['too short', signature.subarray(1).toString('hex'), refusal('signature-malformed')],
    ['too long', `${signature.toString('hex')}00`, refusal('signature-malformed')],
    ['in base64', signature.toString('base64'), refusal('signature-malformed')],
    ['of zeros', '00'.repeat(64), refusal('signature-mismatch')],
    [
      'of another key',
      sign(null, Buffer.from(`${body} `), privateKey).toString('hex'),
      refusal('signature-mismatch'),
    ],
  ])('that is %s is refused', async (_what, value, verdict) => {
    expect(await tell(value, [point.toString('hex')])).toEqual(verdict);
  });

  test('of another body is refused', async () => {
    expect(await tell(signature.toString('hex'), [point.toString('hex')], `${body} `)).toEqual(
      refusal('signature-mismatch'),
    );
  });

  test('covers every piece of what is signed', async () => {
    const timestamp = { from: { header: 'x-time' }, unit: 'seconds', toleranceSeconds: 60 } as const;
    const timed = schemeWith({ signed: '{timestamp}.{body}', timestamp });
    const right = sign(null, Buffer.from(`${NOW}.${body}`), privateKey).toString('hex');
    const at = (time: number) => ({
      headers: { 'x-time': String(time), 'x-signature': right },
      body,
      secrets: [point.toString('hex')],
    });
    expect(await tryOut(timed, at(NOW))).toEqual(good);
    expect(await tryOut(timed, at(NOW + 1))).toEqual(refusal('signature-mismatch'));
  });
});

describe('row 19: a request of many signatures', () => {
  const list = schemeWith({
    encoding: 'base64',
    signature: { header: 'x-signature', form: { kind: 'list', version: 'v1a' } },
  });
  const [own, wrong] = [point.toString('hex'), other.point.toString('hex')];
  const forged = (number: number) => Buffer.alloc(64, number % 16);
  const header = (signatures: readonly Buffer[]) =>
    signatures.map((candidate) => `v1a,${candidate.toString('base64')}`).join(' ');

  /** The verdict, and how often a signature was verified for it. */
  function judged(signatures: readonly Buffer[], secrets: readonly string[]) {
    let verifications = 0;
    const algorithm = ed25519Algorithm(list);
    const counting: Algorithm = {
      ...algorithm,
      judge(secret) {
        const judge = algorithm.judge(secret);
        return (
          judge &&
          ((content) => {
            const holds = judge(content);
            return (candidate) => {
              verifications++;
              return holds(candidate);
            };
          })
        );
      },
    };
    const request = requestOf({ 'x-signature': header(signatures) }, body);
    const verdict = verifySigned(list, counting, { request, secrets, options: {}, now: 0 });
    return { verdict, verifications };
  }
  const forgeries = (count: number) => Array.from({ length: count }, (_, number) => forged(number));

  test.each([1, 2, 3, 10])('is verified six times at most, and once for each of %i keys', (keys) => {
    const secrets = Array<string>(keys).fill(wrong);
    for (const count of [1, 2, 3, 6, 7, 16]) {
      const { verdict, verifications } = judged(forgeries(count), secrets);
      expect(verdict.ok).toBe(false);
      expect(verifications).toBeLessThanOrEqual(Math.max(6, keys));
    }
    expect(judged(forgeries(16), secrets)).toEqual({
      verdict: refusal('signature-malformed', 'more signatures than any provider sends'),
      verifications: 0,
    });
  });

  test('of which each is the same is one of one signature', () => {
    expect(judged(Array<Buffer>(32).fill(forged(1)), [wrong, wrong]).verifications).toBe(2);
  });

  test('is believed as long as there are as many as keys change hands', () => {
    const [first, second] = [forged(1), forged(2)];
    expect(judged([first, second, signature], [wrong, own])).toEqual({
      verdict: { ok: true, secret: 1 },
      verifications: 6,
    });
    // A secret that is no key does not count.
    expect(judged([first, second, signature], ['malformed', 'malformed', 'malformed', own]).verdict.ok).toBe(
      true,
    );
    expect(judged([...forgeries(5), signature], [own]).verdict.ok).toBe(true);
  });
});

describe('keys', () => {
  const text = signature.toString('hex');

  test.each([0, 1, 31, 33, 63, 65, 96])('are not %i bytes', async (length) => {
    const secret = Buffer.concat([pair, pair]).subarray(0, length).toString('hex');
    expect(await tell(text, [secret])).toEqual(refusal('secret-malformed'));
  });

  test('of another form are none', async () => {
    expect(await tell(text, [point.toString('base64')])).toEqual(refusal('secret-malformed'));
    const base64 = schemeWith({ key: 'base64' });
    const secrets = [point.toString('base64')];
    expect(await tryOut(base64, { headers: { 'x-signature': text }, body, secrets })).toEqual(good);
  });

  test('that are no point of the curve prove nothing, and are no error', async () => {
    for (const byte of [0x02, 0x07, 0xff]) {
      const secret = Buffer.alloc(32, byte).toString('hex');
      expect(await tell(text, [secret])).toEqual(refusal('signature-mismatch'));
    }
  });

  test('of a pair are its public half, not its seed', async () => {
    expect(await tell(text, [seed.toString('hex')])).toEqual(refusal('signature-mismatch'));
    const mixed = Buffer.concat([seed, other.point]).toString('hex');
    expect(await tell(text, [mixed])).toEqual(refusal('signature-mismatch'));
  });

  test('may be several', async () => {
    const [own, wrong] = [point.toString('hex'), other.point.toString('hex')];
    expect(await tell(text, [wrong, own])).toEqual({ ok: true, secret: 1 });
    expect(await tell(text, ['malformed', own])).toEqual({ ok: true, secret: 1 });
    expect(await tell(text, ['malformed', wrong])).toEqual(refusal('signature-mismatch'));
    expect(await tell(text, [])).toEqual(refusal('secret-missing'));
  });
});

describe('signing', () => {
  test('takes the seed of a pair', async () => {
    expect(await signWith(scheme, pair.toString('hex'), body)).toEqual({
      'x-signature': signature.toString('hex'),
    });
  });

  test.each([
    ['a public key alone', point.toString('hex')],
    ['a text of another form', 'malformed'],
    ['a pair that is too long', `${pair.toString('hex')}00`],
  ])('is not possible with %s', async (_what, secret) => {
    await expect(signWith(scheme, secret, body)).rejects.toThrow(
      new TypeError('this secret does not have the form that signs for this provider'),
    );
  });
});

test('what is signed cannot contain the secret: there is none', async () => {
  const wrong = schemeWith({ signed: '{secret}{body}' });
  const error = new TypeError('a public key has no secret to sign');
  await expect(signWith(wrong, pair.toString('hex'), body)).rejects.toThrow(error);
  const headers = { 'x-signature': signature.toString('hex') };
  await expect(tryOut(wrong, { headers, body, secrets: [point.toString('hex')] })).rejects.toThrow(error);
});
