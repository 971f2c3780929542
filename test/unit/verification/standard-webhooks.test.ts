/** Standard Webhooks and Svix: what is signed, and which secrets are of the right form. */
import { createHmac } from 'node:crypto';
import {
  checkStandardSecret,
  standardHmac,
  standardWebhooks,
} from '../../../functions/verification/standard-webhooks.ts';
import { NOW, tryOut } from './request.ts';

const body = '{"a":1}';
const bytes = Buffer.from('a key of some twenty-four bytes');
const secret = `whsec_${bytes.toString('base64')}`;

const signatureOf = (content: string, key: string | Buffer = bytes) =>
  `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
const headersOf = (family: string, time = NOW, key: string | Buffer = bytes) => ({
  [`${family}-id`]: 'msg_1',
  [`${family}-timestamp`]: String(time),
  [`${family}-signature`]: signatureOf(`msg_1.${time}.${body}`, key),
});

describe.each(['webhook', 'svix'] as const)('%s', (family) => {
  const other = family === 'webhook' ? 'svix' : 'webhook';

  test.each([standardHmac(family), standardWebhooks(family)])(
    'id, time and body are signed: $kind',
    async (scheme) => {
      const headers = headersOf(family);
      expect(await tryOut(scheme, { headers, secrets: [secret] })).toEqual({ ok: true, secret: 0 });
      for (const [name, value] of [
        [`${family}-id`, 'msg_2'],
        [`${family}-timestamp`, String(NOW + 1)],
      ] as const) {
        expect(await tryOut(scheme, { headers: { ...headers, [name]: value }, secrets: [secret] })).toEqual({
          ok: false,
          reason: 'signature-mismatch',
        });
      }
      expect(await tryOut(scheme, { headers, secrets: [secret], body: `${body} ` })).toEqual({
        ok: false,
        reason: 'signature-mismatch',
      });
      expect(await tryOut(scheme, { headers: headersOf(other), secrets: [secret] })).toEqual({
        ok: false,
        reason: 'signature-missing',
        hint: `${family}-signature`,
      });
    },
  );

  test.each<[number, string | undefined]>([
    [NOW - 300, undefined],
    [NOW - 301, '301 s old, 300 s allowed'],
    [NOW + 300, undefined],
    [NOW + 301, '301 s ahead, 300 s allowed'],
  ])('a time of %i', async (time, hint) => {
    const reason = time < NOW ? 'timestamp-stale' : 'timestamp-future';
    const trial = { headers: headersOf(family, time), secrets: [secret] };
    expect(await tryOut(standardHmac(family), trial)).toEqual(
      hint ? { ok: false, reason, hint } : { ok: true, secret: 0 },
    );
  });
});

test('the names of the standard are those without a family', async () => {
  for (const scheme of [standardHmac(), standardWebhooks()]) {
    expect((await tryOut(scheme, { headers: headersOf('webhook'), secrets: [secret] })).ok).toBe(true);
  }
});

test('a secret without its prefix is base64 all the same, unless the pack says otherwise', async () => {
  const plain = bytes.toString('base64');
  const headers = headersOf('webhook');
  expect((await tryOut(standardHmac(), { headers, secrets: [plain] })).ok).toBe(true);
  const text = standardHmac('webhook', 'utf8');
  const ofText = headersOf('webhook', NOW, plain);
  expect((await tryOut(text, { headers: ofText, secrets: [plain] })).ok).toBe(true);
  expect((await tryOut(text, { headers, secrets: [plain] })).ok).toBe(false);
});

const base64Of = (length: number) => Buffer.alloc(length, 7).toString('base64');
const privateKey = 'It is the private key of the sender: use the public key that begins with whpk_.';
const publicKey = 'A public key is whpk_ and 32 bytes in base64: copy all of it.';
const shared = 'It is whsec_ and base64, here decoded to the key: copy all of it, with the prefix.';

test.each<[string, string, string | undefined]>([
  ['a shared secret', secret, undefined],
  ['without its prefix', bytes.toString('base64'), undefined],
  ['empty', '', shared],
  ['the prefix alone', 'whsec_', shared],
  ['no base64', 'whsec_no!', shared],
  ['the prefix twice', `whsec_${secret}`, shared],
  ['another prefix', `sk_${bytes.toString('base64')}`, shared],
  ['a public key', `whpk_${base64Of(32)}`, undefined],
  ['half a public key', `whpk_${base64Of(31)}`, publicKey],
  ['more than a public key', `whpk_${base64Of(64)}`, publicKey],
  ['a public key that is no base64', 'whpk_no!', publicKey],
  ['a private key', `whsk_${base64Of(64)}`, privateKey],
  ['whatever begins like one', 'whsk_', privateKey],
])('what is wrong with a secret: %s', (_what, value, problem) => {
  expect(checkStandardSecret(value)).toBe(problem);
});
