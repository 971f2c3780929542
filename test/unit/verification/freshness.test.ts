import type { HmacScheme, TimestampRule } from '../../../functions/pack/scheme.ts';
import {
  checkFreshness,
  parseTimestamp,
  toleranceSeconds,
  writeTimestamp,
} from '../../../functions/verification/freshness.ts';
import { hmacOf, NOW, refused, tryOut } from './request.ts';

const body = '{"a":1}';

function scheme(timestamp: Partial<TimestampRule> = {}): HmacScheme {
  return {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'hex',
    key: 'utf8',
    signed: '{timestamp}.{body}',
    signature: { header: 'x-signature', form: { kind: 'bare' } },
    timestamp: { from: { header: 'x-time' }, unit: 'seconds', toleranceSeconds: 300, ...timestamp },
  };
}

const signedAt = (time: string) => ({ 'x-time': time, 'x-signature': hmacOf(`${time}.${body}`) });

describe('the window', () => {
  test.each([
    ['at its past edge', NOW - 300, true],
    ['a second before it', NOW - 301, false],
    ['at its future edge', NOW + 300, true],
    ['a second after it', NOW + 301, false],
  ])('%s', async (_what, time, ok) => {
    expect((await tryOut(scheme(), { headers: signedAt(String(time)) })).ok).toBe(ok);
  });

  test('can be narrowed and widened by the option', async () => {
    const headers = signedAt(String(NOW - 10));
    expect(await tryOut(scheme(), { headers, options: { toleranceSeconds: 9 } })).toEqual(
      refused('timestamp-stale'),
    );
    const old = signedAt(String(NOW - 1000));
    expect((await tryOut(scheme(), { headers: old, options: { toleranceSeconds: 1000 } })).ok).toBe(true);
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, '1000000', null])(
    'an option of %p never means no check',
    async (toleranceSeconds) => {
      const headers = signedAt(String(NOW - 301));
      expect(await tryOut(scheme(), { headers, options: { toleranceSeconds } })).toEqual(
        refused('timestamp-stale'),
      );
    },
  );

  test('can differ on the side of the future', async () => {
    const headers = signedAt(String(NOW + 61));
    expect(await tryOut(scheme({ futureSeconds: 60 }), { headers })).toEqual(refused('timestamp-future'));
    expect((await tryOut(scheme({ futureSeconds: 61 }), { headers })).ok).toBe(true);
    // A narrower window into the past leaves it as it is.
    expect(
      (await tryOut(scheme({ futureSeconds: 61 }), { headers, options: { toleranceSeconds: 1 } })).ok,
    ).toBe(true);
  });

  test('is as long into the future as into the past, unless the pack says otherwise', async () => {
    const headers = signedAt(String(NOW + 400));
    expect((await tryOut(scheme(), { headers, options: { toleranceSeconds: 400 } })).ok).toBe(true);
  });

  test('is told only to who knows the secret', async () => {
    const headers = { ...signedAt(String(NOW - 9999)), 'x-signature': hmacOf('other') };
    expect(await tryOut(scheme(), { headers })).toEqual(refused('signature-mismatch'));
  });
});

test.each([
  ['seconds', '1767225600', NOW],
  ['milliseconds', '1767225600999', NOW + 0.999],
  ['seconds-or-milliseconds', '1767225600', NOW],
  ['seconds-or-milliseconds', '1767225600000', NOW],
  ['rfc3339', '2026-01-01T00:00:00Z', NOW],
  ['rfc3339', '2026-01-01T01:00:00.123456789+01:00', NOW + 0.123],
] as const)('%s are read from %s', (unit, text, seconds) => {
  expect(parseTimestamp(text, unit)).toBe(seconds * 1000);
});

test.each(['', ' ', '-1', '+1', '1e9', '0x10', '1.5', '١٧٦٧', '1767225600 ', '9'.repeat(17), 'NaN'])(
  '%p is no time',
  async (time) => {
    const result = await tryOut(scheme(), { headers: signedAt(time) });
    expect(result).toEqual(refused(time === '' ? 'timestamp-missing' : 'timestamp-malformed'));
  },
);

test('a time in the wrong unit is refused', async () => {
  expect(await tryOut(scheme(), { headers: signedAt(`${NOW}000`) })).toEqual(refused('timestamp-future'));
  const milliseconds = scheme({ unit: 'milliseconds' });
  expect(await tryOut(milliseconds, { headers: signedAt(String(NOW)) })).toEqual(refused('timestamp-stale'));
});

test('two times in one header are none', async () => {
  const pairs: HmacScheme = {
    ...scheme({ from: { pair: 't' } }),
    signature: { header: 'x-signature', form: { kind: 'pairs', separator: ',', key: 'v1' } },
  };
  const right = hmacOf(`${NOW}.${body}`);
  const headers = (value: string) => ({ headers: { 'x-signature': value } });
  expect((await tryOut(pairs, headers(`t=${NOW},v1=${right}`))).ok).toBe(true);
  expect((await tryOut(pairs, headers(`v1=${right}, t=${NOW}`))).ok).toBe(true);
  expect(await tryOut(pairs, headers(`t=${NOW},t=${NOW},v1=${right}`))).toEqual(refused('timestamp-missing'));
  expect(await tryOut(pairs, headers(`v1=${right}`))).toEqual(refused('timestamp-missing'));
});

test('a time at a position', async () => {
  const positional: HmacScheme = {
    ...scheme({ from: { position: 0 }, unit: 'milliseconds' }),
    signature: { header: 'x-signature', form: { kind: 'positional', separator: ',', first: 1 } },
  };
  const time = `${NOW}000`;
  const right = hmacOf(`${time}.${body}`);
  const headers = (value: string) => ({ headers: { 'x-signature': value } });
  expect((await tryOut(positional, headers(`${time},${right}`))).ok).toBe(true);
  expect(await tryOut(positional, headers(`,${right}`))).toEqual(refused('timestamp-missing'));
  expect((await tryOut(positional, headers(`${time},${right}${time},${right}`))).ok).toBe(false);
});

describe('a time in the body', () => {
  const inBody: HmacScheme = {
    ...scheme({ from: { body: 'meta.sent' }, unit: 'milliseconds', toleranceSeconds: 60 }),
    signed: '{body}',
  };
  const sent = (text: string) => tryOut(inBody, { headers: { 'x-signature': hmacOf(text) }, body: text });

  test.each([
    [`{"meta":{"sent":${NOW}000}}`, undefined],
    [`{"meta":{"sent":"${NOW}000"}}`, undefined],
    [`{"meta":{"sent":${NOW - 60}000}}`, undefined],
    [`{"meta":{"sent":${NOW - 61}000}}`, 'timestamp-stale'],
    [`{"meta":{"sent":${NOW + 61}000}}`, 'timestamp-future'],
    ['{"meta":{}}', 'timestamp-missing'],
    ['{"meta":{"sent":null}}', 'timestamp-missing'],
    ['{"meta":{"sent":{}}}', 'timestamp-missing'],
    ['{"meta":{"sent":1.5}}', 'timestamp-malformed'],
    ['not JSON', 'timestamp-missing'],
    ['', 'timestamp-missing'],
    ['['.repeat(100_000), 'timestamp-missing'],
  ])('%.40s', async (text, reason) => {
    expect(await sent(text)).toEqual(reason ? refused(reason) : { ok: true, secret: 0 });
  });

  test('is not read before the signature holds', async () => {
    const result = await tryOut(inBody, { headers: { 'x-signature': hmacOf('other') }, body: 'not JSON' });
    expect(result).toEqual(refused('signature-mismatch'));
  });
});

test('the window is the pack’s own, unless the option is a positive number', () => {
  const rule: TimestampRule = { from: { header: 'x-time' }, unit: 'seconds', toleranceSeconds: 300 };
  expect(toleranceSeconds(rule, {})).toBe(300);
  expect(toleranceSeconds(rule, { toleranceSeconds: 0.5 })).toBe(0.5);
  for (const option of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, '60', null, true]) {
    expect(toleranceSeconds(rule, { toleranceSeconds: option })).toBe(300);
  }
});

describe('a refusal says how far off the time is', () => {
  const at = (text: string, more: Partial<TimestampRule> = {}) =>
    checkFreshness(
      text,
      { from: { header: 'x-time' }, unit: 'seconds', toleranceSeconds: 60, ...more },
      {},
      NOW * 1000 + 999,
    );

  test.each([
    [String(NOW - 60), undefined],
    [String(NOW - 61), { reason: 'timestamp-stale', hint: '61 s old, 60 s allowed' }],
    [String(NOW + 60), undefined],
    [String(NOW + 61), { reason: 'timestamp-future', hint: '61 s ahead, 60 s allowed' }],
    ['now', { reason: 'timestamp-malformed', hint: 'expected seconds' }],
  ])('%s', (text, refusal) => {
    expect(at(text)).toEqual(refusal);
  });

  test('in whole seconds, whatever the unit', () => {
    expect(at(`${NOW - 60}000`, { unit: 'milliseconds' })).toBeUndefined();
    expect(at(`${NOW - 61}999`, { unit: 'milliseconds' })).toEqual({
      reason: 'timestamp-stale',
      hint: '61 s old, 60 s allowed',
    });
    expect(at('today', { unit: 'rfc3339' })?.hint).toBe('expected rfc3339');
  });

  test('and none ahead where a pack allows none, or less', () => {
    for (const futureSeconds of [0, -5]) {
      expect(at(String(NOW), { futureSeconds })).toBeUndefined();
      expect(at(String(NOW + 1), { futureSeconds })).toEqual({
        reason: 'timestamp-future',
        hint: '1 s ahead, 0 s allowed',
      });
    }
  });
});

test.each([
  ['seconds', String(NOW)],
  ['milliseconds', `${NOW}999`],
  ['seconds-or-milliseconds', `${NOW}999`],
  ['rfc3339', '2026-01-01T00:00:00.999Z'],
] as const)('a time in %s is written so that it is read as the same', (unit, text) => {
  expect(writeTimestamp(unit, NOW * 1000 + 999)).toBe(text);
  expect(Math.floor((parseTimestamp(text, unit) ?? 0) / 1000)).toBe(NOW);
});

test.each([
  ['seconds', '1', 1000],
  ['seconds', '1234567890123456', 1_234_567_890_123_456_000],
  ['milliseconds', '1', 1],
  ['seconds-or-milliseconds', '9999999999', 9_999_999_999_000],
  ['seconds-or-milliseconds', '10000000000', 10_000_000_000],
  ['rfc3339', '0999-12-31T00:00:00Z', Date.UTC(999, 11, 31)],
  ['rfc3339', '2026-01-01', undefined],
  ['rfc3339', 'Thu, 01 Jan 2026 00:00:00 GMT', undefined],
  ['rfc3339', ' 2026-01-01T00:00:00Z', undefined],
  ['rfc3339', '+002026-01-01T00:00:00Z', undefined],
  ['rfc3339', '2026-1-01T00:00:00Z', undefined],
  ['rfc3339', '2026-01-1T00:00:00Z', undefined],
  ['rfc3339', '26-01-01T00:00:00Z', undefined],
  ['rfc3339', '2026-13-01T00:00:00Z', undefined],
  ['rfc3339', '2026-01-01Tnoon', undefined],
  ['rfc3339', '1767225600', undefined],
] as const)('%s are read from %j as %p', (unit, text, time) => {
  expect(parseTimestamp(text, unit)).toBe(time);
});
