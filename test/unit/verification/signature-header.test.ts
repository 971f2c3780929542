import type { SignatureForm } from '../../../functions/pack/scheme.ts';
import { hmacOf, refused, hmacScheme as scheme, tryOut } from './request.ts';

const body = '{"a":1}';
const good = hmacOf(body);

describe('base64', () => {
  const base64 = scheme({ kind: 'bare' }, { encoding: 'base64' });
  const right = hmacOf(body, 'base64');
  const url = scheme({ kind: 'bare' }, { encoding: 'base64url' });

  test('is good only as it is written', async () => {
    expect(await tryOut(base64, { headers: { 'x-signature': right } })).toEqual({ ok: true, secret: 0 });
    expect(await tryOut(url, { headers: { 'x-signature': hmacOf(body, 'base64url') } })).toEqual({
      ok: true,
      secret: 0,
    });
  });

  test('with other trailing bits decodes to the same bytes and is refused all the same', async () => {
    // 32 bytes leave two bits of the last character unused.
    const last = right.charAt(42);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const other = alphabet.charAt(alphabet.indexOf(last) ^ 1);
    const altered = `${right.slice(0, 42)}${other}=`;
    expect(Buffer.from(altered, 'base64')).toEqual(Buffer.from(right, 'base64'));
    expect(await tryOut(base64, { headers: { 'x-signature': altered } })).toEqual(
      refused('signature-malformed'),
    );
  });

  test.each([
    ['without padding', right.slice(0, -1)],
    ['with more padding', `${right}=`],
    ['44 characters of 33 bytes', 'A'.repeat(44)],
    ['in the alphabet of URLs', `${right.slice(0, 42)}_=`],
    ['with a line break', `${right}\n`],
  ])('%s is refused', async (_what, value) => {
    expect(await tryOut(base64, { headers: { 'x-signature': value } })).toEqual(
      refused('signature-malformed'),
    );
  });
});

describe('forms', () => {
  const wrong = hmacOf('other');
  test.each<[string, SignatureForm, string, boolean]>([
    ['prefix', { kind: 'prefix', prefix: 'sha256=' }, `sha256=${good}`, true],
    ['no prefix', { kind: 'prefix', prefix: 'sha256=' }, good, false],
    ['prefix of another algorithm', { kind: 'prefix', prefix: 'sha256=' }, `sha1=${good}`, false],
    ['several prefixes', { kind: 'prefix', prefix: 'v=', separator: ',' }, `v=${wrong}, v=${good}`, true],
    ['pairs, the second', { kind: 'pairs', separator: ',', key: 'v1' }, `v1=${wrong},v1=${good}`, true],
    ['pairs, an unknown key', { kind: 'pairs', separator: ',', key: 'v1' }, `v0=${good}`, false],
    ['pairs, sent twice', { kind: 'pairs', separator: ',', key: 'v1' }, `v1=${good},v1=${good}`, false],
    ['semicolons, one twice', { kind: 'pairs', separator: ';', key: 'h1' }, `h1=${good};h1=${good}`, true],
    ['semicolons, sent twice', { kind: 'pairs', separator: ';', key: 'h1' }, `h1=${good},h1=${good}`, false],
    ['list', { kind: 'list', version: 'v1' }, `v2,${wrong} v1,${good}`, true],
    ['list, another version', { kind: 'list', version: 'v1' }, `v2,${good}`, false],
    ['list, sent twice', { kind: 'list', version: 'v1' }, `v1,${good}, v1,${good}`, false],
    ['positions', { kind: 'positional', separator: ',', first: 1 }, `1,${wrong},${good}`, true],
    ['positions, the first is no signature', { kind: 'positional', separator: ',', first: 1 }, good, false],
  ])('%s', async (_what, form, value, ok) => {
    expect((await tryOut(scheme(form), { headers: { 'x-signature': value } })).ok).toBe(ok);
  });

  test('no more than 32 candidates are tried', async () => {
    const form: SignatureForm = { kind: 'pairs', separator: ';', key: 'h1' };
    const header = (before: number) => ({
      'x-signature': [...Array<string>(before).fill(`h1=${wrong}`), `h1=${good}`].join(';'),
    });
    expect((await tryOut(scheme(form), { headers: header(31) })).ok).toBe(true);
    expect((await tryOut(scheme(form), { headers: header(32) })).ok).toBe(false);
  });

  test('numbered headers are all tried', async () => {
    const signature = { header: 'x-signature-*', form: { kind: 'bare' } } as const;
    const numbered = scheme({ kind: 'bare' }, { signature });
    const headers = { 'x-signature-1': wrong, 'x-signature-2': good };
    expect(await tryOut(numbered, { headers })).toEqual({ ok: true, secret: 0 });
    expect(await tryOut(numbered, { headers: { 'x-other': good } })).toEqual(refused('signature-missing'));
  });
});
