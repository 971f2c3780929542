import type { SharedSecretScheme } from '../../../functions/pack/scheme.ts';
import { signWith, tryOut } from './request.ts';

const plain: SharedSecretScheme = { kind: 'shared-secret', header: 'x-token' };
const bearer: SharedSecretScheme = { ...plain, prefix: 'Bearer ' };
const ok = (secret = 0) => ({ ok: true, secret });
const no = (reason: string, hint?: string) => ({ ok: false, reason, ...(hint && { hint }) });
const prefixed = no('signature-malformed', 'x-token has to begin with "Bearer "');

test.each<[string, SharedSecretScheme, string | undefined, readonly string[], object]>([
  ['the secret', plain, 'secret', ['secret'], ok()],
  ['the second of two', plain, 'new', ['old', 'new'], ok(1)],
  ['the first of two alike', plain, 'new', ['new', 'new'], ok()],
  ['no header', plain, undefined, ['secret'], no('signature-missing', 'x-token')],
  ['an empty header', plain, '', [''], no('signature-missing', 'x-token')],
  ['another case', plain, 'Secret', ['secret'], no('signature-mismatch')],
  ['less', plain, 'secre', ['secret'], no('signature-mismatch')],
  ['more', plain, 'secrets', ['secret'], no('signature-mismatch')],
  ['sent twice', plain, 'secret,secret', ['secret'], no('signature-mismatch')],
  ['no secret to compare with', plain, 'secret', [], no('secret-missing')],
  ['behind the prefix', bearer, 'Bearer secret', ['secret'], ok()],
  ['behind the prefix in another case', bearer, 'bEARER secret', ['secret'], ok()],
  ['without the prefix', bearer, 'secret', ['secret'], prefixed],
  ['behind another prefix of that length', bearer, 'Digest secret', ['secret'], prefixed],
  ['half the prefix', bearer, 'Bear', ['secret'], prefixed],
  ['the prefix alone never matches an empty secret', bearer, 'Bearer ', [''], no('signature-mismatch')],
  [
    'the prefix is no part of the secret',
    bearer,
    'Bearer secret',
    ['Bearer secret'],
    no('signature-mismatch'),
  ],
])('%s', async (_what, scheme, value, secrets, verdict) => {
  const headers: Record<string, string> = value === undefined ? {} : { 'x-token': value };
  expect(await tryOut(scheme, { headers, secrets })).toEqual(verdict);
});

test('is sent behind its prefix', async () => {
  expect(await signWith(plain, 's3cret')).toEqual({ 'x-token': 's3cret' });
  expect(await signWith(bearer, 's3cret')).toEqual({ 'x-token': 'Bearer s3cret' });
});
