/** Providers with several proofs: which refusal is told, which headers are read, what signs. */

import type {
  CustomScheme,
  HmacScheme,
  Refusal,
  SharedSecretScheme,
  Verdict,
  Verification,
} from '../../../functions/pack/scheme.ts';
import { EVERYTHING } from '../../../functions/verification/coverage.ts';
import { headersOf } from '../../../functions/verification/several.ts';
import { hmacOf, hmacScheme, signWith, tryOut } from './request.ts';

const bare = { kind: 'bare' } as const;
const custom = (verdict: Verdict, rest: Partial<CustomScheme> = {}): CustomScheme => ({
  kind: 'custom',
  covers: EVERYTHING,
  verify: () => verdict,
  ...rest,
});
const refusing = (reason: Refusal, hint?: string) => custom({ ok: false, reason, ...(hint && { hint }) });
const any = (...schemes: readonly Verification[]): Verification => ({ kind: 'any', schemes });
const first = (...schemes: readonly Verification[]): Verification => ({ kind: 'first', schemes });
const token = (header: string): SharedSecretScheme => ({ kind: 'shared-secret', header });

describe('of several refusals the one that says most is told', () => {
  const order: readonly Refusal[] = [
    'method',
    'secret-malformed',
    'signature-missing',
    'signature-malformed',
    'secret-missing',
    'timestamp-missing',
    'signature-mismatch',
    'timestamp-malformed',
    'timestamp-future',
    'timestamp-stale',
  ];
  test.each(order.slice(1).map((more, index) => [order[index] as Refusal, more] as const))(
    '%s says less than %s',
    async (less, more) => {
      const told = { ok: false, reason: more };
      expect(await tryOut(any(refusing(less), refusing(more)), { headers: {} })).toEqual(told);
      expect(await tryOut(any(refusing(more), refusing(less)), { headers: {} })).toEqual(told);
    },
  );

  test('of two that say the same, the first', async () => {
    const both = any(refusing('signature-missing', 'one'), refusing('signature-missing', 'two'));
    expect(await tryOut(both, { headers: {} })).toEqual({
      ok: false,
      reason: 'signature-missing',
      hint: 'one',
    });
  });

  test('with no scheme at all nothing is proven', async () => {
    expect(await tryOut(any(), { headers: {} })).toEqual({ ok: false, reason: 'signature-missing' });
  });
});

test('the first proof that holds ends the search', async () => {
  let asked = 0;
  const counting = custom({ ok: true }, { verify: () => ({ ok: true, secret: ++asked }) });
  const given = any(refusing('timestamp-stale'), counting, counting);
  expect(await tryOut(given, { headers: {} })).toEqual({ ok: true, secret: 1 });
  expect(asked).toBe(1);
});

describe('the first family of which a header is there decides', () => {
  const families = first(any(token('x-a'), token('x-b')), token('x-b'), token('x-c'));

  test.each<[Readonly<Record<string, string>>, object]>([
    [{ 'x-c': 'secret' }, { ok: true, secret: 0 }],
    [
      { 'x-a': 'wrong', 'x-c': 'secret' },
      { ok: false, reason: 'signature-mismatch' },
    ],
    [
      { 'x-b': 'secret', 'x-c': 'wrong' },
      { ok: true, secret: 0 },
    ],
    [{}, { ok: false, reason: 'signature-missing', hint: 'x-a or x-b or x-c' }],
  ])('%j', async (headers, verdict) => {
    expect(await tryOut(families, { headers })).toEqual(verdict);
  });

  test('numbered headers belong to their family', async () => {
    const signature = { header: 'x-signature-*', form: bare };
    const given = first(hmacScheme(bare, { signature }), token('x-c'));
    expect(await tryOut(given, { headers: { 'x-signature-2': hmacOf('other'), 'x-c': 'secret' } })).toEqual({
      ok: false,
      reason: 'signature-mismatch',
    });
  });
});

const timed: HmacScheme = hmacScheme(bare, {
  signed: '{header.x-id}.{timestamp}.{body}',
  timestamp: { from: { header: 'x-time' }, unit: 'seconds', toleranceSeconds: 300 },
});
const inPairs: HmacScheme = {
  ...timed,
  timestamp: { from: { pair: 't' }, unit: 'seconds', toleranceSeconds: 1 },
};

test.each<[string, Verification, readonly string[]]>([
  ['HMAC', timed, ['x-signature', 'x-time', 'x-id']],
  ['HMAC, the time elsewhere', inPairs, ['x-signature', 'x-id']],
  ['HMAC without a time', hmacScheme(bare), ['x-signature']],
  ['hash', { ...hmacScheme(bare), kind: 'hash', signed: '{secret}{header.x-id}' }, ['x-signature', 'x-id']],
  ['Ed25519', { ...timed, kind: 'ed25519' }, ['x-signature', 'x-time', 'x-id']],
  ['a shared secret', token('x-token'), ['x-token']],
  ['any', any(timed, hmacScheme(bare), token('x-token')), ['x-signature', 'x-time', 'x-id', 'x-token']],
  ['first', first(token('x-a'), token('x-b'), token('x-a')), ['x-a', 'x-b']],
  ['custom with credentials', custom({ ok: true }, { credentials: ['x-key'] }), ['x-key']],
  ['custom without', custom({ ok: true }), []],
  ['unsigned', { kind: 'unsigned' }, []],
])('the headers that are read: %s', (_what, scheme, names) => {
  expect(headersOf(scheme)).toEqual(names);
});

describe('signing', () => {
  const signing = (sign: () => Readonly<Record<string, string>>) => custom({ ok: true }, { sign });
  const hex = hmacScheme(bare, { key: 'hex' });

  test.each([any, first])('the first scheme that the secret fits signs', async (several) => {
    expect(await signWith(several(hex, token('x-a'), token('x-b')), 'secret')).toEqual({ 'x-a': 'secret' });
  });

  test.each([any, first])('fails with a secret that fits none', async (several) => {
    await expect(signWith(several(hex, custom({ ok: true })), 'xyz')).rejects.toThrow(
      new TypeError('this secret does not have a form that signs for this provider'),
    );
  });

  test('an error of another kind is not passed over', async () => {
    const broken = signing(() => {
      throw new RangeError('broken');
    });
    await expect(signWith(any(broken, token('x-a')), 'secret')).rejects.toThrow(new RangeError('broken'));
  });
});
