import { klaviyoSignature as scheme } from '../../../functions/verification/klaviyo.ts';
import { credentialHeaders } from '../../../functions/verification/verify.ts';
import { judge, proven, refusal } from './custom-request.ts';
import { hmacOf } from './request.ts';

const SIGNATURE = 'klaviyo-signature';
const TIME = 'klaviyo-timestamp';
const DATE = 'Thu, 01 Jan 2026 00:00:00 GMT';
const body = '{"data":[]}';
const signed = (time: string) => ({ [SIGNATURE]: hmacOf(body + time), [TIME]: time });
const check = (headers: Readonly<Record<string, string>>, more = {}) =>
  judge(scheme, { headers, body }, more);

test.each([DATE, DATE.replace('GMT', '+0000'), '2026-01-01T00:00:00Z', '2026-01-01T01:00:00.250+01:00'])(
  '%s is a time',
  async (time) => {
    expect(await check(signed(time))).toEqual({ ok: true, secret: 0 });
  },
);

test.each([
  ['nothing', ''],
  ['seconds', '1767225600'],
  ['milliseconds', '1767225600000'],
  ['a date without a zone', 'Thu, 01 Jan 2026 00:00:00'],
  ['a date in another zone', 'Thu, 01 Jan 2026 00:00:00 +0100'],
  ['a date without its day', '01 Jan 2026 00:00:00 GMT'],
  ['a date with words before it', `on ${DATE}`],
  ['a date with words after it', `${DATE} (UTC)`],
  ['a date of no month', 'Thu, 99 Jan 2026 00:00:00 GMT'],
  ['a date of RFC 850', 'Thursday, 01-Jan-26 00:00:00 GMT'],
  ['a date in lower case', DATE.toLowerCase()],
  ['a day', '2026-01-01'],
  ['a day and a time with a blank', '2026-01-01 00:00:00Z'],
  ['a day of no month', '2026-01-99T00:00:00Z'],
  ['words before an ISO time', '(at) 2026-01-01T00:00:00Z'],
])('%s is none, though signed', async (_what, time) => {
  expect(await check(signed(time))).toEqual(refusal('timestamp-malformed', 'expected an HTTP date'));
});

test('five minutes on both sides, or as the options say', async () => {
  const headers = signed(DATE);
  expect((await check(headers, { late: 300 })).ok).toBe(true);
  expect((await check(headers, { late: -300 })).ok).toBe(true);
  expect(await check(headers, { late: 301 })).toEqual(refusal('timestamp-stale', '301 s old, 300 s allowed'));
  expect(await check(headers, { late: -301 })).toEqual(
    refusal('timestamp-future', '301 s ahead, 300 s allowed'),
  );
  expect((await check(headers, { late: 301, options: { toleranceSeconds: 600 } })).ok).toBe(true);
});

describe('refusals', () => {
  const { [SIGNATURE]: signature = '' } = signed(DATE);
  test.each<[string, Readonly<Record<string, string>>, object]>([
    ['no header', {}, refusal('signature-missing', SIGNATURE)],
    ['no signature', { [TIME]: DATE }, refusal('signature-missing', SIGNATURE)],
    ['no time', { [SIGNATURE]: signature }, refusal('timestamp-missing')],
    [
      'a signature in base64',
      { [SIGNATURE]: hmacOf(body + DATE, 'base64'), [TIME]: DATE },
      refusal('signature-malformed'),
    ],
    [
      'two signatures',
      { [SIGNATURE]: `${signature}, ${signature}`, [TIME]: DATE },
      refusal('signature-malformed'),
    ],
    [
      'a signature of the body alone',
      { [SIGNATURE]: hmacOf(body), [TIME]: DATE },
      refusal('signature-mismatch'),
    ],
    [
      'another time',
      { [SIGNATURE]: signature, [TIME]: DATE.replace('GMT', '+0000') },
      refusal('signature-mismatch'),
    ],
  ])('%s', async (_what, headers, expected) => {
    expect(await check(headers)).toEqual(expected);
  });

  test('secrets', async () => {
    expect(await check(signed(DATE), { secrets: ['new', 'secret'] })).toEqual({ ok: true, secret: 1 });
    expect(await check(signed(DATE), { secrets: [] })).toEqual(refusal('secret-missing'));
    expect(await check(signed(DATE), { secrets: [''] })).toEqual(refusal('secret-malformed'));
    // The operator is told what is wrong with the secret, whatever the request lacks.
    expect(await check({ [SIGNATURE]: signature }, { secrets: [''] })).toEqual(refusal('secret-malformed'));
  });
});

test('a sample carries both headers; both are credentials', async () => {
  const request = await proven(scheme, { body, headers: { 'x-own': '1' } });
  expect(request.headers).toEqual({ ...signed(DATE), 'x-own': '1' });
  expect(await judge(scheme, request)).toEqual({ ok: true, secret: 0 });
  expect(credentialHeaders(scheme)).toEqual([SIGNATURE, TIME]);
  await expect(proven(scheme, { body }, '')).rejects.toThrow(TypeError);
});
