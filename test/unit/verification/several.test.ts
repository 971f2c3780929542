import { generateKeyPairSync } from 'node:crypto';
import type { FirstScheme } from '../../../functions/pack/scheme.ts';
import { hook0 } from '../../../functions/verification/hook0.ts';
import { standardWebhooks } from '../../../functions/verification/standard-webhooks.ts';
import { credentialHeaders } from '../../../functions/verification/verify.ts';
import { hmacOf, NOW, refused, signWith, tryOut } from './request.ts';

const body = '{"a":1}';
const shared = `whsec_${Buffer.from('a key of some twenty-four bytes').toString('base64')}`;
const standard = standardWebhooks();

/** Seed and public key as `whsk_`, and the public key as `whpk_`. */
function keyPair() {
  const { x = '', d = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const [seed, point] = [Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')];
  const privateKey = `whsk_${Buffer.concat([seed, point]).toString('base64')}`;
  return { privateKey, publicKey: `whpk_${point.toString('base64')}` };
}

describe('symmetric and Ed25519 signatures in one header', () => {
  const { privateKey, publicKey } = keyPair();

  test('the form of the secret decides which one counts', async () => {
    const symmetric = await signWith(standard, shared);
    const asymmetric = await signWith(standard, privateKey);
    expect(symmetric['webhook-signature']).toMatch(/^v1,/);
    expect(asymmetric['webhook-signature']).toMatch(/^v1a,/);
    expect(await tryOut(standard, { headers: symmetric, secrets: [shared] })).toEqual({
      ok: true,
      secret: 0,
    });
    expect(await tryOut(standard, { headers: asymmetric, secrets: [shared, publicKey] })).toEqual({
      ok: true,
      secret: 1,
    });
  });

  test('both at once: one that holds is enough', async () => {
    const asymmetric = await signWith(standard, privateKey);
    const dead = `v1,${hmacOf('other', 'base64')}`;
    const headers = { ...asymmetric, 'webhook-signature': `${dead} ${asymmetric['webhook-signature']}` };
    expect((await tryOut(standard, { headers, secrets: [publicKey] })).ok).toBe(true);
    expect(await tryOut(standard, { headers, secrets: [shared] })).toEqual(refused('signature-mismatch'));
  });

  test('a public key is never the key of an HMAC, with its prefix or without', async () => {
    const point = publicKey.slice('whpk_'.length);
    const content = `id.${NOW}.${body}`;
    const forge = (key: string | Buffer) => ({
      'webhook-id': 'id',
      'webhook-timestamp': String(NOW),
      'webhook-signature': `v1,${hmacOf(content, 'base64', key)}`,
    });
    for (const key of [publicKey, point, Buffer.from(point, 'base64')]) {
      const result = await tryOut(standard, { headers: forge(key), secrets: [publicKey] });
      expect(result.ok).toBe(false);
    }
  });

  test.each([
    ['another key', keyPair().publicKey],
    ['a key that is too short', `whpk_${Buffer.alloc(31).toString('base64')}`],
    ['no point of the curve', `whpk_${Buffer.alloc(32, 255).toString('base64')}`],
    ['not base64', 'whpk_!'],
    ['without its prefix', publicKey.slice(5)],
  ])('%s is refused', async (_what, key) => {
    const headers = await signWith(standard, privateKey);
    expect((await tryOut(standard, { headers, secrets: [key] })).ok).toBe(false);
  });

  test('a secret that is right for one of them is not called malformed', async () => {
    const headers = { ...(await signWith(standard, privateKey)) };
    expect(await tryOut(standard, { headers, secrets: [shared] })).toEqual(refused('signature-malformed'));
    expect(await tryOut(standard, { headers, secrets: ['whsec_!'] })).toEqual(refused('secret-malformed'));
    const symmetric = await signWith(standard, shared);
    expect(await tryOut(standard, { headers: symmetric, secrets: ['whsec_!'] })).toEqual(
      refused('secret-malformed'),
    );
    expect(await tryOut(standard, { headers: symmetric, secrets: [] })).toEqual(refused('secret-missing'));
    expect(await tryOut(standard, { headers: {}, secrets: [] })).toEqual(refused('signature-missing'));
  });

  test('a stale signature is called stale', async () => {
    const headers = await signWith(standard, shared);
    const result = await tryOut(standard, { headers, secrets: [shared], now: NOW + 301 });
    expect(result).toEqual(refused('timestamp-stale'));
  });
});

describe('families of headers', () => {
  const families: FirstScheme = {
    kind: 'first',
    schemes: [standardWebhooks('svix'), standardWebhooks('webhook')],
  };

  test.each(['svix', 'webhook'] as const)('%s is enough', async (family) => {
    const headers = await signWith(standardWebhooks(family), shared);
    expect((await tryOut(families, { headers, secrets: [shared] })).ok).toBe(true);
  });

  test('a forged id of one family beside a true signature of the other is refused', async () => {
    const headers = { ...(await signWith(standardWebhooks('webhook'), shared)), 'svix-id': 'forged' };
    expect(await tryOut(families, { headers, secrets: [shared] })).toEqual(refused('signature-missing'));
  });

  test('a token does not rescue a wrong signature', async () => {
    const { provider } = await import('../../../functions/providers/buildkite.ts');
    const scheme = provider.verification as FirstScheme;
    expect((await tryOut(scheme, { headers: { 'x-buildkite-token': 'secret' } })).ok).toBe(true);
    const both = {
      'x-buildkite-token': 'secret',
      'x-buildkite-signature': `timestamp=${NOW},signature=${hmacOf('other')}`,
    };
    expect(await tryOut(scheme, { headers: both })).toEqual(refused('signature-mismatch'));
    expect(await tryOut(scheme, { headers: {} })).toEqual(refused('signature-missing'));
    expect(credentialHeaders(scheme)).toContain('x-buildkite-token');
  });
});

describe('hook0', () => {
  const scheme = hook0('x-hook');
  const v0 = hmacOf(`${NOW}.${body}`);
  const v1 = hmacOf(`${NOW}.content-type x-event-id.application/json.7.${body}`);
  const named = { 'content-type': 'application/json', 'x-event-id': '7' };
  const check = (signature: string, headers: Readonly<Record<string, string>> = named) =>
    tryOut(scheme, { headers: { ...headers, 'x-hook': signature } });

  test('v1 covers the headers that it names', async () => {
    const signature = `t=${NOW},v0=${v0},h=content-type x-event-id,v1=${v1}`;
    expect(await check(signature)).toEqual({ ok: true, secret: 0 });
    expect((await check(signature, { ...named, 'x-event-id': '8' })).ok).toBe(false);
    expect((await check(signature, { 'content-type': 'application/json' })).ok).toBe(false);
    expect((await check(signature.replace('h=content-type x-event-id', 'h='))).ok).toBe(false);
  });

  test('v0 counts only where there is no v1', async () => {
    expect((await check(`t=${NOW},v0=${v0}`)).ok).toBe(true);
    expect((await check(`t=${NOW},v0=${v0},v1=`)).ok).toBe(false);
    expect((await check(`t=${NOW},v0=${v0},h=,v1=${hmacOf('other')}`)).ok).toBe(false);
    expect((await check(`t=${NOW},v0=${v0},v1=${v1},v1=${v1}`)).ok).toBe(false);
  });

  test('what is signed is verified', async () => {
    expect((await tryOut(scheme, { headers: await signWith(scheme, 'secret') })).ok).toBe(true);
  });
});
