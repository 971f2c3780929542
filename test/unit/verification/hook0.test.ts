import { hook0 } from '../../../functions/verification/hook0.ts';
import { judge, proven, refusal } from './custom-request.ts';
import { hmacOf, NOW } from './request.ts';

const body = '{"a":1}';
const scheme = hook0('x-hook');
const json = { 'content-type': 'application/json' };
const v0 = hmacOf(`${NOW}.${body}`);
/** Over no header at all, and over one. */
const bare = hmacOf(`${NOW}...${body}`);
const typed = hmacOf(`${NOW}.content-type.application/json.${body}`);
const missing = refusal('signature-malformed', 'a signed header is missing');

const check = (signature: string, late = 0, secrets = ['secret']) =>
  judge(scheme, { headers: { ...json, 'x-hook': signature }, body }, { late, secrets });

describe('what decides', () => {
  test.each([
    ['v0 where there is no v1', `t=${NOW},v0=${v0}`],
    ['v0 beside a key that only ends in v1', `t=${NOW},v0=${v0},nv1=${typed}`],
    ['v1 over one header', `t=${NOW},h=content-type,v1=${typed}`],
    ['v1 over no header', `t=${NOW},h=,v1=${bare}`],
    ['v1 without a list of headers', `t=${NOW},v1=${bare}`],
    ['v1 beside a wrong v0', `t=${NOW},v0=${hmacOf('other')},h=content-type,v1=${typed}`],
    ['v1 at the start', `v1=${bare},t=${NOW}`],
    ['v1 with blanks', `t=${NOW}, v1 = ${bare}`],
  ])('%s', async (_what, signature) => {
    expect(await check(signature)).toEqual({ ok: true, secret: 0 });
  });

  test('v1 over two headers, in the order in which they are named', async () => {
    const headers = { ...json, 'x-id': '7' };
    const sent = (names: string, content: string) => ({
      headers: { ...headers, 'x-hook': `t=${NOW},h=${names},v1=${hmacOf(`${NOW}.${content}.${body}`)}` },
      body,
    });
    const content = 'content-type x-id.application/json.7';
    expect(await judge(scheme, sent('content-type x-id', content))).toEqual({ ok: true, secret: 0 });
    expect(await judge(scheme, sent('x-id content-type', content))).toEqual(refusal('signature-mismatch'));
  });

  test.each([
    ['a wrong v1 beside a true v0', `t=${NOW},v0=${v0},v1=${v0}`],
    ['a wrong v1 with blanks beside a true v0', `t=${NOW},v0=${v0},  v1 =${v0}`],
    ['a wrong v1 at the start, before a true v0', `v1=${v0},t=${NOW},v0=${v0}`],
    ['v1 over a header that is not named', `t=${NOW},h=,v1=${typed}`],
    ['another time', `t=${NOW - 1},h=content-type,v1=${typed}`],
  ])('%s does not hold', async (_what, signature) => {
    expect(await check(signature)).toEqual(refusal('signature-mismatch'));
  });
});

describe('refusals', () => {
  test.each<[string, string, object]>([
    ['v1 without a value beside a true v0', `t=${NOW},v0=${v0},v1=`, refusal('signature-malformed')],
    ['two v1', `t=${NOW},v1=${bare},v1=${bare}`, refusal('signature-malformed')],
    ['neither v0 nor v1', `t=${NOW}`, refusal('signature-malformed')],
    [
      'upper-case hex and lower-case hex',
      `t=${NOW},v0=${v0.replace(/[a-f]/, 'A')}`,
      refusal('signature-malformed'),
    ],
    ['a header that is not there', `t=${NOW},h=x-event-id,v1=${typed}`, missing],
    ['one of two headers that is not there', `t=${NOW},h=content-type x-id,v1=${typed}`, missing],
    ['a header in another case', `t=${NOW},h=Content-Type,v1=${typed}`, missing],
    ['a name that every object has', `t=${NOW},h=constructor,v1=${typed}`, missing],
    ['no time beside v0', `v0=${v0}`, refusal('timestamp-missing')],
    ['no time beside v1', `h=content-type,v1=${typed}`, refusal('timestamp-missing')],
    ['two times', `t=${NOW},t=${NOW + 1},v0=${v0}`, refusal('timestamp-missing')],
  ])('%s', async (_what, signature, expected) => {
    expect(await check(signature)).toEqual(expected);
  });

  test('no signature at all', async () => {
    expect(await judge(scheme, { headers: json, body })).toEqual(refusal('signature-missing', 'x-hook'));
  });

  test('a time that is none, though signed', async () => {
    const signed = `t=now,v0=${hmacOf(`now.${body}`)}`;
    expect(await check(signed)).toEqual(refusal('timestamp-malformed', 'expected seconds'));
  });

  test.each([`t=${NOW},v0=${v0}`, `t=${NOW},h=content-type,v1=${typed}`])(
    'five minutes on both sides: %s',
    async (signature) => {
      expect((await check(signature, 300)).ok).toBe(true);
      expect((await check(signature, -300)).ok).toBe(true);
      expect(await check(signature, 301)).toEqual(refusal('timestamp-stale', '301 s old, 300 s allowed'));
      expect(await check(signature, -301)).toEqual(refusal('timestamp-future', '301 s ahead, 300 s allowed'));
    },
  );

  test.each([`t=${NOW},v0=${v0}`, `t=${NOW},h=content-type,v1=${typed}`])(
    'secrets: %s',
    async (signature) => {
      expect(await check(signature, 0, ['new', 'secret'])).toEqual({ ok: true, secret: 1 });
      expect(await check(signature, 0, [])).toEqual(refusal('secret-missing'));
      expect(await check(signature, 0, [''])).toEqual(refusal('secret-malformed'));
    },
  );
});

describe('signing', () => {
  test.each([
    ['with a content type', json, `t=${NOW},h=content-type,v1=${typed}`],
    ['without one', {}, `t=${NOW},h=,v1=${bare}`],
  ])('%s', async (_what, headers, signature) => {
    const request = await proven(scheme, { headers, body });
    expect(request.headers).toEqual({ ...headers, 'x-hook': signature });
    expect(request.body.toString()).toBe(body);
    expect(await judge(scheme, request)).toEqual({ ok: true, secret: 0 });
  });

  test('not with an empty secret', async () => {
    await expect(proven(scheme, { body }, '')).rejects.toThrow(TypeError);
  });
});
